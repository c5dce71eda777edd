package org.omniscribe.export.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.omniscribe.asr.model.ModelManifest.Tokenizer.Kind;

class TokenFileTest {
    private static final Path PIECES = Path.of("src/test/resources/pieces");

    @TempDir
    private Path folder;

    /** The .vocab files were written by spm_train beside the models. */
    @ParameterizedTest
    @CsvSource({"unigram, UNIGRAM", "bpe, BPE"})
    void readsThePiecesOfSentencePiece(String name, Kind kind) throws IOException {
        List<String> expected = Files.readAllLines(PIECES.resolve(name + ".vocab")).stream()
                .map(line -> line.split("\t")[0])
                .toList();
        TokenFile whole = TokenFile.read(PIECES.resolve(name + ".model"), expected.size(), 0);
        assertEquals(kind, whole.kind());
        // The blank stands in the place of the unknown piece.
        assertEquals(
                expected.subList(1, expected.size()),
                whole.vocabulary().tokens().subList(1, expected.size()));
        TokenFile behind = TokenFile.read(PIECES.resolve(name + ".model"), expected.size() + 1, expected.size());
        assertEquals(expected, behind.vocabulary().tokens().subList(1, expected.size() + 1));
    }

    @Test
    void readsListsAndSaysWhatDoesNotFit() throws IOException {
        Path list = Files.writeString(folder.resolve("tokens.txt"), "<pad>\t0\n \t1\na\t2\nb\t3\n");
        assertEquals(
                List.of("<blank>", "\u2581", "a", "b"),
                TokenFile.read(list, 4, 0).vocabulary().tokens());
        assertEquals(Kind.CHARACTER, TokenFile.read(list, 4, 0).kind());
        assertTrue(assertThrows(CheckpointException.class, () -> TokenFile.read(list, 9, 0))
                .getMessage()
                .contains("holds 4 tokens, but the network has 9 outputs"));
        Path twice = Files.writeString(folder.resolve("twice.txt"), "x\na\na\n");
        assertTrue(assertThrows(CheckpointException.class, () -> TokenFile.read(twice, 3, 0))
                .getMessage()
                .contains("repeats"));
        assertEquals("\u2581#2", TokenFile.numbered(4).vocabulary().token(2));
    }
}
