package org.omniscribe.asr.attention;

import java.util.ArrayList;
import java.util.List;
import org.omniscribe.asr.model.AttentionSpec;
import org.omniscribe.asr.token.ByteLevelTokenizer;

/** Tokens that stand before a text, and those that never stand in one. */
final class Prompt {
    private final AttentionSpec spec;
    private final ByteLevelTokenizer tokenizer;

    Prompt(AttentionSpec spec, ByteLevelTokenizer tokenizer) {
        this.spec = spec;
        this.tokenizer = tokenizer;
    }

    /**
     * What comes up to and including the start: the text before the window, if any. It takes less than half of the decoder's
     * places; of the prompt the end is kept, and of the previous text as much of its end as there is room for then.
     *
     * @param prompt blank for none
     * @param previous blank for none
     */
    int[] context(String prompt, String previous) {
        List<Integer> tokens = new ArrayList<>();
        int room = spec.maxTokens() / 2 - 1;
        int[] fixed = encode(prompt);
        int[] moving = encode(previous);
        if (spec.previous() != AttentionSpec.NONE && fixed.length + moving.length > 0) {
            tokens.add(spec.previous());
            int first = Math.min(fixed.length, room);
            int second = Math.min(moving.length, room - first);
            addLast(tokens, fixed, first);
            addLast(tokens, moving, second);
        }
        tokens.add(spec.start());
        return tokens.stream().mapToInt(t -> t).toArray();
    }

    private int[] encode(String text) {
        return text.isBlank() ? new int[0] : tokenizer.encode(" " + text.strip());
    }

    private static void addLast(List<Integer> tokens, int[] from, int count) {
        for (int i = from.length - count; i < from.length; i++) {
            tokens.add(from[i]);
        }
    }

    /** What comes between the start and the text. */
    int[] task(String language, boolean translate) {
        List<Integer> tokens = new ArrayList<>();
        if (spec.multilingual()) {
            tokens.add(spec.languages().get(language));
            tokens.add(translate ? spec.translate() : spec.transcribe());
        }
        if (spec.noTimestamps() != AttentionSpec.NONE) {
            tokens.add(spec.noTimestamps());
        }
        if (tokens.isEmpty()) {
            throw new IllegalStateException("a decoder has at least one token between start and text");
        }
        return tokens.stream().mapToInt(t -> t).toArray();
    }

    /**
     * The tokens that are never written: those that the model's makers named, all special ones but the end, time tokens, and
     * numbers without text.
     *
     * @param first whether the first token is meant
     */
    boolean[] forbidden(boolean first) {
        boolean[] no = new boolean[spec.vocabulary()];
        for (int token = 0; token < no.length; token++) {
            no[token] = token != spec.end()
                    && (tokenizer.special(token)
                            || tokenizer.bytes(token).length == 0
                            || spec.firstTimestamp() != AttentionSpec.NONE && token >= spec.firstTimestamp());
        }
        spec.suppress().forEach(token -> no[token] = true);
        for (int token : new int[] {
            spec.start(), spec.transcribe(), spec.translate(), spec.noSpeech(), spec.noTimestamps(), spec.previous()
        }) {
            if (token != AttentionSpec.NONE) {
                no[token] = true;
            }
        }
        spec.languages().values().forEach(token -> no[token] = true);
        if (first) {
            spec.suppressAtStart().forEach(token -> no[token] = true);
        }
        return no;
    }
}
