package org.omniscribe.asr.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;

/**
 * What a {@code tokenizer.json} of byte-level byte-pair encoding says. Everything that would change the tokens, and that
 * {@link ByteLevelTokenizer} does not do, is refused.
 *
 * @param vocabulary the number of every token, which is written in the alphabet of bytes
 * @param merges the pairs, the first learnt first
 * @param added tokens besides the vocabulary
 * @param size one more than the highest number
 */
record TokenizerJson(Map<String, Integer> vocabulary, List<Pair> merges, List<Added> added, int size) {
    /** Most bytes of a file; Whisper's have 4 MB at most. */
    static final int MAX_BYTES = 64 << 20;

    private static final int MAX_TOKENS = 1 << 20;
    private static final int MAX_TOKEN_CHARS = 4096;

    /** Fields that must have one of these values where they are there; null stands for any. */
    private static final Map<String, List<String>> MODEL = Map.ofEntries(
            Map.entry("type", List.of("\"BPE\"")),
            Map.entry("dropout", List.of("null")),
            Map.entry("unk_token", List.of("null", "\"\"", "\"<|endoftext|>\"")),
            Map.entry("continuing_subword_prefix", List.of("null", "\"\"")),
            Map.entry("end_of_word_suffix", List.of("null", "\"\"")),
            Map.entry("fuse_unk", List.of("false")),
            Map.entry("byte_fallback", List.of("false")),
            Map.entry("ignore_merges", List.of("false")),
            Map.entry("vocab", List.of()),
            Map.entry("merges", List.of()));

    private static final Map<String, List<String>> WORDS = Map.of(
            "type", List.of("\"ByteLevel\""),
            "add_prefix_space", List.of("false"),
            "trim_offsets", List.of("true", "false"),
            "use_regex", List.of("true"));

    private static final Map<String, List<String>> DECODER = Map.of(
            "type", List.of("\"ByteLevel\""),
            "add_prefix_space", List.of("true", "false"),
            "trim_offsets", List.of("true", "false"),
            "use_regex", List.of("true", "false"));

    private static final Map<String, List<String>> ADDED = Map.of(
            "id", List.of(),
            "content", List.of(),
            "single_word", List.of("false"),
            "lstrip", List.of("false"),
            "rstrip", List.of("false"),
            "normalized", List.of("true", "false"),
            "special", List.of("true", "false"));

    /** Two tokens that are merged. */
    record Pair(String left, String right) {}

    /** A token besides the vocabulary. */
    record Added(int id, String content, boolean special) {}

    /**
     * Reads a file.
     *
     * @param faults where every fault goes; the result is of use only where there is none
     * @throws IOException if it is not JSON
     */
    static TokenizerJson read(byte[] text, List<String> faults) throws IOException {
        if (text.length > MAX_BYTES) {
            faults.add("it has more than " + (MAX_BYTES >> 20) + " MB");
            return null;
        }
        Faults own = new Faults();
        JsonReader reader = JsonReader.of(text, own);
        reader.members();
        if (!own.isEmpty()) {
            faults.addAll(own.list());
            return null;
        }
        JsonNode json = reader.node();
        if (json.hasNonNull("normalizer")) {
            faults.add("it has a normalizer, and none is known here");
        }
        fixed(json.path("pre_tokenizer"), "pre_tokenizer", WORDS, faults);
        fixed(json.path("decoder"), "decoder", DECODER, faults);
        JsonNode model = json.path("model");
        fixed(model, "model", MODEL, faults);
        Map<String, Integer> vocabulary = vocabulary(model.path("vocab"), faults);
        List<Pair> merges = merges(model.path("merges"), vocabulary, faults);
        List<Added> added = added(json.path("added_tokens"), vocabulary, faults);
        int size = 0;
        for (int id : vocabulary.values()) {
            size = Math.max(size, id + 1);
        }
        for (Added token : added) {
            size = Math.max(size, token.id + 1);
        }
        return new TokenizerJson(vocabulary, merges, added, size);
    }

    private static void fixed(JsonNode object, String name, Map<String, List<String>> allowed, List<String> faults) {
        if (!object.isObject()) {
            faults.add(name + " is missing");
            return;
        }
        if (!object.has("type") && allowed.containsKey("type")) {
            faults.add(name + ".type is missing");
        }
        object.properties().forEach(field -> {
            List<String> values = allowed.get(field.getKey());
            if (values == null) {
                faults.add(name + "." + field.getKey() + " is unknown");
            } else if (!values.isEmpty() && !values.contains(field.getValue().toString())) {
                faults.add(name + "." + field.getKey() + " must be " + String.join(" or ", values) + ", not "
                        + shortened(field.getValue().toString()));
            }
        });
    }

    private static Map<String, Integer> vocabulary(JsonNode vocab, List<String> faults) {
        Map<String, Integer> tokens = new HashMap<>(2 * vocab.size());
        if (!vocab.isObject()) {
            faults.add("model.vocab is missing");
            return tokens;
        }
        Set<Integer> ids = new HashSet<>();
        vocab.properties().forEach(field -> {
            if (number(field.getValue(), "model.vocab." + shortened(field.getKey()), faults)) {
                int id = field.getValue().intValue();
                if (!ids.add(id)) {
                    faults.add("model.vocab has two tokens " + id);
                }
                if (field.getKey().length() > MAX_TOKEN_CHARS) {
                    faults.add("token " + id + " has more than " + MAX_TOKEN_CHARS + " characters");
                }
                tokens.put(field.getKey(), id);
            }
        });
        for (int b = 0; b < 256; b++) {
            if (!tokens.containsKey(String.valueOf(ByteAlphabet.character(b)))) {
                faults.add("model.vocab has no token for byte " + b);
            }
        }
        return tokens;
    }

    private static boolean number(JsonNode id, String name, List<String> faults) {
        if (!id.isInt() || id.intValue() < 0 || id.intValue() >= MAX_TOKENS) {
            faults.add(name + " must be a whole number from 0 to " + (MAX_TOKENS - 1) + ", not "
                    + shortened(id.toString()));
            return false;
        }
        return true;
    }

    private static List<Pair> merges(JsonNode list, Map<String, Integer> vocabulary, List<String> faults) {
        List<Pair> merges = new ArrayList<>(list.size());
        if (!list.isArray()) {
            faults.add("model.merges is missing");
            return merges;
        }
        Set<Pair> seen = new HashSet<>(2 * list.size());
        for (JsonNode entry : list) {
            Pair pair = pair(entry);
            if (pair == null) {
                faults.add("model.merges[" + merges.size() + "] is no pair of tokens");
                return merges;
            }
            for (String token : List.of(pair.left, pair.right, pair.left + pair.right)) {
                if (!vocabulary.containsKey(token)) {
                    faults.add(
                            "model.merges[" + merges.size() + "] has \"" + shortened(token) + "\", which is no token");
                }
            }
            if (!seen.add(pair)) {
                faults.add("model.merges[" + merges.size() + "] is there twice");
            }
            merges.add(pair);
        }
        return merges;
    }

    /** A pair is a list of two or, in older files, a text with a space between them. */
    private static Pair pair(JsonNode entry) {
        if (entry.isArray()
                && entry.size() == 2
                && entry.get(0).isTextual()
                && entry.get(1).isTextual()) {
            return new Pair(entry.get(0).textValue(), entry.get(1).textValue());
        }
        String[] parts = entry.isTextual() ? entry.textValue().split(" ", -1) : new String[0];
        return parts.length == 2 ? new Pair(parts[0], parts[1]) : null;
    }

    private static List<Added> added(JsonNode list, Map<String, Integer> vocabulary, List<String> faults) {
        List<Added> added = new ArrayList<>();
        if (!list.isArray() && !list.isMissingNode() && !list.isNull()) {
            faults.add("added_tokens must be a list");
            return added;
        }
        Map<Integer, String> names = new HashMap<>();
        vocabulary.forEach((token, id) -> names.put(id, token));
        Set<String> contents = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode entry = list.get(i);
            String name = "added_tokens[" + i + "]";
            int before = faults.size();
            fixed(entry, name, ADDED, faults);
            String content = entry.path("content").asText("");
            if (content.isEmpty() || content.length() > MAX_TOKEN_CHARS || !contents.add(content)) {
                faults.add(name + ".content \"" + shortened(content) + "\" is empty, too long or there twice");
            }
            if (number(entry.path("id"), name + ".id", faults) && faults.size() == before) {
                int id = entry.get("id").intValue();
                String holder = names.putIfAbsent(id, content);
                if (holder != null && !holder.equals(content)) {
                    faults.add(name + ".id " + id + " is that of \"" + shortened(holder) + "\" too");
                }
                added.add(new Added(id, content, entry.path("special").asBoolean(false)));
            }
        }
        return added;
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}
