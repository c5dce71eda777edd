package org.omniscribe.export.train;

/**
 * The steps of a batch sorted by their expert, for one layer.
 *
 * @param expert expert of each step of the flattened batch, -1 for padding
 * @param order flat positions of the real steps, expert by expert
 * @param place for each flat position its place in {@code order}, or {@code order.length} for padding
 * @param counts steps of each expert
 */
record Dispatch(int[] expert, long[] order, long[] place, int[] counts) {

    /**
     * Sends each real step to its most probable expert, the lowest index on ties.
     *
     * @param probabilities {@code [position * experts + expert]}
     * @param real whether a flat position holds a real step
     */
    static Dispatch of(float[] probabilities, int experts, boolean[] real) {
        int positions = real.length;
        int[] expert = new int[positions];
        int[] counts = new int[experts];
        int total = 0;
        for (int i = 0; i < positions; i++) {
            if (!real[i]) {
                expert[i] = -1;
                continue;
            }
            int best = 0;
            for (int e = 1; e < experts; e++) {
                if (probabilities[i * experts + e] > probabilities[i * experts + best]) {
                    best = e;
                }
            }
            expert[i] = best;
            counts[best]++;
            total++;
        }
        int[] next = new int[experts];
        for (int e = 1; e < experts; e++) {
            next[e] = next[e - 1] + counts[e - 1];
        }
        long[] order = new long[total];
        long[] place = new long[positions];
        for (int i = 0; i < positions; i++) {
            if (real[i]) {
                int at = next[expert[i]]++;
                order[at] = i;
                place[i] = at;
            } else {
                place[i] = total;
            }
        }
        return new Dispatch(expert, order, place, counts);
    }
}
