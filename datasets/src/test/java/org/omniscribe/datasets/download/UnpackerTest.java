package org.omniscribe.datasets.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackerTest {
    private static final List<Unpacker.Rule> ALL = List.of(Unpacker.Rule.ALL);

    @TempDir
    Path scratch;

    private Path folder() {
        return scratch.resolve("out");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private interface Content {
        void into(TarArchiveOutputStream tar) throws IOException;
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String name, String to, byte kind) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind);
        entry.setLinkName(to);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private Path tarGz(Content content) throws IOException {
        Path archive = scratch.resolve("a.tar.gz");
        try (OutputStream out = Files.newOutputStream(archive);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            content.into(tar);
        }
        return archive;
    }

    private Path zip(String... names) throws IOException {
        Path archive = scratch.resolve("a.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(bytes("content of " + name));
            }
        }
        return archive;
    }

    private List<String> unpacked(Path archive, List<Unpacker.Rule> rules) throws InterruptedException {
        return Unpacker.unpack(archive, folder(), rules, n -> {}).stream()
                .map(f -> folder().toAbsolutePath().relativize(f).toString().replace('\\', '/'))
                .sorted()
                .toList();
    }

    private String refusal(Path archive) {
        String message = assertThrows(DownloadException.class, () -> Unpacker.unpack(archive, folder(), ALL, n -> {}))
                .getMessage();
        assertFalse(Files.exists(scratch.resolve("evil")), "nothing is written outside");
        return message;
    }

    @Test
    void rulesChooseAndPlaceEntries() throws Exception {
        Path archive = tarGz(tar -> {
            link(tar, "./corpus/", "", TarConstants.LF_DIR);
            add(tar, "./corpus/test/a.sph", bytes("A"));
            add(tar, "./corpus/test/a.stm", bytes("B"));
            add(tar, "./corpus/train/b.sph", bytes("C"));
            link(tar, "./corpus/train/c.sph", "b.sph", TarConstants.LF_SYMLINK);
        });
        List<Unpacker.Rule> rules = List.of(new Unpacker.Rule("(?:.*/)?test/([^/]+\\.(stm|sph))", "x/$2/$1"));
        assertEquals(List.of("x/sph/a.sph", "x/stm/a.stm"), unpacked(archive, rules));
        assertEquals("B", Files.readString(folder().resolve("x/stm/a.stm")));
    }

    @Test
    void zipsPlainTarsAndEmptyFilesAreRead() throws Exception {
        assertEquals(List.of("a", "b/c"), unpacked(zip("a", "b/c"), ALL));
        Path tar = scratch.resolve("a.tar");
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
            add(out, "d", bytes(""));
        }
        assertEquals(List.of("d"), unpacked(tar, ALL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../evil", "a/../../evil", "/tmp/evil", "a/..\\..\\evil", "C:\\evil", "a/b/../c", "..", "a\0b"})
    void namesThatLeadOutAreRefused(String name) throws IOException {
        Path tar = tarGz(t -> {
            add(t, "good", bytes("x"));
            TarArchiveEntry entry = new TarArchiveEntry(name, true);
            entry.setSize(1);
            t.putArchiveEntry(entry);
            t.write('x');
            t.closeArchiveEntry();
        });
        if (name.indexOf('\0') >= 0) {
            assertEquals(2, assertUnpacks(tar), "tar ends a name at its first zero");
        } else {
            assertTrue(refusal(tar).contains("leads out of the folder"), name);
        }
    }

    private int assertUnpacks(Path archive) {
        try {
            return Unpacker.unpack(archive, folder(), ALL, n -> {}).size();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "/tmp/evil", "a/../../evil"})
    void namesThatLeadOutOfZipsAreRefused(String name) throws IOException {
        assertTrue(refusal(zip("good", name)).contains("leads out of the folder"));
    }

    @ParameterizedTest
    @ValueSource(bytes = {TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_CHR, TarConstants.LF_FIFO})
    void linksAndDevicesAreRefused(byte kind) throws IOException {
        Path archive = tarGz(tar -> {
            link(tar, "way", "..", kind);
            add(tar, "way/evil", bytes("x"));
        });
        assertTrue(refusal(archive).contains("a link or device, way"));
    }

    @Test
    void bombsAreStoppedWantedOrNot() throws IOException {
        byte[] block = new byte[1 << 20];
        Path archive = tarGz(tar -> {
            TarArchiveEntry entry = new TarArchiveEntry("zeros");
            entry.setSize(64L << 20);
            tar.putArchiveEntry(entry);
            for (int i = 0; i < 64; i++) {
                tar.write(block);
            }
            tar.closeArchiveEntry();
        });
        assertTrue(refusal(archive).contains("swells to more than 30 times its size"));
        assertTrue(Files.size(folder().resolve("zeros")) < 40 << 20);
        String message = assertThrows(
                        DownloadException.class,
                        () -> Unpacker.unpack(
                                archive, scratch.resolve("other"), List.of(new Unpacker.Rule("x", "x")), n -> {}))
                .getMessage();
        assertTrue(message.contains("swells"), message);
    }

    @Test
    void damagedAndCutArchivesAreTold() throws Exception {
        Path archive = tarGz(tar -> add(
                tar,
                "a",
                new Random(1)
                        .ints(50_000)
                        .collect(ByteArrayOutputStream::new, ByteArrayOutputStream::write, (a, b) -> {})
                        .toByteArray()));
        byte[] whole = Files.readAllBytes(archive);
        Files.write(archive, Arrays.copyOf(whole, whole.length / 2));
        assertTrue(refusal(archive).contains("the archive is damaged"));
        Files.delete(folder().resolve("a"));
        byte[] bent = whole.clone();
        bent[bent.length / 2] ^= 0x55;
        Files.write(archive, bent);
        assertTrue(refusal(archive).contains("the archive is damaged"));
    }

    @Test
    void anArchiveWithoutWhatIsWantedSaysWhatItHolds() throws IOException {
        Path archive = zip("readme.txt");
        String message = assertThrows(
                        DownloadException.class,
                        () -> Unpacker.unpack(archive, folder(), List.of(new Unpacker.Rule(".*\\.wav", "$0")), n -> {}))
                .getMessage();
        assertTrue(message.contains("holds nothing of what it should, but readme.txt"), message);
    }

    @Test
    void aNameThatComesTwiceIsRefused() throws IOException {
        assertTrue(refusal(tarGz(tar -> {
                    add(tar, "a", bytes("1"));
                    add(tar, "./a", bytes("2"));
                }))
                .contains("twice"));
    }
}
