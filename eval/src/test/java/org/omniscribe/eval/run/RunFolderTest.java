package org.omniscribe.eval.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.report.Fixture;

class RunFolderTest {
    @TempDir
    private Path folder;

    private final List<String> asked = new ArrayList<>();
    private TestSet set;

    @BeforeEach
    void audio() throws IOException {
        List<Utterance> utterances = new ArrayList<>();
        for (String name : List.of("1.wav", "2.wav", "3.wav")) {
            Path audio = Files.writeString(folder.resolve(name), name);
            utterances.add(Utterance.ofFile(name, audio, 2, "s", "one"));
        }
        utterances.add(Utterance.ofFile("blank", folder.resolve("blank"), 2, "s", " "));
        set = new TestSet("a set/of mine*", utterances);
    }

    private void evaluate() throws IOException {
        asked.clear();
        Transcriber words = Fixture.transcriber(Map.of("1.wav", "one", "2.wav", "two", "3.wav", "one"));
        try (RunFolder run = RunFolder.open(folder.resolve("run"))) {
            run.save(set);
            Transcriber transcriber = utterance -> {
                asked.add(utterance.id());
                return words.transcribe(utterance);
            };
            new Evaluation(transcriber, run.system(Fixture.info("parrot"))).run(set, r -> {});
        }
    }

    private Path log() {
        return folder.resolve("run/systems/parrot.jsonl");
    }

    @Test
    void nothingIsRecognisedTwiceAndBlankTranscriptsNever() throws IOException {
        evaluate();
        assertEquals(List.of("1.wav", "2.wav", "3.wav"), asked);
        String first = Files.readString(log());
        evaluate();
        assertEquals(List.of(), asked);
        assertEquals(first, Files.readString(log()));
        try (RunFolder run = RunFolder.open(folder.resolve("run"))) {
            assertEquals(List.of(set), run.sets());
            assertEquals(Fixture.info("parrot"), run.systems().get(0).info());
        }
    }

    @Test
    void aLineThatWasCutOffIsRecognisedAgainAndTheOthersAreKept() throws IOException {
        evaluate();
        List<String> whole = Files.readAllLines(log());
        byte[] bytes = Files.readAllBytes(log());
        int last = whole.get(2).length();
        for (int lost : new int[] {1, 2, last / 2, last, last + 1}) {
            Files.write(log(), Arrays.copyOf(bytes, bytes.length - lost));
            evaluate();
            assertEquals(List.of("3.wav"), asked, lost + " bytes lost");
            List<String> lines = Files.readAllLines(log());
            assertEquals(whole.subList(0, 2), lines.subList(0, 2));
            assertEquals(3, lines.size());
        }
    }

    @Test
    void otherAudioOfTheSameNameIsRecognisedAgain() throws IOException {
        evaluate();
        Files.writeString(folder.resolve("2.wav"), "another sound");
        evaluate();
        assertEquals(List.of("2.wav"), asked);
        try (RunFolder run = RunFolder.open(folder.resolve("run"))) {
            assertEquals(3, run.systems().get(0).recognitions().size(), "the later line counts");
        }
    }

    @Test
    void aDamagedLineIsNamed() throws IOException {
        evaluate();
        List<String> lines = Files.readAllLines(log());
        Files.write(log(), List.of(lines.get(0), "{\"set\":", lines.get(2)));
        RunException e = assertThrows(RunException.class, this::evaluate);
        assertTrue(e.getMessage().contains("parrot.jsonl, line 2 is damaged"), e.getMessage());
    }

    @Test
    void aRunInUseIsRefused() throws IOException {
        try (RunFolder run = RunFolder.open(folder.resolve("run"))) {
            assertEquals(List.of(), run.systems());
            RunException e = assertThrows(RunException.class, () -> RunFolder.open(folder.resolve("run")));
            assertTrue(e.getMessage().contains("in use"), e.getMessage());
        }
        RunFolder.open(folder.resolve("run")).close();
    }

    @Test
    void anotherModelOfTheSameNameGetsItsDecoderAndANumber() throws IOException {
        SystemInfo info = Fixture.info("parrot");
        SystemInfo other = new SystemInfo(1, "Parrot", false, "bird", "beam search (beam 3)", "other", "", List.of());
        SystemInfo third = new SystemInfo(1, "Parrot", false, "bird", "beam search (beam 4)", "third", "", List.of());
        try (RunFolder run = RunFolder.open(folder.resolve("run"))) {
            assertEquals("parrot", run.system(info).info().name());
            assertEquals("Parrot, beam search", run.system(other).info().name());
            assertEquals("Parrot, beam search 2", run.system(third).info().name());
            assertEquals("parrot", run.system(info).info().name());
        }
        try (RunFolder run = RunFolder.open(folder.resolve("run"))) {
            assertEquals("Parrot, beam search", run.system(other).info().name());
            assertEquals(3, run.systems().size());
        }
    }

    @Test
    void aFaultySetIsToldWhole() {
        Utterance twice = Utterance.ofFile("u", folder, 1, "", "");
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new TestSet(" ", List.of(twice, twice)));
        assertTrue(e.getMessage().contains("needs a name"), e.getMessage());
        assertTrue(e.getMessage().contains("the id u is there twice"), e.getMessage());
    }

    @Test
    void fileNamesAreSafeAndDistinct() throws IOException {
        assertEquals("a%20set%2Fof%20mine%2A", RunFolder.fileName("a set/of mine*"));
        evaluate();
        assertTrue(Files.exists(folder.resolve("run/sets/a%20set%2Fof%20mine%2A.json")));
        assertFalse(Files.exists(folder.resolve("run/sets/a%20set%2Fof%20mine%2A.json.part")));
    }
}
