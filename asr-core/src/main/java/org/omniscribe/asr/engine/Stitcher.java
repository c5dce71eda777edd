package org.omniscribe.asr.engine;

import java.util.List;
import java.util.Optional;
import org.omniscribe.asr.decode.WordGaps;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.Vocabulary;

/**
 * Joins the emissions of overlapping pieces so that every step is taken once and no word is cut.
 *
 * <p>All pieces lie on one grid of steps, so where two of them overlap, both say something of the same step. Of the
 * inner half of the overlap, where both have seen enough on either side, the stitcher takes the step where to change
 * from one to the other: one where, on both best paths, the next token begins a word or the last one ended it, and
 * around which both are surest that nothing is written. A token may then sit a step earlier in the one than in the
 * other and is still taken exactly once. Each stretch can be decoded by itself.
 *
 * <p>Keeps one emission. Not thread-safe.
 */
final class Stitcher {
    private final WordGaps gaps;

    private Held held;

    Stitcher(Vocabulary vocabulary) {
        gaps = new WordGaps(vocabulary);
    }

    /** An emission in the recording's clock; its first {@code taken - start} steps belong to earlier stretches. */
    private record Held(WordGaps.View view, long taken, long limit, boolean silent) {
        long start() {
            return view.firstStep();
        }

        long end() {
            return view.end();
        }
    }

    /**
     * Adds the next piece.
     *
     * @param piece the piece after the one added before
     * @param emission what the model says of all its samples
     * @return the stretch that is now complete, if this is not the first piece
     * @throws IllegalArgumentException if the piece leaves a gap after the one before
     */
    Optional<Stretch> add(Piece piece, Emission emission) {
        Held next = new Held(
                new WordGaps.View(emission, piece.startStep()), piece.fromStep(), piece.toStep(), piece.silent());
        if (held == null) {
            held = next;
            return Optional.empty();
        }
        if (next.start() > held.end()) {
            throw new IllegalArgumentException(
                    "the piece at step " + next.start() + " does not meet the one that ends at step " + held.end());
        }
        long cut = cut(held, next);
        Stretch stretch = stretch(held, cut);
        held = new Held(next.view, cut, next.limit, next.silent);
        return Optional.of(stretch);
    }

    /**
     * Ends the recording.
     *
     * @return the last stretch, if there was a piece
     */
    Optional<Stretch> finish() {
        Optional<Stretch> last = Optional.ofNullable(held).map(h -> stretch(h, Math.min(h.end(), h.limit)));
        held = null;
        return last;
    }

    private long cut(Held left, Held right) {
        long low = Math.max(left.taken, right.start());
        long high = Math.min(left.end(), right.end());
        long wanted = Math.max(low, Math.min(right.taken, high));
        return gaps.best(
                List.of(left.view, right.view), wanted - (wanted - low) / 2, wanted + (high - wanted) / 2, wanted);
    }

    private static Stretch stretch(Held held, long end) {
        int from = (int) (held.taken - held.start());
        int to = Math.max(from, (int) (end - held.start()));
        return new Stretch(held.taken, held.view.emission().slice(from, to), held.silent);
    }
}
