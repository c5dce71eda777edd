package org.omniscribe.eval.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.run.Evaluation;
import org.omniscribe.eval.run.Outcome;
import org.omniscribe.eval.run.SetResult;
import org.omniscribe.eval.run.TestSet;
import org.omniscribe.eval.run.Transcriber;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.text.Normalizers;

/** Two small sets, recognised by a transcriber that has its words from a list. */
final class Fixture {
    private Fixture() {}

    /** The report of both sets; the second holds an utterance without words and a file that is no audio. */
    static Report report(Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.wav"), "no sound");
        TestSet one = new TestSet(
                "one",
                List.of(
                        utterance("a/1.wav", "anna", "The cat, the cat SAT."),
                        utterance("a/2.wav", "ben_2", "It’s here")));
        TestSet two = new TestSet(
                "two",
                List.of(
                        utterance("b/1.wav", "", "yes"),
                        utterance("b/2.wav", "", "…"),
                        new Utterance("b/3.wav", broken, 0, 1, Utterance.ALL_CHANNELS, "", "lost")));
        Transcriber transcriber = utterance -> switch (utterance.id()) {
            case "a/1.wav" -> transcript(utterance, "the bat the sat");
            case "a/2.wav" -> transcript(utterance, "it's here");
            case "b/1.wav" -> transcript(utterance, "");
            case "b/3.wav" -> {
                AudioReader.readAll(utterance.audio());
                throw new AssertionError("read " + utterance.audio());
            }
            default -> throw new AssertionError("nobody asked for " + utterance.id());
        };
        Evaluation evaluation = new Evaluation(transcriber, Normalizers.BASIC, EditCosts.NIST);
        List<Outcome> heard = new ArrayList<>();
        List<SetResult> sets = List.of(evaluation.run(one, heard::add), evaluation.run(two, heard::add));
        if (!heard.equals(SetResult.pooled("all", sets).outcomes())) {
            throw new AssertionError("the listener heard " + heard);
        }
        return new Report("parrot", Normalizers.BASIC, EditCosts.NIST, sets);
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
        return new Transcript(
                utterance.id(), utterance.seconds(), "parrot", Segment.atPauses(words), Optional.empty(), List.of());
    }
}
