package org.omniscribe.asr.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.model.ModelException;

class PronunciationsTest {
    @TempDir
    Path folder;

    private Pronunciations read(String text) throws IOException {
        return Pronunciations.read(Files.writeString(folder.resolve("words.dict"), text));
    }

    @Test
    void readsWhatSphinxAndCmudictWrite() throws IOException {
        Pronunciations words =
                read(";;; a comment\n# another\n\nread R EH1 D\nread(2)  R IY1 D\n'tis\tT IH Z\r\n(a) AH0\n");
        assertEquals(List.of(List.of("R", "EH", "D"), List.of("R", "IY", "D")), words.of("read"));
        assertEquals(List.of(List.of("T", "IH", "Z")), words.of("'tis"));
        assertEquals(List.of(List.of("AH")), words.of("(a)"));
        assertEquals(List.of(), words.of("write"));
    }

    @Test
    void faultyLinesAreNamed() {
        String message =
                assertThrows(ModelException.class, () -> read("a AH\nb\n\nc\n")).getMessage();
        assertTrue(message.contains("line 2: \"b\" has no phones; line 4: \"c\""), message);
        assertTrue(assertThrows(ModelException.class, () -> read("\n"))
                .getMessage()
                .contains("no word"));
        assertThrows(ModelException.class, () -> Pronunciations.read(folder.resolve("none")));
    }

    @Test
    void theCompressedFormComesBackTheSame() throws IOException {
        Pronunciations words = read("b B IY\na AH\na EY\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        words.write(bytes);
        Pronunciations again = Pronunciations.readCompressed(new ByteArrayInputStream(bytes.toByteArray()), "test");
        assertEquals(words.words(), again.words());
        assertEquals(List.of("b", "a"), List.copyOf(again.words().keySet()));
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        again.write(second);
        assertArrayEquals(bytes.toByteArray(), second.toByteArray());
        Path file = Files.write(folder.resolve("words.gz"), bytes.toByteArray());
        assertEquals(words.words(), Pronunciations.read(file).words());
    }

    @Test
    void aPartHasOnlyTheWordsAskedFor() throws IOException {
        assertEquals(
                List.of("b"),
                List.copyOf(read("a AH\nb B IY\n").of(List.of("b", "c")).words().keySet()));
    }
}
