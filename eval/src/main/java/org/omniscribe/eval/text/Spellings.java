package org.omniscribe.eval.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which word is written in which way: tables of one word to another. */
final class Spellings {
    /** British word, American word. */
    private static final List<String[]> BRITISH = read("spellings.tsv");

    /** Normaliser, word, what becomes of it, where that is something else than by the table above. */
    private static final List<String[]> CORRECTIONS = read("spelling-corrections.tsv");

    private Spellings() {}

    /**
     * The table that OpenAI's normaliser behaves by, its oddities included: some pairs go from American to British, and
     * a scrap of markup hangs on "archeology".
     */
    static Map<String, String> whisper() {
        Map<String, String> table = new HashMap<>();
        BRITISH.forEach(pair -> table.put(pair[0], pair[1]));
        return corrected(table, "whisper-en");
    }

    /** The table that the leaderboard's normaliser behaves by: OpenAI's with corrections and a few words more. */
    static Map<String, String> openAsr() {
        return corrected(whisper(), "open-asr");
    }

    private static Map<String, String> corrected(Map<String, String> table, String normalizer) {
        Map<String, String> corrected = new HashMap<>(table);
        CORRECTIONS.stream().filter(row -> row[0].equals(normalizer)).forEach(row -> corrected.put(row[1], row[2]));
        return Map.copyOf(corrected);
    }

    private static List<String[]> read(String resource) {
        try (InputStream in = Spellings.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
