package org.omniscribe.asr.model;

import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Where the files of a bundle are. Only plain file names are ever asked for, and nothing is unpacked to disk, so no name
 * in an archive can lead anywhere.
 */
sealed interface BundleFiles {
    boolean has(String name);

    /** Opens a file; the caller closes it. */
    InputStream open(String name) throws IOException;

    /** The file on disk, where it is one of its own. */
    Optional<Path> path(String name);

    /** The whole of a file in memory. */
    default byte[] bytes(String name) throws IOException {
        try (InputStream in = open(name)) {
            return in.readAllBytes();
        }
    }

    /** A folder. */
    record Folder(Path folder) implements BundleFiles {
        @Override
        public boolean has(String name) {
            return Files.isRegularFile(folder.resolve(name));
        }

        @Override
        public InputStream open(String name) throws IOException {
            return Files.newInputStream(folder.resolve(name));
        }

        @Override
        public Optional<Path> path(String name) {
            return Optional.of(folder.resolve(name));
        }
    }

    /**
     * A zip file, opened anew for each read so that nothing stays open.
     *
     * @param zip the archive
     * @param prefix the folder in it that holds the bundle, with its slash; empty for none
     */
    record Zip(Path zip, String prefix) implements BundleFiles {
        /** Finds the bundle in an archive, at its top or in the only folder at its top that has a manifest. */
        static Zip find(Path zip) throws IOException {
            try (ZipFile file = new ZipFile(zip.toFile())) {
                List<String> manifests = file.stream()
                        .map(ZipEntry::getName)
                        .filter(name -> name.endsWith("/" + ModelBundle.MANIFEST))
                        .filter(name -> name.indexOf('/') == name.lastIndexOf('/'))
                        .toList();
                boolean nested = file.getEntry(ModelBundle.MANIFEST) == null && manifests.size() == 1;
                return new Zip(
                        zip,
                        nested ? manifests.get(0).substring(0, manifests.get(0).indexOf('/') + 1) : "");
            }
        }

        @Override
        public boolean has(String name) {
            try (ZipFile file = new ZipFile(zip.toFile())) {
                return file.getEntry(prefix + name) != null;
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public InputStream open(String name) throws IOException {
            ZipFile file = new ZipFile(zip.toFile());
            try {
                ZipEntry entry = file.getEntry(prefix + name);
                if (entry == null) {
                    throw new FileNotFoundException(name);
                }
                return new FilterInputStream(file.getInputStream(entry)) {
                    @Override
                    public void close() throws IOException {
                        file.close();
                    }
                };
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        }

        @Override
        public Optional<Path> path(String name) {
            return Optional.empty();
        }
    }

    /**
     * A folder on the class path, inside a jar.
     *
     * @param folder absolute, with a slash at both ends
     */
    record Resources(String folder) implements BundleFiles {
        @Override
        public boolean has(String name) {
            return BundleFiles.class.getResource(folder + name) != null;
        }

        @Override
        public InputStream open(String name) throws IOException {
            InputStream in = BundleFiles.class.getResourceAsStream(folder + name);
            if (in == null) {
                throw new FileNotFoundException(folder + name);
            }
            return in;
        }

        @Override
        public Optional<Path> path(String name) {
            return Optional.empty();
        }
    }
}
