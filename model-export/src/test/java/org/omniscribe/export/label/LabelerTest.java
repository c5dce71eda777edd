package org.omniscribe.export.label;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.omniscribe.asr.transcript.Word;

class LabelerTest {
    @TempDir
    Path folder;

    private static List<Word> words(double... times) {
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < times.length; i += 2) {
            words.add(new Word("w" + i / 2, times[i], times[i + 1], 0.5 + 0.1 * (i / 2 % 2)));
        }
        return words;
    }

    @Test
    void stretchesEndAtPausesAndReachHalfWayToTheNextAtMost() {
        List<Candidate> cut = Labeler.candidates(words(0.1, 0.5, 0.6, 1.0, 1.9, 2.4, 3.3, 3.9), 10, 15);
        assertEquals(
                List.of("w0 w1", "w2", "w3"), cut.stream().map(Candidate::text).toList());
        assertEquals(0, cut.get(0).start(), 1e-9, "the recording begins here");
        assertEquals(1.25, cut.get(0).end(), 1e-9);
        assertEquals(1.65, cut.get(1).start(), 1e-9);
        assertEquals(0.8 / 1.25, cut.get(0).speech(), 1e-9);
        assertEquals(0.55, cut.get(0).confidence(), 1e-9);
        assertEquals(4.15, cut.get(2).end(), 1e-9);
    }

    @Test
    void whatIsTooLongIsCutAtItsLongestSilence() {
        List<Candidate> cut = Labeler.candidates(words(0, 1, 1.1, 2, 2.5, 3.5, 3.6, 4.9), 5, 3);
        assertEquals(
                List.of("w0 w1", "w2 w3"), cut.stream().map(Candidate::text).toList());
        assertTrue(cut.stream().allMatch(c -> c.seconds() <= 3 + 1e-9), cut.toString());
        assertTrue(cut.get(0).end() <= cut.get(1).start() + 1e-9, "no sound is in two of them");
        assertEquals(List.of(), Labeler.candidates(List.of(), 5, 3));
    }

    @ParameterizedTest
    @CsvSource({
        "the cat sat, the cat sat, 1",
        "the cat sat, The cat sat., 1",
        "the cat sat, the bat sat, 0.6667",
        "the cat sat, the cat sat down here, 0.6",
        "the cat sat down here, the cat sat, 0.6",
        "a b, '', 0"
    })
    void agreementIsTheShareOfCommonWordsOfTheLongerText(String one, String other, double agreement) {
        assertEquals(agreement, Labeler.agreement(one, other), 1e-4);
        assertEquals(agreement, Labeler.agreement(other, one), 1e-4);
    }

    private static LabelledRecording recording(String audio, String sound, Candidate... candidates) {
        return new LabelledRecording(audio, sound, 60, List.of(candidates));
    }

    private static Candidate candidate(double start, double end, String text, double confidence, Double agreement) {
        return new Candidate(start, end, text, confidence, 0.7, agreement);
    }

    @Test
    void eachRuleDropsWhatItIsFor() {
        Selection.Rules rules = new Selection.Rules(1, 15, 0.9, 0.5, 0.8, 2);
        Selection selection = Selection.of(
                List.of(
                        recording(
                                "a.wav",
                                "1",
                                candidate(0, 2, "good", 0.95, 0.9),
                                candidate(2, 2.5, "short", 0.95, 1.0),
                                candidate(3, 20, "long", 0.95, 1.0),
                                candidate(20, 22, "room 7", 0.95, 1.0),
                                candidate(22, 24, "unsure", 0.89, 1.0),
                                new Candidate(24, 26, "music", 0.95, 0.4, 1.0),
                                candidate(26, 28, "disputed", 0.95, 0.7)),
                        recording("copy of a.flac", "1", candidate(0, 2, "good", 0.95, 0.9)),
                        recording(
                                "b.wav",
                                "2",
                                candidate(0, 2, "Good.", 0.95, null),
                                candidate(2, 4, "good", 0.95, null))),
                rules);
        assertEquals(
                List.of("a.wav good", "b.wav Good."),
                selection.kept().stream()
                        .map(k -> k.recording().audio() + " " + k.candidate().text())
                        .toList());
        assertEquals(
                Map.of(
                        Selection.Reason.TOO_SHORT, 1,
                        Selection.Reason.TOO_LONG, 1,
                        Selection.Reason.UNSPEAKABLE, 1,
                        Selection.Reason.UNSURE, 1,
                        Selection.Reason.LITTLE_SPEECH, 1,
                        Selection.Reason.DISPUTED, 1,
                        Selection.Reason.REPEATED, 1),
                selection.dropped());
        assertEquals(List.of("copy of a.flac"), selection.twice());
        assertEquals(4, selection.keptSeconds(), 1e-9);
        assertEquals(120, selection.seconds(), 1e-9);
    }

    @Test
    void rulesThatMakeNoSenseAreToldAtOnce() {
        String message = assertThrows(IllegalArgumentException.class, () -> new Selection.Rules(5, 1, 2, -1, 0.5, 0))
                .getMessage();
        assertTrue(
                message.contains("lengths")
                        && message.contains("confidence")
                        && message.contains("speech")
                        && message.contains("at least once"),
                message);
        assertThrows(IllegalArgumentException.class, () -> new Candidate(2, 1, " ", 3, 0.5, null));
    }

    @Test
    void labelsOutliveAKillAndOnlyWholeLinesCount() throws IOException {
        Path sound = Files.writeString(folder.resolve("a.wav"), "sound");
        Path file = folder.resolve("x/out.labels");
        LabelledRecording labelled =
                new LabelledRecording(sound.toString(), "1", 3, List.of(candidate(0, 2, "good", 0.95, null)));
        try (LabelFile labels = LabelFile.open(file, "s")) {
            assertEquals(Optional.empty(), labels.get(sound));
            labels.add(labelled);
            assertThrows(LabelException.class, () -> LabelFile.open(file, "s"), "it is in use");
        }
        Files.writeString(file, "{\"stamp\": \"cut of", StandardOpenOption.APPEND);
        try (LabelFile labels = LabelFile.open(file, "s")) {
            assertEquals(Optional.of(labelled), labels.get(sound));
            labels.add(new LabelledRecording(file.toString(), "2", 1, List.of()));
        }
        assertEquals(3, Files.readAllLines(file).size());
        Files.writeString(sound, "another sound");
        try (LabelFile labels = LabelFile.open(file, "s")) {
            assertEquals(Optional.empty(), labels.get(sound), "the recording has changed");
        }
        assertThrows(LabelException.class, () -> LabelFile.open(file, "other settings"));
        Path other = Files.writeString(folder.resolve("b.labels"), "something else\n");
        assertThrows(LabelException.class, () -> LabelFile.open(other, "s"));
        assertEquals("something else\n", Files.readString(other), "it is left alone");
    }
}
