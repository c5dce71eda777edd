package org.omniscribe.asr.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.omniscribe.asr.token.ByteLevelTokenizer;
import org.omniscribe.asr.token.Utf8;

/**
 * Divides a text into words at white space, so that marks stay with the word they touch; in scripts without spaces, behind
 * marks that end a clause.
 */
final class WordSplitter {
    /** Languages that are written without spaces, as Whisper's tokenizer lists them. */
    private static final Set<String> WITHOUT_SPACES = Set.of("zh", "ja", "th", "lo", "my", "yue");

    private static final String CLAUSE_ENDS = "。、，！？；：…";

    private final ByteLevelTokenizer tokenizer;

    WordSplitter(ByteLevelTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * A word.
     *
     * @param text without white space
     * @param from its first token
     * @param to one behind its last token
     * @param spokenFrom the first token with a letter or digit; {@code from} where there is none
     * @param spokenTo one behind the last token with a letter or digit; {@code to} where there is none
     */
    record Span(String text, int from, int to, int spokenFrom, int spokenTo) {}

    /** Tokens that make whole characters together. */
    private record Group(String text, int from, int to) {}

    private List<Group> groups(int[] tokens) {
        List<Group> groups = new ArrayList<>();
        Utf8 characters = new Utf8();
        int from = 0;
        for (int i = 0; i < tokens.length; i++) {
            characters.add(tokenizer.bytes(tokens[i]));
            if (characters.whole() || i + 1 == tokens.length) {
                groups.add(new Group(characters.finish(), from, i + 1));
                characters = new Utf8();
                from = i + 1;
            }
        }
        return groups;
    }

    /** Divides the text of tokens. */
    List<Span> split(int[] tokens, String language) {
        boolean spaces = !WITHOUT_SPACES.contains(language);
        List<Span> words = new ArrayList<>();
        Builder word = new Builder();
        for (Group group : groups(tokens)) {
            int at = 0;
            String text = group.text;
            while (at < text.length()) {
                int c = text.codePointAt(at);
                at += Character.charCount(c);
                if (white(c)) {
                    word.finish(words);
                } else {
                    word.add(c, group);
                    if (!spaces && CLAUSE_ENDS.indexOf(c) >= 0) {
                        word.finish(words);
                    }
                }
            }
        }
        word.finish(words);
        return words;
    }

    private static boolean white(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static final class Builder {
        private final StringBuilder text = new StringBuilder();
        private int from;
        private int to;
        private int spokenFrom = -1;
        private int spokenTo;

        void add(int c, Group group) {
            if (text.isEmpty()) {
                from = group.from;
            }
            text.appendCodePoint(c);
            to = group.to;
            if (Character.isLetterOrDigit(c)) {
                spokenFrom = spokenFrom < 0 ? group.from : spokenFrom;
                spokenTo = group.to;
            }
        }

        void finish(List<Span> words) {
            if (!text.isEmpty()) {
                boolean silent = spokenFrom < 0;
                words.add(new Span(text.toString(), from, to, silent ? from : spokenFrom, silent ? to : spokenTo));
                text.setLength(0);
                spokenFrom = -1;
            }
        }
    }
}
