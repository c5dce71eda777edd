package org.omniscribe.eval.score;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.omniscribe.eval.score.Alignment.Edit;
import org.omniscribe.eval.score.WordGraph.Arc;

/**
 * Finds the cheapest alignment of two transcripts with choices, as sclite does with {@code -F -D} (SCTK,
 * {@code net_dp.c}): by dynamic programming over pairs of arcs.
 *
 * <p>A null word costs a thousandth, so that of equal alignments the one with fewer of them wins. A word left out that may
 * be costs two thirds of a deletion and counts as correct. Costs are added in single precision as in sclite, because
 * with null words the rounding decides ties.
 */
final class GraphAlignment {
    private static final float NULL_COST = 0.001f;
    private static final float TWO_NULLS_COST = 1;
    /** Each takes 12 bytes. */
    private static final long MAX_CELLS = 1 << 26;

    private final List<Arc> reference;
    private final List<Arc> hypothesis;
    private final EditCosts costs;
    private final float[][] cost;
    private final int[][] backReference;
    private final int[][] backHypothesis;

    private GraphAlignment(WordGraph reference, WordGraph hypothesis, EditCosts costs) {
        this.reference = reference.arcs();
        this.hypothesis = hypothesis.arcs();
        this.costs = costs;
        int rows = this.reference.size();
        int columns = this.hypothesis.size();
        cost = new float[rows][columns];
        backReference = new int[rows][columns];
        backHypothesis = new int[rows][columns];
    }

    /**
     * Aligns words. Null words are in no pair, but where one stands against a word.
     *
     * @param reference what was said
     * @param hypothesis what was recognised
     * @param costs which alignment to take
     */
    static Alignment of(WordGraph reference, WordGraph hypothesis, EditCosts costs) {
        if (reference.linear() && hypothesis.linear()) {
            return Alignment.of(reference.words(), hypothesis.words(), costs);
        }
        long cells = (long) reference.arcs().size() * hypothesis.arcs().size();
        if (cells > MAX_CELLS) {
            throw new ScoreException("an utterance of " + reference.arcs().size() + " words against "
                    + hypothesis.arcs().size() + " is too long to be aligned with choices, optional words or fragments;"
                    + " cut it into segments");
        }
        GraphAlignment alignment = new GraphAlignment(reference, hypothesis, costs);
        alignment.fill();
        return alignment.trace(reference.ends(), hypothesis.ends());
    }

    private void fill() {
        for (int h = 1; h < hypothesis.size(); h++) {
            insertion(0, h);
        }
        for (int r = 1; r < reference.size(); r++) {
            deletion(r, 0);
            for (int h = 1; h < hypothesis.size(); h++) {
                cheapest(r, h);
            }
        }
    }

    private void cheapest(int r, int h) {
        float least = Float.MAX_VALUE;
        for (int i : reference.get(r).before()) {
            for (int j : hypothesis.get(h).before()) {
                if (cost[i][j] < least) {
                    least = cost[i][j];
                    backReference[r][h] = i;
                    backHypothesis[r][h] = j;
                }
            }
        }
        int fromReference = backReference[r][h];
        int fromHypothesis = backHypothesis[r][h];
        float diagonal = least + cost(reference.get(r), hypothesis.get(h));
        deletion(r, h);
        float up = cost[r][h];
        int fromAbove = backReference[r][h];
        insertion(r, h);
        float left = cost[r][h];
        if (diagonal <= up && diagonal <= left) {
            cost[r][h] = diagonal;
            backReference[r][h] = fromReference;
            backHypothesis[r][h] = fromHypothesis;
        } else if (up < left) {
            cost[r][h] = up;
            backReference[r][h] = fromAbove;
            backHypothesis[r][h] = h;
        }
    }

    private void deletion(int r, int h) {
        float least = Float.MAX_VALUE;
        for (int i : reference.get(r).before()) {
            if (cost[i][h] < least) {
                least = cost[i][h];
                backReference[r][h] = i;
            }
        }
        backHypothesis[r][h] = h;
        cost[r][h] = least + alone(reference.get(r), costs.deletion());
    }

    private void insertion(int r, int h) {
        float least = Float.MAX_VALUE;
        for (int j : hypothesis.get(h).before()) {
            if (cost[r][j] < least) {
                least = cost[r][j];
                backHypothesis[r][h] = j;
            }
        }
        backReference[r][h] = r;
        cost[r][h] = least + alone(hypothesis.get(h), costs.insertion());
    }

    /** The cost of a word without counterpart. */
    private static float alone(Arc arc, int cost) {
        if (arc.empty()) {
            return NULL_COST;
        }
        return arc.optional() ? cost * 2f / 3 : cost;
    }

    private float cost(Arc said, Arc recognised) {
        if (said.empty() && recognised.empty()) {
            return TWO_NULLS_COST;
        }
        return same(said, recognised) ? 0 : costs.substitution();
    }

    /** Whether two words are the same, or one is a fragment of the other. */
    private static boolean same(Arc said, Arc recognised) {
        if (said.fragment() || recognised.fragment()) {
            if (hyphened(said.text())) {
                return partOf(said.text(), recognised.text());
            }
            if (hyphened(recognised.text())) {
                return partOf(recognised.text(), said.text());
            }
        }
        return said.text().equals(recognised.text());
    }

    private static boolean hyphened(String word) {
        return word.length() > 1 && (word.startsWith("-") || word.endsWith("-"));
    }

    private static boolean partOf(String fragment, String word) {
        return fragment.startsWith("-")
                ? word.endsWith(fragment.substring(1))
                : word.startsWith(fragment.substring(0, fragment.length() - 1));
    }

    private Alignment trace(int[] referenceEnds, int[] hypothesisEnds) {
        int r = 0;
        int h = 0;
        float least = Float.MAX_VALUE;
        for (int i : referenceEnds) {
            for (int j : hypothesisEnds) {
                if (cost[i][j] < least) {
                    least = cost[i][j];
                    r = i;
                    h = j;
                }
            }
        }
        List<Alignment.Pair> pairs = new ArrayList<>();
        while (r > 0 || h > 0) {
            Arc said = reference.get(r);
            Arc recognised = hypothesis.get(h);
            int fromReference = backReference[r][h];
            int fromHypothesis = backHypothesis[r][h];
            if (fromReference == r) {
                if (!recognised.empty()) {
                    pairs.add(new Alignment.Pair(
                            null, recognised.text(), recognised.optional() ? Edit.CORRECT : Edit.INSERTION));
                }
            } else if (fromHypothesis == h) {
                if (!said.empty()) {
                    pairs.add(new Alignment.Pair(said.text(), null, said.optional() ? Edit.CORRECT : Edit.DELETION));
                }
            } else if (!said.empty() || !recognised.empty()) {
                pairs.add(new Alignment.Pair(
                        said.text(), recognised.text(), same(said, recognised) ? Edit.CORRECT : Edit.SUBSTITUTION));
            }
            r = fromReference;
            h = fromHypothesis;
        }
        Collections.reverse(pairs);
        return new Alignment(pairs);
    }
}
