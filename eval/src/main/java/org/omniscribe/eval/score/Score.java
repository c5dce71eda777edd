package org.omniscribe.eval.score;

import java.util.Objects;
import java.util.stream.Collectors;

/**
 * How well one utterance was recognised, or a set of them with all counts pooled.
 *
 * @param words edits in words
 * @param characters edits in characters, always with {@link EditCosts#UNIT}
 * @param sentences utterances scored
 * @param sentenceErrors utterances with at least one word error
 */
public record Score(ErrorCounts words, ErrorCounts characters, long sentences, long sentenceErrors) {
    /** Nothing scored yet. */
    public static final Score NONE = new Score(ErrorCounts.NONE, ErrorCounts.NONE, 0, 0);

    /** Checks that there are no more wrong sentences than sentences. */
    public Score {
        if (sentenceErrors < 0 || sentenceErrors > sentences) {
            throw new IllegalArgumentException(sentenceErrors + " wrong sentences of " + sentences);
        }
    }

    /**
     * Scores one utterance that is aligned; characters are counted in the words of the alignment, those of correct words as
     * they were recognised, as a reference may leave a choice.
     *
     * @param alignment of its words
     */
    public static Score of(Alignment alignment) {
        ErrorCounts words = alignment.counts();
        String said = alignment.pairs().stream()
                .map(pair -> pair.edit() == Alignment.Edit.CORRECT ? pair.hypothesis() : pair.reference())
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
        ErrorCounts characters = EditDistance.characters(said, alignment.hypothesis(), EditCosts.UNIT);
        return new Score(words, characters, 1, words.errors() > 0 ? 1 : 0);
    }

    /**
     * Scores one utterance.
     *
     * @param reference what was said, normalised
     * @param hypothesis what was recognised, normalised in the same way
     * @param costs how to align words
     */
    public static Score of(String reference, String hypothesis, EditCosts costs) {
        ErrorCounts words = EditDistance.words(reference, hypothesis, costs);
        ErrorCounts characters = EditDistance.characters(reference, hypothesis, EditCosts.UNIT);
        return new Score(words, characters, 1, words.errors() > 0 ? 1 : 0);
    }

    /** Both pooled. */
    public Score plus(Score other) {
        return new Score(
                words.plus(other.words),
                characters.plus(other.characters),
                sentences + other.sentences,
                sentenceErrors + other.sentenceErrors);
    }

    /** Word error rate, a fraction; see {@link ErrorCounts#rate}. */
    public double wer() {
        return words.rate();
    }

    /** Character error rate, a fraction; see {@link ErrorCounts#rate}. */
    public double cer() {
        return characters.rate();
    }

    /** Wrong sentences over sentences, a fraction; NaN if there are none. */
    public double sentenceErrorRate() {
        return (double) sentenceErrors / sentences;
    }
}
