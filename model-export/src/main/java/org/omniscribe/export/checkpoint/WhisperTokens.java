package org.omniscribe.export.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;

/**
 * The tokens of a Whisper model with a meaning of their own, from its {@code tokenizer.json} (the format of Hugging Face's
 * tokenizers); -1 stands for a token that the model has not.
 *
 * @param start {@code <|startoftranscript|>}
 * @param end {@code <|endoftext|>}
 * @param languages id by code of the language; empty for a model of English alone, which is not told the language
 * @param transcribe {@code <|transcribe|>}; -1 for a model of English alone
 * @param translate {@code <|translate|>}; -1 for a model of English alone
 * @param noSpeech {@code <|nospeech|>}, once called {@code <|nocaptions|>}
 * @param noTimestamps {@code <|notimestamps|>}
 * @param previous {@code <|startofprev|>}
 * @param firstTimestamp {@code <|0.00|>}; all ids from here on are times in steps of 20 ms
 * @param nonSpeech tokens that write what nobody says, and special ones, none of which belongs into a transcript
 * @param space the token of a lone space
 */
public record WhisperTokens(
        int start,
        int end,
        SortedMap<String, Integer> languages,
        int transcribe,
        int translate,
        int noSpeech,
        int noTimestamps,
        int previous,
        int firstTimestamp,
        List<Integer> nonSpeech,
        int space) {
    private static final long MAX_BYTES = 64 << 20;
    /** Vocabulary of the models of English alone. */
    static final int ENGLISH_VOCABULARY = 51864;

    private static final Pattern LANGUAGE = Pattern.compile("<\\|([a-z]{2,3})\\|>");

    /** What {@code Tokenizer.non_speech_tokens} of openai/whisper lists: symbols, and those of music. */
    private static final String SYMBOLS =
            "\" # ( ) * + / : ; < = > @ [ \\ ] ^ _ ` { | } ~ \u300c \u300d \u300e \u300f << >> <<< >>> --"
                    + " --- -( -[ (' (\" (( )) ((( ))) [[ ]] {{ }} \u266a\u266a \u266a\u266a\u266a";

    private static final String MUSIC = "\u2669 \u266a \u266b \u266c \u266d \u266e \u266f";

    /**
     * Reads the tokens of a model.
     *
     * @param file {@code tokenizer.json}
     * @param vocabulary tokens that the model has
     * @throws CheckpointException if the file cannot be read, is no such file, or has not the tokens of the model; all
     *     faults at once
     */
    public static WhisperTokens read(Path file, int vocabulary) {
        JsonNode json;
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new CheckpointException(file + ": is too long for a tokenizer");
            }
            Faults faults = new Faults();
            json = JsonReader.of(Files.readAllBytes(file), faults).node();
            faults.orThrow(all -> new CheckpointException(file + ": is no tokenizer: " + all + ". Fetch it again"));
        } catch (IOException e) {
            throw new CheckpointException(file + ": cannot be read (" + FailureText.reason(e) + "); check the path", e);
        }
        return new Reader(file, vocabulary, json).tokens();
    }

    /** The work of reading one file. */
    private static final class Reader {
        private final Path file;
        private final int vocabulary;
        private final Map<String, Integer> special = new LinkedHashMap<>();
        private final Map<String, Integer> pieces = new LinkedHashMap<>();
        private final List<String> faults = new ArrayList<>();

        Reader(Path file, int vocabulary, JsonNode json) {
            this.file = file;
            this.vocabulary = vocabulary;
            JsonNode model = json.path("model");
            if (!model.path("type").asText().equals("BPE")
                    || !model.path("vocab").isObject()) {
                faults.add("it describes no byte pair encoding");
            }
            model.path("vocab").properties().forEach(entry -> put(pieces, entry.getKey(), entry.getValue()));
            json.path("added_tokens")
                    .forEach(token -> put(special, token.path("content").asText(), token.path("id")));
        }

        private void put(Map<String, Integer> tokens, String text, JsonNode id) {
            if (!id.isInt() || id.intValue() < 0 || id.intValue() >= vocabulary) {
                if (faults.size() < 20) {
                    faults.add("\"" + text + "\" has the id " + id + ", which the model of " + vocabulary
                            + " tokens has not");
                }
                return;
            }
            tokens.put(text, id.intValue());
        }

        WhisperTokens tokens() {
            boolean english = vocabulary == ENGLISH_VOCABULARY;
            SortedMap<String, Integer> languages = new TreeMap<>();
            special.forEach((text, id) -> {
                Matcher language = LANGUAGE.matcher(text);
                if (language.matches() && !english) {
                    languages.put(language.group(1), id);
                }
            });
            int start = need("<|startoftranscript|>");
            int end = need("<|endoftext|>");
            int transcribe = need("<|transcribe|>");
            int translate = need("<|translate|>");
            int previous = need("<|startofprev|>");
            int noTimestamps = need("<|notimestamps|>");
            int noSpeech = special.containsKey("<|nocaptions|>") ? need("<|nocaptions|>") : need("<|nospeech|>");
            int firstTimestamp = special.getOrDefault("<|0.00|>", noTimestamps + 1);
            if (firstTimestamp >= vocabulary) {
                faults.add("the model of " + vocabulary + " tokens has none for times behind " + noTimestamps);
            }
            if (!english && languages.isEmpty()) {
                faults.add("it has no token of a language");
            }
            List<Integer> nonSpeech = faults.isEmpty() ? nonSpeech() : List.of();
            if (!faults.isEmpty()) {
                throw new CheckpointException(file + ": is no tokenizer of this model: " + String.join("; ", faults)
                        + ". Take the tokenizer.json that belongs to the checkpoint");
            }
            return new WhisperTokens(
                    start,
                    end,
                    languages,
                    english ? -1 : transcribe,
                    english ? -1 : translate,
                    noSpeech,
                    noTimestamps,
                    previous,
                    firstTimestamp,
                    nonSpeech,
                    pieces.getOrDefault("\u0120", -1));
        }

        private int need(String text) {
            Integer id = special.get(text);
            if (id == null) {
                faults.add("it has no token " + text);
                return -1;
            }
            return id;
        }

        private List<Integer> nonSpeech() {
            TreeSet<Integer> ids = new TreeSet<>();
            for (String symbol : List.of(" -", " '")) {
                ids.add(first(bytes(symbol)));
            }
            for (String symbol : (SYMBOLS + " " + MUSIC).split(" ")) {
                for (String text : List.of(symbol, " " + symbol)) {
                    String bytes = bytes(text);
                    if (pieces.containsKey(bytes)) {
                        ids.add(pieces.get(bytes));
                    } else if (MUSIC.contains(symbol)) {
                        ids.add(first(bytes));
                    }
                }
            }
            for (String name : List.of(
                    "<|startoftranscript|>", "<|transcribe|>", "<|translate|>", "<|startofprev|>", "<|startoflm|>")) {
                ids.add(special.getOrDefault(name, -1));
            }
            ids.add(special.getOrDefault("<|nocaptions|>", special.getOrDefault("<|nospeech|>", -1)));
            ids.remove(-1);
            return List.copyOf(ids);
        }

        /** The longest piece that a text begins with. */
        private int first(String bytes) {
            for (int length = bytes.length(); length > 0; length--) {
                Integer id = pieces.get(bytes.substring(0, length));
                if (id != null) {
                    return id;
                }
            }
            return -1;
        }

        /** A text as pieces write it: every byte as a visible character (GPT-2's {@code bytes_to_unicode}). */
        private static String bytes(String text) {
            StringBuilder visible = new StringBuilder();
            for (byte b : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                visible.append(visible(b & 0xff));
            }
            return visible.toString();
        }

        private static char visible(int b) {
            if (b > 0x20 && b < 0x7f || b > 0xa0 && b != 0xad) {
                return (char) b;
            }
            int before = b <= 0x20 ? b : b < 0xa1 ? b - 0x7f + 0x21 : 0x21 + 0x22;
            return (char) (0x100 + before);
        }
    }
}
