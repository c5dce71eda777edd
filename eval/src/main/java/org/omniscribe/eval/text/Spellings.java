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
    private static final String RESOURCE = "spellings.tsv";
    private static final Map<String, String> BRITISH = read();

    /** British words of the table that OpenAI's has not, mostly words that both sides of the ocean write alike. */
    private static final List<String> NOT_WHISPER = List.of(
            "archaeological",
            "battleaxe",
            "buses",
            "busing",
            "cancellation",
            "cancellations",
            "crenellated",
            "featurisation",
            "featurise",
            "featurised",
            "gases",
            "gauge",
            "gauged",
            "gauges",
            "gauging",
            "glamour",
            "initialisation",
            "initialisations",
            "minibuses",
            "optimisation",
            "optimisations",
            "parametrisation",
            "parametrisations",
            "parametrise",
            "travelogue",
            "travelogues");

    private Spellings() {}

    /**
     * The table that OpenAI's normaliser behaves by, its oddities included: some pairs go from American to British, and
     * a scrap of markup hangs on "archeology".
     */
    static Map<String, String> whisper() {
        Map<String, String> table = new HashMap<>(BRITISH);
        NOT_WHISPER.forEach(table::remove);
        put(table, "archaeology archeology</span> archeological archaeological battleax battleaxe busses buses");
        put(table, "bussing busing cancelation cancellation cancelations cancellations cheque check cheques checks");
        put(table, "crenelated crenellated cypher cipher cyphers ciphers draughts drafts gaol jail gasses gases");
        put(table, "gage gauge gaged gauged gages gauges gaging gauging glamor glamour minibusses minibuses");
        put(table, "storey story storeys stories travelog travelogue travelogs travelogues mhm hmm mmm hmm");
        return Map.copyOf(table);
    }

    /** The table that the leaderboard's normaliser behaves by: OpenAI's with corrections and three words more. */
    static Map<String, String> openAsr() {
        Map<String, String> table = new HashMap<>(whisper());
        List.of("archeological", "cancelation", "cancelations", "travelog", "travelogs")
                .forEach(table::remove);
        put(table, "archaeology archeology archaeological archeological cancellation cancelation");
        put(table, "cancellations cancelations flyer flier pummelled pummeled pummelling pummeling");
        put(table, "snowploughs snowplows travelogue travelog travelogues travelogs");
        put(table, "ok okay kay okay etcetera etc mm hmm");
        return Map.copyOf(table);
    }

    private static void put(Map<String, String> table, String pairs) {
        String[] words = pairs.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            table.put(words[i], words[i + 1]);
        }
    }

    private static Map<String, String> read() {
        try (InputStream in = Spellings.class.getResourceAsStream(RESOURCE)) {
            Map<String, String> table = new HashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .forEach(pair -> table.put(pair[0], pair[1]));
            return Map.copyOf(table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
