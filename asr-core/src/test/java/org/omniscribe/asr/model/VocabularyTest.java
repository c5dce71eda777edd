package org.omniscribe.asr.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabularyTest {
    private static final Vocabulary CHARACTERS = new Vocabulary(List.of("<blank>", "▁", "'", "a", "t"));
    private static final Vocabulary PIECES = new Vocabulary(List.of("<blank>", "▁the", "▁cat", "s", "▁", "'"));

    @TempDir
    Path folder;

    @Test
    void wordMarksBecomeSingleSpacesAndTheEndsAreTrimmed() {
        assertEquals("at a", CHARACTERS.text(new int[] {1, 3, 4, 1, 1, 3, 1}));
        assertEquals("the cat's", PIECES.text(new int[] {1, 2, 5, 3}));
        assertEquals("", CHARACTERS.text(new int[] {1, 1}));
        assertEquals("", CHARACTERS.text(new int[0]));
    }

    @Test
    void onlyTokensOfNothingButMarksAreSpaces() {
        assertArrayEquals(new int[] {1}, CHARACTERS.spaces());
        assertArrayEquals(new int[] {4}, PIECES.spaces());
        assertArrayEquals(new int[0], new Vocabulary(List.of("<blank>", "▁a")).spaces());
    }

    @Test
    void blanksSpellNothing() {
        assertEquals("tt", CHARACTERS.text(new int[] {0, 4, 0, 4, 0}));
    }

    @Test
    void writtenFileReadsBackTheSameAndUsesLineFeeds() throws IOException {
        Path file = folder.resolve("tokens.txt");
        PIECES.write(file);
        assertEquals("<blank>\n▁the\n▁cat\ns\n▁\n'\n", Files.readString(file));
        assertEquals(PIECES, Vocabulary.read(file));
    }

    @Test
    void windowsLineEndsAreRead() throws IOException {
        Path file = folder.resolve("tokens.txt");
        Files.writeString(file, "<blank>\r\n▁\r\na\r\n");
        assertEquals(List.of("<blank>", "▁", "a"), Vocabulary.read(file).tokens());
    }

    @Test
    void everyFaultOfAFileIsToldAtOnce() throws IOException {
        Path file = folder.resolve("tokens.txt");
        Files.writeString(file, "<pad>\na\n\na\nb c\n");
        String message =
                assertThrows(ModelException.class, () -> Vocabulary.read(file)).getMessage();
        assertTrue(message.startsWith(file.toString()), message);
        assertTrue(message.contains("line 1 must be <blank>, not \"<pad>\""), message);
        assertTrue(message.contains("line 3 is empty"), message);
        assertTrue(message.contains("line 4 repeats \"a\" of line 2"), message);
        assertTrue(message.contains("line 5 has white space"), message);
        assertTrue(message.contains("Export the model again"), message);
    }

    @Test
    void aFloodOfFaultsIsCutShortAndCounted() throws IOException {
        Path file = folder.resolve("tokens.txt");
        List<String> lines = new ArrayList<>(List.of("<blank>"));
        for (int i = 0; i < 100; i++) {
            lines.add("a b" + i);
        }
        Files.write(file, lines);
        String message =
                assertThrows(ModelException.class, () -> Vocabulary.read(file)).getMessage();
        assertTrue(message.contains("and 80 more"), message);
    }

    @Test
    void emptyMissingAndBinaryFilesAreModelFaults() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.txt"));
        Path binary = Files.write(folder.resolve("binary.txt"), new byte[] {'a', (byte) 0xff, '\n'});
        assertTrue(assertThrows(ModelException.class, () -> Vocabulary.read(empty))
                .getMessage()
                .contains("at least one more token"));
        assertTrue(assertThrows(ModelException.class, () -> Vocabulary.read(binary))
                .getMessage()
                .contains("not UTF-8"));
        assertTrue(assertThrows(ModelException.class, () -> Vocabulary.read(folder.resolve("none")))
                .getMessage()
                .contains("cannot read"));
    }

    @Test
    void aListInMemoryObeysTheSameRules() {
        assertThrows(IllegalArgumentException.class, () -> new Vocabulary(List.of("<blank>")));
        assertThrows(IllegalArgumentException.class, () -> new Vocabulary(List.of("a", "<blank>")));
        assertThrows(IllegalArgumentException.class, () -> new Vocabulary(List.of("<blank>", "a", "a")));
    }
}
