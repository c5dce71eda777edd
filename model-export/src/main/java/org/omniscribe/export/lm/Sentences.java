package org.omniscribe.export.lm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.datasets.Manifest;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.text.BasicNormalizer;

/**
 * Text for language models: the sentences of files, normalised, without those that tests are made of.
 *
 * <p>Sentences are what {@link BasicNormalizer} makes of them. Those whose letters do not say how they sound, such as
 * with digits in them, are left out.
 */
public final class Sentences {
    /** A sentence that shares this many words in a row with one to leave out is left out too. */
    private static final int SHARED_WORDS = 6;

    private static final BasicNormalizer NORMALIZER = new BasicNormalizer();

    private final Set<String> leftOut = new HashSet<>();
    private final List<String> kept = new ArrayList<>();
    private int dropped;

    /**
     * Leaves out, from now on, sentences that are the same as those of a file or share six words in a row with them.
     *
     * @throws LanguageModelException if it cannot be read
     * @throws org.omniscribe.datasets.DatasetException if it is a manifest that cannot be read
     */
    public void leaveOut(Path file) {
        for (String line : lines(file)) {
            String[] words = NORMALIZER.normalize(line).split(" ");
            leftOut.addAll(parts(words));
            leftOut.add(whole(words));
        }
    }

    /**
     * Adds the sentences of a file.
     *
     * @param file text with a sentence a line, in UTF-8, compressed if its name ends in {@code .gz}; or a manifest of
     *     speech if it ends in {@code .tsv}
     * @throws LanguageModelException if it cannot be read
     * @throws org.omniscribe.datasets.DatasetException if it is a manifest that cannot be read
     */
    public void add(Path file) {
        for (String line : lines(file)) {
            if (!NORMALIZER.spelledOut(line)) {
                continue;
            }
            String sentence = NORMALIZER.normalize(line);
            String[] words = sentence.split(" ");
            if (leftOut.contains(whole(words)) || parts(words).stream().anyMatch(leftOut::contains)) {
                dropped++;
            } else {
                kept.add(sentence);
            }
        }
    }

    /** The sentences, in the order of the files. */
    public List<String> kept() {
        return kept;
    }

    /** Number of sentences left out because of {@link #leaveOut}. */
    public int dropped() {
        return dropped;
    }

    /** Marked, so that a whole sentence is no part of another. */
    private static String whole(String[] words) {
        return "= " + String.join(" ", words);
    }

    private static List<String> parts(String[] words) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i + SHARED_WORDS <= words.length; i++) {
            parts.add(String.join(" ", List.of(words).subList(i, i + SHARED_WORDS)));
        }
        return parts;
    }

    private static List<String> lines(Path file) {
        if (file.toString().endsWith(".tsv")) {
            return Manifest.read(file).stream().map(Utterance::text).toList();
        }
        try (InputStream in = Files.newInputStream(file);
                BufferedReader reader = new BufferedReader(new InputStreamReader(
                        file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in,
                        StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException | UncheckedIOException e) {
            throw new LanguageModelException(
                    file + ": cannot be read (" + FailureText.reason(e) + "); check the path", e);
        }
    }
}
