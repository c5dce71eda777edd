package org.omniscribe.eval.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.omniscribe.asr.transcript.Word;
import org.omniscribe.datasets.NistReferences;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.score.NistFiles;

/**
 * References and hypotheses as files of NIST's tools, so that anybody can check the figures with sclite.
 *
 * <p>{@code ref.trn} and {@code hyp.trn} hold what was compared, normalised, as {@code words (speaker-number_file)}; the
 * counts of this come out again:
 *
 * <pre>sclite -r ref.trn trn -h hyp.trn trn -i rm -s</pre>
 *
 * <p>Where a set was scored with NIST's choices, {@code -F -D} goes with it.
 *
 * <p>{@code ref.stm} and {@code hyp.ctm} hold the words as they are published and as they came, with times in the
 * recording, for tools that normalise by themselves. Texts are written as they are: sclite reads {@code ( )}, <code>{ /
 * }</code>, {@code @} and {@code ;;} as marks of its own.
 */
public final class NistExport {
    private NistExport() {}

    /**
     * Writes the files of the scored utterances.
     *
     * @param set the set
     * @param folder where to write; made if missing, files of these names are replaced
     * @throws IOException if a file cannot be written
     */
    public static void write(SetResult set, Path folder) throws IOException {
        List<String> references = new ArrayList<>();
        List<String> hypotheses = new ArrayList<>();
        List<String> segments = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (int i = 0; i < set.outcomes().size(); i++) {
            if (set.outcomes().get(i) instanceof Outcome.Scored outcome) {
                Utterance utterance = outcome.utterance();
                String id = id(utterance, i + 1);
                references.add(NistFiles.trn(new NistFiles.Utterance(id, outcome.reference())));
                hypotheses.add(NistFiles.trn(new NistFiles.Utterance(id, outcome.hypothesis())));
                segments.add(NistFiles.stm(segment(utterance, set.set().nist())));
                outcome.recognition().words().forEach(w -> words.add(NistFiles.ctm(word(utterance, w))));
            }
        }
        Files.createDirectories(folder);
        Files.write(folder.resolve("ref.trn"), references);
        Files.write(folder.resolve("hyp.trn"), hypotheses);
        Files.write(folder.resolve("ref.stm"), segments);
        Files.write(folder.resolve("hyp.ctm"), words);
    }

    /**
     * The name of an utterance in trn files. sclite takes what stands before the hyphen for the speaker, so there is only
     * one.
     *
     * @param utterance the utterance
     * @param number its place in the set, from 1
     */
    static String id(Utterance utterance, int number) {
        String speaker = utterance.speaker().replaceAll("[^A-Za-z0-9]", "");
        String file = utterance.audio().getFileName().toString().replaceAll("[^A-Za-z0-9]+", "_");
        return "%s-%05d_%s".formatted(speaker.isEmpty() ? "unknown" : speaker, number, file);
    }

    private static NistFiles.Segment segment(Utterance utterance, NistReferences nist) {
        String speaker = utterance.speaker().replaceAll("\\s+", "_");
        return new NistFiles.Segment(
                recording(utterance),
                channel(utterance),
                speaker.isEmpty() ? "unknown" : speaker,
                utterance.start(),
                utterance.end(),
                "",
                nist.texts().getOrDefault(utterance.id(), utterance.text()));
    }

    private static NistFiles.Word word(Utterance utterance, Word word) {
        return new NistFiles.Word(
                recording(utterance),
                channel(utterance),
                utterance.start() + word.start(),
                word.end() - word.start(),
                word.text(),
                word.confidence());
    }

    private static String recording(Utterance utterance) {
        String file = utterance.audio().getFileName().toString().replaceAll("\\s+", "_");
        int dot = file.lastIndexOf('.');
        return dot > 0 ? file.substring(0, dot) : file;
    }

    /** As in the references of Hub5 and of TED-LIUM: letters for the sides of a recording, 1 if it has no sides. */
    private static String channel(Utterance utterance) {
        return utterance.channel() == Utterance.ALL_CHANNELS ? "1" : Character.toString('A' + utterance.channel());
    }
}
