package org.omniscribe.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms in which people keep prepared copies. */
class UtteranceListTest {
    private static final Path CALL = Path.of(
            "src/test/resources/org/omniscribe/datasets/corpora/corpora/hub5/LDC2002S09/hub5e_00/english/en_4156.sph");

    @TempDir
    Path folder;

    private Path call;

    @BeforeEach
    void audio() throws IOException {
        Files.createDirectories(folder.resolve("a"));
        call = Files.copy(CALL, folder.resolve("a/call.sph"));
    }

    private void write(String name, String... lines) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.write(folder.resolve(name), List.of(lines));
    }

    private DatasetException refused() {
        return assertThrows(DatasetException.class, () -> UtteranceList.read(folder));
    }

    @Test
    void jsonlHasSegmentsAndWholeFiles() throws IOException {
        write(
                "manifest.jsonl",
                "{\"audio\": \"a/call.sph\", \"start\": 0.5, \"end\": 1.25, \"channel\": 1, \"speaker\": \"s\","
                        + " \"text\": \"yes\", \"id\": \"one\"}",
                "",
                "{\"audio_filepath\": \"a/call.sph\", \"offset\": 0.25, \"duration\": 0.5, \"text\": \"no\"}",
                "{\"audio_filepath\": \"a/call.sph\"}");
        assertEquals(
                List.of(
                        new Utterance("one", call, 0.5, 1.25, 1, "s", "yes"),
                        new Utterance("a/call.sph#0.25", call, 0.25, 0.75, Utterance.ALL_CHANNELS, "", "no"),
                        Utterance.ofFile("a/call.sph", call, 2.8, "", "")),
                UtteranceList.read(folder).utterances());
    }

    @Test
    void jsonlTellsAllFaultsAtOnce() throws IOException {
        write(
                "manifest.jsonl",
                "{\"audio\": \"a/call.sph\", \"start\": 2, \"end\": 1}",
                "{\"text\": \"lost\"}",
                "[]",
                "{\"audio\":",
                "{\"audio\": \"a/call.sph\", \"start\": \"1\", \"duration\": 1, \"channel\": \"A\", \"id\": \"x\"}");
        String message = refused().getMessage();
        for (String fault : List.of(
                "6 faults",
                "line 1: a segment needs",
                "line 2: no audio",
                "line 3: it must be an object, not []",
                "line 4: it ends too early",
                "line 5: start must be a number",
                "line 5: channel must be a whole number")) {
            assertTrue(message.contains(fault), fault + " in " + message);
        }
    }

    @Test
    void kaldiSegmentsTakeChannelsFromUnpackingCommands() throws IOException {
        write(
                "data/test/wav.scp",
                "call-A /opt/kaldi/tools/sph2pipe -f wav -p -c 1 a/call.sph |",
                "call-B sph2pipe -f wav -p -c 2 a/call.sph |",
                "call-R sox " + call + " -t wav - remix 2 |",
                "call-F flac -c -d -s a/call.sph |",
                "call-P a/call.sph");
        write(
                "data/test/segments",
                "u1 call-A 0.5 1.0",
                "u2 call-B 1 2",
                "u3 call-R 0 1",
                "u4 call-F 0 1",
                "u5 call-P 0 1",
                "u6 call-A 2 2.5");
        write("data/test/text", "u1 hello there", "u2 yes", "u3", "u4 d", "u5 e");
        write("data/test/utt2spk", "u1 anna", "u2 ben");
        UtteranceList list = UtteranceList.read(folder.resolve("data/test"));
        assertEquals(
                List.of(
                        new Utterance("u1", call, 0.5, 1, 0, "anna", "hello there"),
                        new Utterance("u2", call, 1, 2, 1, "ben", "yes"),
                        new Utterance("u3", call, 0, 1, 1, "", ""),
                        new Utterance("u4", call, 0, 1, Utterance.ALL_CHANNELS, "", "d"),
                        new Utterance("u5", call, 0, 1, Utterance.ALL_CHANNELS, "", "e")),
                list.utterances());
        assertEquals(List.of("without a line in text, left out: u6"), list.warnings());
    }

    @Test
    void kaldiWithoutSegmentsHasWholeFilesAndNeverRunsCommands() throws IOException {
        write("wav.scp", "u1 a/call.sph", "u2 touch ran; cat a/call.sph |");
        write("text", "u1 hello");
        String message = refused().getMessage();
        assertTrue(message.contains("u2 is a command that is not known here"), message);
        assertTrue(Files.notExists(folder.resolve("ran")));
        write("wav.scp", "u1 a/call.sph");
        assertEquals(
                List.of(Utterance.ofFile("u1", call, 2.8, "", "hello")),
                UtteranceList.read(folder).utterances());
        write("utt2dur", "u1 2.75");
        assertEquals(2.75, UtteranceList.read(folder).utterances().get(0).end());
    }

    @ParameterizedTest
    @CsvSource({"metadata.csv", "test/metadata.csv"})
    void tablesOfCommaSeparatedValuesAreQuotedByTheStandard(String name) throws IOException {
        Path audio = folder.resolve(name).resolveSibling("b c.sph");
        Files.createDirectories(audio.getParent());
        Files.copy(CALL, audio);
        write(name, "file_name,transcription,speaker_id", "b c.sph,\"He said \"\"no\"\", twice.\",7", "");
        assertEquals(
                List.of(Utterance.ofFile("b c.sph", audio, 2.8, "7", "He said \"no\", twice.")),
                UtteranceList.read(folder).utterances());
    }

    @Test
    void tablesOfJsonLinesAreReadAndDoNotLeaveTheirFolder() throws IOException {
        write("metadata.jsonl", "{\"file_name\": \"a/call.sph\", \"text\": \"yes\"}");
        assertEquals(
                List.of(Utterance.ofFile("a/call.sph", call, 2.8, "", "yes")),
                UtteranceList.read(folder).utterances());
        write(
                "metadata.jsonl",
                "{\"file_name\": \"../call.sph\", \"text\": \"yes\"}",
                "{\"file_name\": \"a/call.sph\"}");
        String message = refused().getMessage();
        assertTrue(message.contains("row 1: \"../call.sph\" leads out of the folder"), message);
        assertTrue(message.contains("row 2: no transcription or text"), message);
    }

    @Test
    void missingAudioIsAWarningUntilNothingIsLeft() throws IOException {
        write("metadata.csv", "file_name,text", "a/call.sph,yes", "gone.wav,no");
        assertEquals(
                List.of("1 audio file is missing: " + folder.resolve("gone.wav")),
                UtteranceList.read(folder).warnings());
        write("metadata.csv", "file_name,text", "gone.wav,no");
        assertTrue(refused().getMessage().contains("no utterances"), refused().getMessage());
    }

    @Test
    void aFolderWithNothingIsRefused() {
        assertTrue(refused().getMessage().contains("manifest.tsv"), refused().getMessage());
    }
}
