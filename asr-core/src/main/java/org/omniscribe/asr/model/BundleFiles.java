package org.omniscribe.asr.model;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
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

    /** Bytes in a file. */
    long size(String name) throws IOException;

    /** Most bytes of a file that is read into the heap: texts, which have a few kilobytes. */
    int MAX_BYTES = 64 << 20;

    /** More than Deflate can ever shrink anything by. */
    int HIGHEST_RATIO = 1100;

    /** The whole of a small file; an archive of a few kilobytes can hold one that fills the memory. */
    default byte[] bytes(String name) throws IOException {
        try (InputStream in = open(name)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException(name + " has more than " + (MAX_BYTES >> 20) + " MB, which no such file needs");
            }
            return bytes;
        }
    }

    /** The whole of a large file, outside the heap, where native code takes it without a copy. */
    default ByteBuffer buffer(String name) throws IOException {
        long size = size(name);
        if (size < 0 || size > Integer.MAX_VALUE) {
            throw new IOException(name + " of " + size + " bytes is too large to be loaded from an archive; unpack it"
                    + " into a folder");
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) size);
        try (ReadableByteChannel in = Channels.newChannel(open(name))) {
            while (buffer.hasRemaining() && in.read(buffer) >= 0) {}
        }
        if (buffer.hasRemaining()) {
            throw new EOFException(name + " ends after " + buffer.position() + " of " + size + " bytes");
        }
        return buffer.flip();
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
        public long size(String name) throws IOException {
            return Files.size(folder.resolve(name));
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
        public long size(String name) throws IOException {
            try (ZipFile file = new ZipFile(zip.toFile())) {
                ZipEntry entry = file.getEntry(prefix + name);
                if (entry != null && entry.getSize() / HIGHEST_RATIO > Files.size(zip)) {
                    throw new IOException(
                            name + " claims " + entry.getSize() + " bytes, which " + zip + " cannot hold");
                }
                return entry == null ? -1 : entry.getSize();
            }
        }

        @Override
        public Optional<Path> path(String name) {
            return Optional.empty();
        }
    }

    /**
     * A folder inside a jar on the class path.
     *
     * @param manifest the {@code jar:} URL of the manifest, beside which the other files are
     */
    record Resources(URL manifest) implements BundleFiles {
        private URL url(String name) throws IOException {
            return new URL(manifest, name);
        }

        @Override
        public boolean has(String name) {
            try {
                url(name).openConnection().connect();
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public InputStream open(String name) throws IOException {
            return url(name).openStream();
        }

        @Override
        public long size(String name) throws IOException {
            return url(name).openConnection().getContentLengthLong();
        }

        @Override
        public Optional<Path> path(String name) {
            return Optional.empty();
        }
    }

    /**
     * A bundle with another file in the place of one of its own.
     *
     * @param others all the other files
     * @param name the file that is replaced
     * @param content what it holds
     */
    record Replaced(BundleFiles others, String name, byte[] content) implements BundleFiles {
        @Override
        public boolean has(String file) {
            return file.equals(name) || others.has(file);
        }

        @Override
        public InputStream open(String file) throws IOException {
            return file.equals(name) ? new ByteArrayInputStream(content) : others.open(file);
        }

        @Override
        public long size(String file) throws IOException {
            return file.equals(name) ? content.length : others.size(file);
        }

        @Override
        public Optional<Path> path(String file) {
            return file.equals(name) ? Optional.empty() : others.path(file);
        }
    }
}
