package org.omniscribe.asr.model;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Sha256;
import org.omniscribe.asr.io.TemporaryName;

/** Writes bundles beside their place and moves them there when they are whole. */
final class BundleWriter {
    /** Zip entries have no time zone; any fixed time makes archives reproducible. */
    private static final LocalDateTime ZIP_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private BundleWriter() {}

    /** Does what {@link ModelBundle#create} says, but opening the result. */
    static void write(
            Path target,
            ModelManifest manifest,
            Vocabulary vocabulary,
            ModelBundle.Content network,
            Map<String, ModelBundle.Content> others) {
        Path place = target.toAbsolutePath().normalize();
        String name = place.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean zip = name.endsWith(".omni") || name.endsWith(".zip");
        try {
            if (!zip && !mayReplace(place)) {
                throw new ModelException(
                        target + " exists and is no model bundle. Choose another folder, or delete it first.");
            }
            Files.createDirectories(place.getParent());
            Path folder = Files.createDirectory(beside(place));
            try {
                SortedMap<String, String> hashes = new TreeMap<>();
                if (vocabulary != null) {
                    hashes.put(
                            ModelBundle.TOKENS,
                            write(folder.resolve(ModelBundle.TOKENS), ModelBundle.content(vocabulary)));
                }
                for (Map.Entry<String, ModelBundle.Content> other : others.entrySet()) {
                    hashes.put(other.getKey(), write(folder.resolve(other.getKey()), other.getValue()));
                }
                hashes.put(ModelBundle.NETWORK, write(folder.resolve(ModelBundle.NETWORK), network));
                Files.write(folder.resolve(ModelBundle.MANIFEST), ManifestJson.write(manifest.withFiles(hashes)));
                ModelBundle.open(target.toString(), new BundleFiles.Folder(folder));
                if (zip) {
                    Path archive = beside(place);
                    try {
                        writeZip(folder, hashes.keySet(), archive);
                        AtomicFile.move(archive, place);
                    } finally {
                        Files.deleteIfExists(archive);
                    }
                } else {
                    replaceFolder(folder, place);
                }
            } finally {
                deleteFolder(folder);
            }
        } catch (IOException e) {
            throw new ModelException(
                    "cannot write the model bundle " + target + " (" + FailureText.reason(e)
                            + "). Check that there is room and the right" + " to write.",
                    e);
        }
    }

    private static boolean mayReplace(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return !Files.exists(folder);
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return Files.isRegularFile(folder.resolve(ModelBundle.MANIFEST))
                    || inside.findAny().isEmpty();
        }
    }

    private static Path beside(Path place) {
        return TemporaryName.hidden(place, UUID.randomUUID().toString());
    }

    private static String write(Path file, ModelBundle.Content content) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (OutputStream out =
                new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), digest)) {
            content.writeTo(out);
        }
        return Sha256.hex(digest);
    }

    /** Stored, not deflated: weights hardly shrink, and a stored entry opens at the speed of the disk. */
    private static void writeZip(Path folder, Set<String> files, Path archive) throws IOException {
        List<String> names = new ArrayList<>(List.of(ModelBundle.MANIFEST));
        names.addAll(files);
        try (ZipOutputStream out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(archive)))) {
            for (String name : names) {
                Path file = folder.resolve(name);
                CRC32 crc = new CRC32();
                byte[] buffer = new byte[1 << 16];
                try (InputStream in = Files.newInputStream(file)) {
                    for (int n; (n = in.read(buffer)) >= 0; ) {
                        crc.update(buffer, 0, n);
                    }
                }
                ZipEntry entry = new ZipEntry(name);
                entry.setTimeLocal(ZIP_TIME);
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(Files.size(file));
                entry.setCrc(crc.getValue());
                out.putNextEntry(entry);
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }

    /** No file system swaps two folders at once: the old one steps aside first, and comes back if the new one fails. */
    private static void replaceFolder(Path folder, Path place) throws IOException {
        if (!Files.exists(place)) {
            Files.move(folder, place);
            return;
        }
        Path old = beside(place);
        Files.move(place, old);
        try {
            Files.move(folder, place);
        } catch (IOException e) {
            Files.move(old, place);
            throw e;
        }
        deleteFolder(old);
    }

    private static void deleteFolder(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> inside = Files.walk(folder)) {
            for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
