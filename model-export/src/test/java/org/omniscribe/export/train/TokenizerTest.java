package org.omniscribe.export.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.omniscribe.asr.model.ModelManifest.Tokenizer.Kind;
import org.omniscribe.asr.model.Vocabulary;

class TokenizerTest {
    private static final Path PIECES = Path.of("src/test/resources/pieces");

    @Test
    void charactersAreLettersTheApostropheAndTheWordMark() {
        Tokenizer characters = Tokenizer.of("characters", PIECES::resolve);
        assertEquals(Kind.CHARACTER, characters.kind());
        assertEquals(29, characters.vocabulary().size());
        int[] ids = characters.encode("it's a zoo");
        assertEquals("it's a zoo", characters.vocabulary().text(ids));
        assertEquals(10, ids.length);
        assertThrows(IllegalArgumentException.class, () -> characters.encode("10"));
    }

    /** Golden values: spm_encode, see make_pieces.sh. */
    @ParameterizedTest
    @EnumSource(names = {"UNIGRAM", "BPE"})
    void piecesAreThoseOfSentencePiece(Kind kind) throws IOException {
        String name = kind.name().toLowerCase();
        Tokenizer pieces = Tokenizer.of(name + ".model", PIECES::resolve);
        assertEquals(kind, pieces.kind());
        Vocabulary vocabulary = pieces.vocabulary();
        assertEquals(Vocabulary.BLANK, vocabulary.token(Vocabulary.BLANK_ID));
        for (String line : Files.readAllLines(PIECES.resolve(name + ".tsv"))) {
            String[] columns = line.split("\t");
            int[] ids = pieces.encode(columns[0]);
            assertEquals(
                    columns[1], Arrays.stream(ids).mapToObj(vocabulary::token).collect(Collectors.joining(" ")));
            assertEquals(columns[0], vocabulary.text(ids));
        }
    }

    @Test
    void everyPieceButTheControlOnesIsAToken() throws IOException {
        Vocabulary vocabulary = Tokenizer.of("bpe.model", PIECES::resolve).vocabulary();
        String[] listed = Files.readAllLines(PIECES.resolve("bpe.vocab")).stream()
                .map(line -> line.split("\t")[0])
                .filter(piece -> !piece.startsWith("<"))
                .toArray(String[]::new);
        assertArrayEquals(
                listed, vocabulary.tokens().subList(1, vocabulary.size()).toArray());
    }

    @Test
    void missingOrDamagedPiecesAreAFaultOfTheRecipe(@TempDir Path folder) throws IOException {
        String message = assertThrows(RecipeException.class, () -> Tokenizer.of("none.model", folder::resolve))
                .getMessage();
        assertTrue(message.contains("none.model") && message.contains("spm_train"), message);
        Files.copy(PIECES.resolve("bpe.vocab"), folder.resolve("bpe.vocab"));
        Files.writeString(folder.resolve("bpe.model"), "nothing");
        assertThrows(RecipeException.class, () -> Tokenizer.of("bpe.model", folder::resolve));
    }
}
