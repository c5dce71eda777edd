package org.omniscribe.asr.token;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Byte-level byte-pair encoding (Sennrich et al. 2016; Radford et al. 2019): text is divided into words with the space
 * before them, and the bytes of each are merged pair by pair, the pair that was learnt first before all others.
 *
 * <p>Read from a {@code tokenizer.json} of Hugging Face's library {@code tokenizers}, whose results it gives. Immutable and
 * thread-safe.
 */
public final class ByteLevelTokenizer {
    /** Where text is divided: the expression of GPT-2, with white space as Unicode defines it. */
    private static final Pattern PIECE = Pattern.compile("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+"
            + "| ?[^\\p{IsWhite_Space}\\p{L}\\p{N}]+|\\p{IsWhite_Space}+(?!\\P{IsWhite_Space})|\\p{IsWhite_Space}+");

    /** A file that is none may have a fault in every line. */
    private static final int MAX_FAULTS = 20;

    private final byte[][] bytes;
    private final boolean[] special;
    private final Map<String, Integer> added;
    private final Pattern addedTokens;
    private final int[] byteToken = new int[256];
    private final Map<Long, Merge> merges;

    /**
     * A merge of two tokens.
     *
     * @param rank the lower, the earlier
     * @param token what they become
     */
    private record Merge(int rank, int token) {}

    private ByteLevelTokenizer(TokenizerJson json) {
        int size = json.size();
        bytes = new byte[size][];
        special = new boolean[size];
        Map<Long, Merge> pairs = new HashMap<>(2 * json.merges().size());
        json.vocabulary().forEach((token, id) -> bytes[id] = ByteAlphabet.bytes(token));
        for (int b = 0; b < 256; b++) {
            byteToken[b] = json.vocabulary().get(String.valueOf(ByteAlphabet.character(b)));
        }
        for (int rank = 0; rank < json.merges().size(); rank++) {
            TokenizerJson.Pair pair = json.merges().get(rank);
            int left = json.vocabulary().get(pair.left());
            int right = json.vocabulary().get(pair.right());
            int merged = json.vocabulary().get(pair.left() + pair.right());
            pairs.put(key(left, right), new Merge(rank, merged));
        }
        merges = pairs;
        Map<String, Integer> more = new HashMap<>();
        for (TokenizerJson.Added token : json.added()) {
            bytes[token.id()] = ByteAlphabet.bytes(token.content());
            special[token.id()] = token.special();
            more.put(token.content(), token.id());
        }
        added = more;
        addedTokens = more.isEmpty()
                ? Pattern.compile("(?!)")
                : Pattern.compile(more.keySet().stream()
                        .sorted((a, b) -> b.length() - a.length())
                        .map(Pattern::quote)
                        .reduce((a, b) -> a + "|" + b)
                        .orElseThrow());
    }

    /**
     * Reads a {@code tokenizer.json}.
     *
     * @param json the file's bytes
     * @throws IllegalArgumentException if it is no such file, or asks for something else than byte-level byte-pair encoding; the
     *     message names every fault
     */
    public static ByteLevelTokenizer read(byte[] json) {
        List<String> faults = new ArrayList<>();
        try {
            TokenizerJson file = TokenizerJson.read(json, faults);
            if (faults.isEmpty()) {
                return new ByteLevelTokenizer(file);
            }
        } catch (IOException e) {
            faults.add("it is not JSON: " + e.getMessage());
        }
        String more = faults.size() <= MAX_FAULTS ? "" : "; and " + (faults.size() - MAX_FAULTS) + " more faults";
        List<String> named = faults.subList(0, Math.min(MAX_FAULTS, faults.size()));
        throw new IllegalArgumentException("the tokenizer cannot be used: " + String.join("; ", named) + more);
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }

    /** One more than the highest token; some in between may be free. */
    public int size() {
        return bytes.length;
    }

    /** Whether a token stands for something else than text; a number that is no token is not special. */
    public boolean special(int token) {
        return token >= 0 && token < special.length && special[token];
    }

    /** The token of a special text such as {@code <|en|>}; -1 if there is none. */
    public int added(String content) {
        return added.getOrDefault(content, -1);
    }

    /**
     * The bytes of a token, not to be changed; none for a number that is no token.
     *
     * @param token any number
     */
    public byte[] bytes(int token) {
        return token >= 0 && token < bytes.length && bytes[token] != null ? bytes[token] : new byte[0];
    }

    /**
     * The text of tokens.
     *
     * @param tokens what is no token is skipped
     * @param skipSpecial whether special tokens are skipped too
     * @return the text; bytes that are no UTF-8 become U+FFFD
     */
    public String decode(int[] tokens, boolean skipSpecial) {
        Utf8 text = new Utf8();
        for (int token : tokens) {
            if (!skipSpecial || !special(token)) {
                text.add(bytes(token));
            }
        }
        return text.finish();
    }

    /**
     * The tokens of a text in which special tokens may be written out, such as {@code <|en|>}.
     *
     * @param text any text
     */
    public int[] encodeWithSpecial(String text) {
        IntList tokens = new IntList();
        Matcher found = addedTokens.matcher(text);
        int from = 0;
        while (found.find()) {
            encode(text.substring(from, found.start()), tokens);
            tokens.add(added.get(found.group()));
            from = found.end();
        }
        encode(text.substring(from), tokens);
        return tokens.toArray();
    }

    /**
     * The tokens of a text, all of which is text: what looks like a special token is encoded letter by letter, so a user's
     * words can never steer the model.
     *
     * @param text any text
     */
    public int[] encode(String text) {
        IntList tokens = new IntList();
        encode(text, tokens);
        return tokens.toArray();
    }

    private void encode(String text, IntList tokens) {
        Matcher pieces = PIECE.matcher(text);
        while (pieces.find()) {
            merge(pieces.group().getBytes(StandardCharsets.UTF_8), tokens);
        }
    }

    /** Two tokens that stand side by side, to be merged unless one of them has been merged otherwise before. */
    private record Candidate(Merge merge, int at, int left, int right) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            int byRank = Integer.compare(merge.rank, other.merge.rank);
            return byRank != 0 ? byRank : Integer.compare(at, other.at);
        }
    }

    /** Merges the bytes of one piece in n log n steps: a list linked by positions, and a queue of what can be merged. */
    private void merge(byte[] piece, IntList tokens) {
        int n = piece.length;
        int[] token = new int[n];
        int[] next = new int[n];
        int[] previous = new int[n];
        for (int i = 0; i < n; i++) {
            token[i] = byteToken[piece[i] & 0xFF];
            next[i] = i + 1 < n ? i + 1 : -1;
            previous[i] = i - 1;
        }
        PriorityQueue<Candidate> queue = new PriorityQueue<>();
        for (int i = 0; i + 1 < n; i++) {
            offer(queue, token, i, i + 1);
        }
        for (Candidate c; (c = queue.poll()) != null; ) {
            int right = token[c.at] == c.left ? next[c.at] : -1;
            if (right < 0 || token[right] != c.right) {
                continue;
            }
            token[c.at] = c.merge.token;
            token[right] = -1;
            next[c.at] = next[right];
            if (next[right] >= 0) {
                previous[next[right]] = c.at;
                offer(queue, token, c.at, next[right]);
            }
            if (previous[c.at] >= 0) {
                offer(queue, token, previous[c.at], c.at);
            }
        }
        for (int i = 0; i >= 0 && i < n; i = next[i]) {
            tokens.add(token[i]);
        }
    }

    private void offer(PriorityQueue<Candidate> queue, int[] token, int left, int right) {
        Merge merge = merges.get(key(token[left], token[right]));
        if (merge != null) {
            queue.add(new Candidate(merge, left, token[left], token[right]));
        }
    }

    /** A list of numbers that grows. */
    private static final class IntList {
        private int[] values = new int[16];
        private int size;

        void add(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        int[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
