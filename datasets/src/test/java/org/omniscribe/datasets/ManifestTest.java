package org.omniscribe.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
    @TempDir
    Path folder;

    @BeforeEach
    void audio() throws IOException {
        Files.createDirectories(folder.resolve("audio"));
        Files.createFile(folder.resolve("audio/a.wav"));
        Files.createFile(folder.resolve("audio/b c.flac"));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve(Manifest.FILE_NAME), text);
    }

    @Test
    void readsUtterancesInTheOrderOfTheFile() throws IOException {
        Path file = write("audio/b c.flac\t2.5\tanna\tIt’s “here”.\n\naudio/a.wav\t0.75\t\t\n");
        List<Utterance> expected = List.of(
                Utterance.ofFile("audio/b c.flac", folder.resolve("audio/b c.flac"), 2.5, "anna", "It’s “here”."),
                Utterance.ofFile("audio/a.wav", folder.resolve("audio/a.wav"), 0.75, "", ""));
        assertEquals(expected, Manifest.read(file));
        assertEquals(expected, Manifest.read(folder), "a folder stands for its manifest.tsv");
    }

    @Test
    void skipsHeaderByteOrderMarkAndCarriageReturns() throws IOException {
        Path file = write("\uFEFFaudio\tseconds\tspeaker\ttext\r\naudio/a.wav\t1\ts\thello\r\n");
        List<Utterance> utterances = Manifest.read(file);
        assertEquals(1, utterances.size());
        assertEquals("hello", utterances.get(0).text());
    }

    @Test
    void reportsAllFaultsAtOnceWithTheirLines() throws IOException {
        Path file = write("audio/a.wav\t1\ts\n"
                + "audio/a.wav\t-1\ts\thello\n"
                + "audio/gone.wav\tlong\ts\thello\n"
                + "audio/a.wav\t1\ts\thello\n"
                + "\t1\ts\thello\n"
                + "audio/b c.flac\tInfinity\ts\thello\n"
                + "audio/b c.flac\t1\ts\tnot again\n");
        DatasetException e = assertThrows(DatasetException.class, () -> Manifest.read(file));
        List<String> faults = e.faults();
        assertEquals(8, faults.size(), faults.toString());
        assertEquals("line 1: 3 columns instead of 4", faults.get(0));
        assertEquals("line 2: seconds must be a positive number, not \"-1\"", faults.get(1));
        assertEquals("line 3: audio file " + folder.resolve("audio/gone.wav") + " is missing", faults.get(2));
        assertEquals("line 3: seconds must be a positive number, not \"long\"", faults.get(3));
        assertEquals("line 4: audio/a.wav is already on line 2", faults.get(4));
        assertEquals("line 5: no audio path", faults.get(5));
        assertEquals("line 6: seconds must be a positive number, not \"Infinity\"", faults.get(6));
        assertEquals("line 7: audio/b c.flac is already on line 6", faults.get(7));
        assertTrue(e.getMessage().startsWith(file + ": 8 faults\n  line 1: "), e.getMessage());
    }

    @Test
    void shortensAnEndlessMessageButKeepsTheFaults() throws IOException {
        Path file = write("x\n".repeat(5000));
        DatasetException e = assertThrows(DatasetException.class, () -> Manifest.read(file));
        assertEquals(5000, e.faults().size());
        assertTrue(e.getMessage().contains("and 4980 more"), e.getMessage());
    }

    @Test
    void saysWhatIsWrongWithTheFileItself() throws IOException {
        Path missing = folder.resolve("no.tsv");
        assertEquals(
                List.of("does not exist"),
                assertThrows(DatasetException.class, () -> Manifest.read(missing))
                        .faults());
        Path empty = write("\n");
        assertEquals(
                List.of("no utterances"),
                assertThrows(DatasetException.class, () -> Manifest.read(empty)).faults());
        Path latin = Files.write(
                folder.resolve(Manifest.FILE_NAME), "audio/a.wav\t1\ts\tcafé".getBytes(StandardCharsets.ISO_8859_1));
        String encoding = assertThrows(DatasetException.class, () -> Manifest.read(latin))
                .faults()
                .get(0);
        assertTrue(encoding.startsWith("line 1: it is not UTF-8 text"), encoding);
        Path binary = write("audio/a.wav\t1\ts\thello\naudio/\0.wav\t1\ts\thello\n");
        String zero = assertThrows(DatasetException.class, () -> Manifest.read(binary))
                .faults()
                .get(0);
        assertTrue(zero.startsWith("line 2 has a zero byte"), zero);
    }

    @Test
    void utteranceReportsAllFaultsAtOnce() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new Utterance(" ", Path.of("a"), -1, -2, -2, "", ""))
                .getMessage();
        for (String part : List.of("id", "start", "end", "channel")) {
            assertTrue(message.contains(part + " "), message);
        }
    }
}
