package org.omniscribe.asr.attention;

import java.util.function.IntConsumer;

/**
 * Keeps a text that is being written from going round in circles: a token that would complete yet another copy of the tokens
 * before it may not be written. Two or three copies are left alone, as people do repeat themselves.
 */
final class LoopGuard {
    /** The longest phrase whose repetition is seen, in tokens. */
    private static final int MAX_PHRASE_TOKENS = 40;

    /** Tokens that the copies of a phrase may have together, unless there are fewer than {@link #COPIES}. */
    private static final int TOKENS = 10;

    /** Copies that are always allowed. */
    private static final int COPIES = 3;

    private LoopGuard() {}

    /**
     * Finds what may not come next.
     *
     * @param tokens the text so far, in its first places
     * @param length how many
     * @param forbid takes the tokens
     */
    static void forbidden(int[] tokens, int length, IntConsumer forbid) {
        for (int period = 1; period <= MAX_PHRASE_TOKENS && period < length; period++) {
            int copies = Math.max(COPIES, (TOKENS + period - 1) / period);
            int needed = period * copies;
            int same = 0;
            while (same < needed
                    && length - 1 - same - period >= 0
                    && tokens[length - 1 - same] == tokens[length - 1 - same - period]) {
                same++;
            }
            if (same + 1 >= needed) {
                forbid.accept(tokens[length - period]);
            }
        }
    }
}
