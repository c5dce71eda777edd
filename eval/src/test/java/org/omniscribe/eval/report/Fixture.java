package org.omniscribe.eval.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.run.Evaluation;
import org.omniscribe.eval.run.RunFolder;
import org.omniscribe.eval.run.Scoring;
import org.omniscribe.eval.run.SystemInfo;
import org.omniscribe.eval.run.TestSet;
import org.omniscribe.eval.run.Transcriber;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.text.Normalizers;

/** Two small sets, recognised by transcribers that have their words from a list. */
public final class Fixture {
    /** The time that reports of the fixture show. */
    static final Instant CREATED = Instant.parse("2026-01-02T03:04:05Z");

    private static final Map<String, String> PARROT =
            Map.of("a/1.wav", "the bat the sat", "a/2.wav", "it's here", "b/1.wav", "");
    private static final Map<String, String> CROW =
            Map.of("a/1.wav", "the cat the cat sat", "a/2.wav", "its hear", "b/1.wav", "yes");

    private Fixture() {}

    /** Both sets; the second holds an utterance without words and a file that is no audio. */
    public static List<TestSet> sets(Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.wav"), "no sound");
        return List.of(
                new TestSet(
                        "one",
                        List.of(
                                utterance("a/1.wav", "anna", "The cat, the cat SAT."),
                                utterance("a/2.wav", "ben_2", "It’s here"))),
                new TestSet(
                        "two",
                        false,
                        "release 2",
                        List.of(
                                utterance("b/1.wav", "", "yes"),
                                utterance("b/2.wav", "", "…"),
                                new Utterance("b/3.wav", broken, 0, 1, Utterance.ALL_CHANNELS, "", "lost")),
                        List.of("2 utterances instead of 3: 1 is missing")));
    }

    /** The report of both sets with two systems. */
    public static Report report(Path folder) throws IOException {
        List<TestSet> sets = sets(folder);
        try (RunFolder run = RunFolder.open(folder.resolve("run"))) {
            for (Map.Entry<String, Map<String, String>> system :
                    List.of(Map.entry("parrot", PARROT), Map.entry("crow", CROW))) {
                Evaluation evaluation =
                        new Evaluation(transcriber(system.getValue()), run.system(info(system.getKey())));
                for (TestSet set : sets) {
                    run.save(set);
                    evaluation.run(set, r -> {});
                }
            }
            return Report.of(
                    CREATED, new Scoring(Normalizers.BASIC, EditCosts.NIST), run.sets(), run.systems(), List.of());
        }
    }

    /** A system with two layers of two and three experts. */
    public static SystemInfo info(String name) {
        return new SystemInfo(1, name, false, "bird", "greedy", "id of " + name, "a cage", List.of(2, 3));
    }

    /** Says what a list has for an utterance, and reads the audio of those that it lacks. */
    public static Transcriber transcriber(Map<String, String> texts) {
        return utterance -> {
            if (!texts.containsKey(utterance.id())) {
                AudioReader.readAll(utterance.audio());
            }
            return new Transcriber.Heard(transcript(utterance, texts.get(utterance.id())), -20);
        };
    }

    private static Utterance utterance(String id, String speaker, String text) {
        return new Utterance(id, Path.of(id), 0, 2, Utterance.ALL_CHANNELS, speaker, text);
    }

    private static Transcript transcript(Utterance utterance, String text) {
        List<Word> words = new ArrayList<>();
        for (String word : text.split(" ")) {
            if (!word.isEmpty()) {
                words.add(new Word(word, 0.25 * words.size(), 0.25 * words.size() + 0.2, 0.5));
            }
        }
        RoutingTrace trace =
                new RoutingTrace(new int[][] {{0, 1, 1, 1}, {2, 2, 0, 0}}, new float[][] {{1, 1, 1, 1}, {1, 1, 1, 1}});
        return new Transcript(
                utterance.id(),
                utterance.seconds(),
                "bird",
                Segment.atPauses(words),
                Optional.of(new Transcript.Routing(0.04, trace)),
                List.of());
    }
}
