package org.omniscribe.asr.attention;

/**
 * A text that is being written, as the last token and the text before it.
 *
 * @param token the last token; -1 for the empty text
 * @param before the text before it; null for the empty text
 * @param length tokens
 * @param logProb log-probability of all tokens, and of the end where it has ended
 * @param tokenLogProb log-probability of the last token
 * @param gain where it stands among the hot words; null where there are none
 * @param row its row in the last call of the network
 */
record Text(int token, Text before, int length, double logProb, double tokenLogProb, PhraseGain.State gain, int row) {
    /** The empty text. */
    static Text empty(PhraseGain.State gain) {
        return new Text(-1, null, 0, 0, 0, gain, 0);
    }

    /** What the search ranks unfinished texts by. */
    double score() {
        return gain == null ? logProb : logProb + gain.gain();
    }

    /** The score divided by the length to a power, which finished texts of different lengths are ranked by. */
    double normalised(double lengthPenalty) {
        return score() / Math.pow(Math.max(1, length), lengthPenalty);
    }

    /** Its tokens. */
    int[] tokens() {
        int[] tokens = new int[length];
        int i = length;
        for (Text t = this; t.before != null; t = t.before) {
            tokens[--i] = t.token;
        }
        return tokens;
    }

    /** The log-probability of each token. */
    double[] logProbs() {
        double[] values = new double[length];
        int i = length;
        for (Text t = this; t.before != null; t = t.before) {
            values[--i] = t.tokenLogProb;
        }
        return values;
    }
}
