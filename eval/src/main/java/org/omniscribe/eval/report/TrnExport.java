package org.omniscribe.eval.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.omniscribe.eval.run.Outcome;
import org.omniscribe.eval.run.SetResult;

/**
 * References and hypotheses as NIST trn files, so that anybody can check the figures with sclite:
 *
 * <pre>sclite -r ref.trn trn -h hyp.trn trn -i rm -s</pre>
 *
 * <p>A line is the normalised text and {@code (speaker-number_file)}. Texts are written as they are: without a
 * normaliser, sclite reads {@code ( )}, <code>{ / }</code>, {@code @} and {@code ;;} as marks of its own.
 */
public final class TrnExport {
    private TrnExport() {}

    /**
     * Writes {@code ref.trn} and {@code hyp.trn} of the scored utterances.
     *
     * @param set the set
     * @param folder where to write; made if missing, files of these names are replaced
     * @throws IOException if a file cannot be written
     */
    public static void write(SetResult set, Path folder) throws IOException {
        Files.createDirectories(folder);
        StringBuilder references = new StringBuilder();
        StringBuilder hypotheses = new StringBuilder();
        List<Outcome.Scored> scored = set.scored();
        for (int i = 0; i < scored.size(); i++) {
            Outcome.Scored outcome = scored.get(i);
            String id = id(outcome, i + 1);
            references.append(outcome.reference()).append(" (").append(id).append(")\n");
            hypotheses.append(outcome.hypothesis()).append(" (").append(id).append(")\n");
        }
        Files.writeString(folder.resolve("ref.trn"), references);
        Files.writeString(folder.resolve("hyp.trn"), hypotheses);
    }

    /** sclite takes what stands before the hyphen for the speaker, so there is only one. */
    private static String id(Outcome.Scored outcome, int number) {
        String speaker = outcome.utterance().speaker().replaceAll("[^A-Za-z0-9]", "");
        String file = outcome.utterance().audio().getFileName().toString().replaceAll("[^A-Za-z0-9]+", "_");
        return "%s-%05d_%s".formatted(speaker.isEmpty() ? "unknown" : speaker, number, file);
    }
}
