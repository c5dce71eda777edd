package org.omniscribe.export.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that somebody made to do harm, and damaged ones; opcodes as in CPython's {@code pickletools}. */
class CheckpointTest {
    private static final Path CHECKPOINTS = Path.of("src/test/resources/checkpoints");

    @TempDir
    private Path folder;

    private static byte[] pickle(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private Path zip(byte[] pickle, int method, byte[] storage) throws IOException {
        Path file = folder.resolve("file.pth");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            entry(out, "archive/data.pkl", pickle, ZipEntry.STORED);
            entry(out, "archive/data/0", storage, method);
        }
        return file;
    }

    private static void entry(ZipOutputStream out, String name, byte[] bytes, int method) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(method);
        CRC32 crc = new CRC32();
        crc.update(bytes);
        entry.setCrc(crc.getValue());
        entry.setSize(bytes.length);
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
    }

    private static Checkpoint open(Path file, String... opaque) {
        return Checkpoint.open(file, Optional.empty(), Set.of(opaque));
    }

    private String refusal(byte[] pickle) throws IOException {
        Path file = zip(pickle, ZipEntry.STORED, new byte[64]);
        return assertThrows(CheckpointException.class, () -> open(file)).getMessage();
    }

    /** Each names what it would have called. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "posix.system",
                "os.system",
                "builtins.eval",
                "builtins.exec",
                "builtins.getattr",
                "builtins.__import__",
                "subprocess.Popen",
                "torch.load",
                "torch.hub.load",
                "numpy.core.multiarray._reconstruct",
                "java.lang.Runtime"
            })
    void namesThatCouldDoHarmAreRefused(String name) throws IOException {
        int dot = name.lastIndexOf('.');
        String module = name.substring(0, dot);
        String function = name.substring(dot + 1);
        Path trace = folder.resolve("pwned");
        String command = "touch " + trace;
        String argument = "X"
                + new String(
                        ByteBuffer.allocate(4)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(command.length())
                                .array(),
                        StandardCharsets.ISO_8859_1)
                + command;
        String old = "\u0080\u0002c" + module + "\n" + function + "\n" + argument + "\u0085R.";
        assertTrue(refusal(pickle(old)).contains("the pickle wants " + name), old);
        String stacked = "\u0080\u0004\u008c" + (char) module.length() + module + "\u008c" + (char) function.length()
                + function + "\u0093" + argument + "\u0085R.";
        assertTrue(refusal(pickle(stacked)).contains("the pickle wants " + name));
        String instance = "\u0080\u0002c" + module + "\n" + function + "\n)\u0081}b.";
        assertTrue(refusal(pickle(instance)).contains("the pickle wants " + name));
        assertTrue(Files.notExists(trace));
    }

    @Test
    void opcodesThatCallBySomeOtherWayAreRefused() throws IOException {
        assertTrue(refusal(pickle("\u0080\u0002(S'echo'\nios\nsystem\n.")).contains("refused"));
        assertTrue(refusal(pickle("\u0080\u0002(cos\nsystem\nS'echo'\no.")).contains("refused"));
        assertTrue(refusal(pickle("\u0080\u0002\u0082\u0001.")).contains("opcode 0x82"));
        assertTrue(refusal(pickle("\u0080\u0002P0\n.")).contains("opcode 0x50"));
        assertTrue(refusal(pickle("\u0080\u0002ccollections\nOrderedDict\n]\u0085R."))
                .contains("not made empty"));
        assertTrue(refusal(pickle("\u0080\u0000.")).contains("protocol"));
    }

    @Test
    void aBagOfSettingsIsReadOnlyWhenItsClassIsNamed() throws IOException {
        byte[] pickle = pickle("\u0080\u0002}(X\u0003\u0000\u0000\u0000cfgccompany.config\nModel\n)\u0081"
                + "}X\u0005\u0000\u0000\u0000headsK\u0010sbX\u0001\u0000\u0000\u0000w"
                + tensor("0", 0, "K\u0004\u0085", "K\u0001\u0085") + "u.");
        assertTrue(refusal(pickle).contains("--opaque company.config.Model"));
        Checkpoint checkpoint = open(zip(pickle, ZipEntry.STORED, new byte[64]), "company.config.Model");
        assertEquals("16", checkpoint.settings().get("cfg.heads"));
        assertArrayEquals(new long[] {4}, checkpoint.tensors().shapes().get("w"));
    }

    /** A call of torch._utils._rebuild_tensor_v2 on a storage of 16 floats. */
    private static String tensor(String key, int offset, String shape, String stride) {
        return "ctorch._utils\n"
                + "_rebuild_tensor_v2\n"
                + "((X\u0007\u0000\u0000\u0000storagectorch\n"
                + "FloatStorage\n"
                + "X\u0001\u0000\u0000\u0000"
                + key + "X\u0003\u0000\u0000\u0000cpuK\u0010tQK" + (char) offset + shape + stride
                + "\u0089ccollections\nOrderedDict\n)RtR";
    }

    private String tensorFault(String tensor) throws IOException {
        return refusal(pickle("\u0080\u0002}X\u0001\u0000\u0000\u0000w" + tensor + "s."));
    }

    @Test
    void tensorsCannotReachBeyondTheirStorageNorSwellUp() throws IOException {
        assertTrue(
                tensorFault(tensor("0", 13, "K\u0004\u0085", "K\u0001\u0085")).contains("does not fit its storage"));
        assertTrue(tensorFault(tensor("7", 0, "K\u0004\u0085", "K\u0001\u0085")).contains("which the file lacks"));
        assertTrue(tensorFault(tensor("0", 0, "K\u0011\u0085", "K\u0000\u0085")).contains("does not fit"));
        // 2^30 by 2^30 of one number.
        String huge = "J\u0000\u0000\u0000@J\u0000\u0000\u0000@\u0086";
        assertTrue(tensorFault(tensor("0", 0, huge, "K\u0000K\u0000\u0086")).contains("does not fit"));
        assertTrue(tensorFault(tensor("0", 0, "J\u00ff\u00ff\u00ff\u00ff\u0085", "K\u0001\u0085"))
                .contains("does not fit"));
        assertTrue(tensorFault(tensor("0", 0, "K\u0004\u0085", "K\u0001K\u0001\u0086"))
                .contains("strides"));
    }

    @Test
    void aShortPickleCannotMakeMuch() throws IOException {
        assertTrue(refusal(pickle("\u0080\u0002B\u00ff\u00ff\u00ff\u007f.")).contains("announces"));
        assertTrue(refusal(pickle("\u0080\u0004\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f."))
                .contains("announces"));
        // A list that holds itself, and lists of lists of lists, each twice in the next: 2^60 if walked through.
        assertTrue(refusal(pickle("\u0080\u0002]q\u0000h\u0000a.")).contains("no tensors"));
        StringBuilder laughs = new StringBuilder("\u0080\u0002}q\u0000");
        for (int i = 1; i < 60; i++) {
            laughs.append("}q").append((char) i);
            laughs.append("(X\u0001\u0000\u0000\u0000ah").append((char) (i - 1));
            laughs.append("X\u0001\u0000\u0000\u0000bh").append((char) (i - 1)).append("u");
        }
        assertTrue(refusal(pickle(laughs.append("N\u00860.").toString().replace("N\u00860", "")))
                .matches("(?s).*(no tensors|leaves).*"));
        // Deeper than any stack.
        assertTrue(refusal(pickle("\u0080\u0002" + "]".repeat(100_000) + "a".repeat(99_999) + "."))
                .contains("no tensors"));
        ByteArrayOutputStream copies = new ByteArrayOutputStream();
        copies.writeBytes(pickle("\u0080\u0002}("));
        for (int i = 0; i < 2000; i++) {
            copies.writeBytes(pickle("K" + (char) (i % 256) + "M" + (char) (i % 256) + (char) (i / 256)));
        }
        copies.writeBytes(pickle("uq\u0000(cargparse\nNamespace\nq\u00010"));
        copies.writeBytes(pickle("h\u0001)\u0081h\u0000b".repeat(2000) + "l."));
        assertTrue(refusal(copies.toByteArray()).contains("over and over"));
        assertTrue(refusal(new byte[(4 << 20) + 1]).contains("longer than"));
    }

    @Test
    void compressedStoragesAndOtherFilesAreRefused() throws IOException {
        byte[] pickle = pickle(
                "\u0080\u0002}X\u0001\u0000\u0000\u0000w" + tensor("0", 0, "K\u0004\u0085", "K\u0001\u0085") + "s.");
        Path file = zip(pickle, ZipEntry.DEFLATED, new byte[64]);
        assertTrue(assertThrows(CheckpointException.class, () -> open(file))
                .getMessage()
                .contains("is compressed"));
        Path page = Files.writeString(folder.resolve("page.pth"), "<!DOCTYPE html><p>Please log in");
        assertTrue(assertThrows(CheckpointException.class, () -> open(page))
                .getMessage()
                .contains("a page of a web site"));
        assertThrows(CheckpointException.class, () -> open(folder.resolve("nothing")));
    }

    /** Every cut and many changed bytes of real files: an exception of ours or a checkpoint, never anything else. */
    @ParameterizedTest
    @ValueSource(strings = {"dense.pt", "grouped.pth"})
    void damagedFilesEndInAMessage(String name) throws IOException {
        byte[] whole = Files.readAllBytes(CHECKPOINTS.resolve(name));
        Random random = new Random(1);
        for (int i = 0; i < 60; i++) {
            byte[] bytes = whole.clone();
            if (i % 3 == 0) {
                bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
            } else {
                for (int j = 0; j < 3; j++) {
                    bytes[random.nextInt(Math.min(bytes.length, 20_000))] = (byte) random.nextInt();
                }
            }
            Path file = Files.write(folder.resolve("damaged.pth"), bytes);
            try {
                Checkpoint checkpoint = open(file);
                checkpoint.tensors().shapes().keySet().forEach(checkpoint.tensors()::read);
            } catch (CheckpointException e) {
                assertTrue(e.getMessage().contains("damaged.pth"), e.getMessage());
            }
        }
    }

    @Test
    void viewsOfOtherStridesAreReadInOrder() throws IOException {
        ByteBuffer storage = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 16; i++) {
            storage.putFloat(i);
        }
        byte[] pickle = pickle("\u0080\u0002}X\u0001\u0000\u0000\u0000w"
                + tensor("0", 1, "K\u0003K\u0004\u0086", "K\u0001K\u0003\u0086") + "s.");
        Checkpoint checkpoint = open(zip(pickle, ZipEntry.STORED, storage.array()));
        assertArrayEquals(
                new float[] {1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12},
                checkpoint.tensors().read("w").data());
    }
}
