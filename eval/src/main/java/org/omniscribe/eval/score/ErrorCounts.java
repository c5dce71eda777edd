package org.omniscribe.eval.score;

/**
 * Edits that turn references into hypotheses, of one utterance or pooled over many.
 *
 * @param correct reference tokens that were recognised
 * @param substitutions reference tokens with another token in their place
 * @param deletions reference tokens with nothing in their place
 * @param insertions hypothesis tokens that no reference token stands for
 */
public record ErrorCounts(long correct, long substitutions, long deletions, long insertions) {
    /** No tokens, no errors. */
    public static final ErrorCounts NONE = new ErrorCounts(0, 0, 0, 0);

    /** Checks that no count is negative. */
    public ErrorCounts {
        if (correct < 0 || substitutions < 0 || deletions < 0 || insertions < 0) {
            throw new IllegalArgumentException("counts must not be negative: correct " + correct + ", substitutions "
                    + substitutions + ", deletions " + deletions + ", insertions " + insertions);
        }
    }

    /** Number of reference tokens. */
    public long reference() {
        return correct + substitutions + deletions;
    }

    /** Number of hypothesis tokens. */
    public long hypothesis() {
        return correct + substitutions + insertions;
    }

    /** Number of errors of all three kinds. */
    public long errors() {
        return substitutions + deletions + insertions;
    }

    /**
     * Errors per reference token, of pooled counts the pooled rate: long utterances weigh more.
     *
     * @return at least 0, above 1 where insertions abound; without reference tokens NaN, or infinite if there are
     *     insertions
     */
    public double rate() {
        return (double) errors() / reference();
    }

    /** The sums of both. */
    public ErrorCounts plus(ErrorCounts other) {
        return new ErrorCounts(
                correct + other.correct,
                substitutions + other.substitutions,
                deletions + other.deletions,
                insertions + other.insertions);
    }
}
