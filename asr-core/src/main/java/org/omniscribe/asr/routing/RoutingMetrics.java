package org.omniscribe.asr.routing;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Measures of routing over time and over corpora. An expert sequence holds one expert number a step, from 0. */
public final class RoutingMetrics {
    /** Most experts for which groups are found by trying all; beyond, by their mean share. */
    private static final int TRY_ALL = 16;

    private RoutingMetrics() {}

    /** Lengths of the stretches of constant expert, in steps and in order; their sum is the length of the sequence. */
    public static int[] segments(int[] experts) {
        int[] lengths = new int[experts.length];
        int count = 0;
        for (int from = 0, to; from < experts.length; from = to) {
            for (to = from + 1; to < experts.length && experts[to] == experts[from]; to++) {}
            lengths[count++] = to - from;
        }
        return Arrays.copyOf(lengths, count);
    }

    /**
     * How far a fixed group of experts covers a stretch: the share of steps whose expert is among the {@code group} most
     * used ones of its segment, the sequence being cut into segments of equal length (the last may be shorter).
     *
     * <p>With one expert a step this is what Liang et al., "Not All Models Suit Expert Offloading" (2025), call segment
     * routing best performance.
     *
     * @param experts the sequence
     * @param length steps of a segment, at least 1
     * @param group experts in the group, at least 1
     * @return 0 to 1; NaN for an empty sequence
     */
    public static double segmentCoverage(int[] experts, int length, int group) {
        int number = Arrays.stream(experts).max().orElse(0) + 1;
        long covered = 0;
        for (int from = 0; from < experts.length; from += length) {
            int[] counts = new int[number];
            for (int t = from; t < Math.min(experts.length, from + length); t++) {
                counts[experts[t]]++;
            }
            Arrays.sort(counts);
            for (int i = 0; i < Math.min(group, number); i++) {
                covered += counts[number - 1 - i];
            }
        }
        return (double) covered / experts.length;
    }

    /**
     * The share of steps whose expert is in a cache that knows the next steps: on a miss the expert comes in, and out goes
     * the one whose next use is farthest away, unused within the look-ahead counting as farthest, the least recently used
     * first (Belady 1966 with a horizon). The same paper's segment cache best hit rate, with one expert a step.
     *
     * @param experts the sequence
     * @param ahead steps that the cache knows in advance, at least 0
     * @param capacity experts that the cache holds, at least 1
     * @return 0 to 1; the first use of an expert is always a miss; NaN for an empty sequence
     */
    public static double cacheHitRate(int[] experts, int ahead, int capacity) {
        int number = Arrays.stream(experts).max().orElse(0) + 1;
        boolean[] held = new boolean[number];
        int[] used = new int[number];
        int holds = 0;
        long hits = 0;
        for (int t = 0; t < experts.length; t++) {
            int expert = experts[t];
            if (held[expert]) {
                hits++;
            } else {
                if (holds == capacity) {
                    held[victim(experts, t, ahead, held, used)] = false;
                } else {
                    holds++;
                }
                held[expert] = true;
            }
            used[expert] = t;
        }
        return (double) hits / experts.length;
    }

    private static int victim(int[] experts, int t, int ahead, boolean[] held, int[] used) {
        int victim = -1;
        int farthest = -1;
        for (int e = 0; e < held.length; e++) {
            if (held[e]) {
                int next = t + 1;
                while (next < Math.min(experts.length, t + 1 + ahead) && experts[next] != e) {
                    next++;
                }
                boolean unused = next == Math.min(experts.length, t + 1 + ahead);
                int distance = unused ? Integer.MAX_VALUE : next;
                if (distance > farthest || distance == farthest && used[e] < used[victim]) {
                    victim = e;
                    farthest = distance;
                }
            }
        }
        return victim;
    }

    /**
     * A group of experts that does most of the work in every domain.
     *
     * @param experts their numbers, rising
     * @param least the group's share of the steps in the domain where it has least, 0 to 1
     * @param mean the group's share in the mean over domains
     */
    public record Committee(int[] experts, double least, double mean) {}

    /**
     * The smallest group of experts that handles more than half of the steps of every domain, and of those of this size the
     * one with the largest share where it has least: the "standing committee" of Wang et al., "The Illusion of
     * Specialization" (2026).
     *
     * @param shares {@code [domain][expert]}, the share of the domain's steps that an expert handles; each row sums to 1
     */
    public static Committee committee(double[][] shares) {
        int number = shares[0].length;
        int[] byMean = IntStream.range(0, number)
                .boxed()
                .sorted((a, b) -> Double.compare(mean(shares, b), mean(shares, a)))
                .mapToInt(e -> e)
                .toArray();
        for (int size = 1; size < number; size++) {
            int[] best = Arrays.copyOf(byMean, size);
            if (number <= TRY_ALL) {
                for (int mask = 0; mask < 1 << number; mask++) {
                    if (Integer.bitCount(mask) == size) {
                        int[] group = members(mask);
                        best = least(shares, group) > least(shares, best) ? group : best;
                    }
                }
            }
            if (least(shares, best) > 0.5) {
                Arrays.sort(best);
                return new Committee(best, least(shares, best), mean(shares, best));
            }
        }
        return new Committee(IntStream.range(0, number).toArray(), 1, 1);
    }

    private static int[] members(int mask) {
        return IntStream.range(0, Integer.SIZE)
                .filter(e -> (mask >> e & 1) == 1)
                .toArray();
    }

    private static double share(double[] domain, int... group) {
        return Arrays.stream(group).mapToDouble(e -> domain[e]).sum();
    }

    private static double least(double[][] shares, int... group) {
        return Arrays.stream(shares)
                .mapToDouble(domain -> share(domain, group))
                .min()
                .orElseThrow();
    }

    private static double mean(double[][] shares, int... group) {
        return Arrays.stream(shares)
                .mapToDouble(domain -> share(domain, group))
                .average()
                .orElseThrow();
    }
}
