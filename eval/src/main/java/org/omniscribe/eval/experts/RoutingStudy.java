package org.omniscribe.eval.experts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.routing.Contingency;
import org.omniscribe.asr.routing.ExpertUsage;
import org.omniscribe.asr.routing.RoutingMetrics;
import org.omniscribe.asr.routing.RoutingTrace;

/** Gathers how recordings were routed through a model and finds what there is to find. Not thread-safe. */
public final class RoutingStudy {
    /** Steps of a segment over which local consistency is measured. */
    public static final List<Integer> LENGTHS = List.of(8, 25, 100);

    /** Steps that the cache of the measurement knows in advance. */
    public static final int AHEAD = 25;

    /** Lengths of stretches in steps, each up to the next; the last is open. */
    public static final List<Integer> SEGMENTS = List.of(1, 2, 3, 4, 5, 7, 10, 15, 25, 50, 100);

    private static final int SHIFTS = 8;

    private final String model;
    private final String network;
    private final List<Integer> experts;
    private final double stepSeconds;
    private final List<Piece> pieces = new ArrayList<>();
    private final Set<String> recordings = new LinkedHashSet<>();
    private final Map<String, ExpertUsage> usage = new LinkedHashMap<>();
    private final double[] entropy;
    private final double[] probability;
    private final boolean[] distributed;
    private final Snippets snippets;
    private double seconds;

    /** What is kept of a piece of a recording. */
    private record Piece(String corpus, RoutingTrace routing, Map<Property, int[]> properties) {}

    /**
     * Nothing heard yet.
     *
     * @param model its name
     * @param architecture of its network
     * @param stepSeconds seconds a step
     * @param snippetsEach sounds to keep of each expert of each layer
     */
    public RoutingStudy(String model, Architecture architecture, double stepSeconds, int snippetsEach) {
        this.model = model;
        this.network = describe(architecture);
        this.experts = architecture.experts();
        this.stepSeconds = stepSeconds;
        entropy = new double[experts.size()];
        probability = new double[experts.size()];
        distributed = new boolean[experts.size()];
        snippets = new Snippets(experts, stepSeconds, snippetsEach);
    }

    private static String describe(Architecture architecture) {
        String routers =
                switch (architecture.routing()) {
                    case DENSE -> "no routers";
                    case INDEPENDENT -> "a router in every layer";
                    case SHARED ->
                        architecture.routerGroups() == 1
                                ? "one router for all layers"
                                : architecture.routerGroups() + " routers, each for several layers";
                };
        return architecture.formatExperts() + " (layers x experts), width " + architecture.width() + ", " + routers;
    }

    /** Adds a recording, or a piece of one; pieces of a recording in order. */
    public void add(Heard heard) {
        pieces.add(new Piece(heard.corpus(), heard.routing(), heard.properties()));
        recordings.add(heard.corpus() + " " + heard.name());
        usage.computeIfAbsent(heard.corpus(), corpus -> new ExpertUsage(experts))
                .add(heard.routing());
        seconds += heard.samples().length / 16000.0;
        for (int layer = 0; layer < experts.size(); layer++) {
            for (float gate : heard.routing().probability()[layer]) {
                probability[layer] += gate;
            }
            if (heard.probabilities()[layer] != null) {
                distributed[layer] = true;
                for (float[] distribution : heard.probabilities()[layer]) {
                    entropy[layer] += entropy(distribution);
                }
            }
        }
        snippets.add(heard);
    }

    private static double entropy(float[] distribution) {
        double bits = 0;
        for (float p : distribution) {
            bits -= p > 0 ? p * Math.log(p) / Math.log(2) : 0;
        }
        return bits;
    }

    /** The most typical sounds of each expert. */
    public Snippets snippets() {
        return snippets;
    }

    /**
     * What was found.
     *
     * @throws IllegalStateException if nothing was heard
     */
    public Findings findings() {
        long steps = usage.values().stream().mapToLong(ExpertUsage::steps).sum();
        if (steps == 0) {
            throw new IllegalStateException("no steps were heard");
        }
        int[][] sequences = new int[experts.size()][];
        for (int layer = 0; layer < sequences.length; layer++) {
            int index = layer;
            sequences[layer] = pieces.stream()
                    .flatMapToInt(p -> Arrays.stream(p.routing().expert()[index]))
                    .toArray();
        }
        Map<Property, int[]> values = new LinkedHashMap<>();
        for (Property property : pieces.get(0).properties().keySet()) {
            values.put(
                    property,
                    pieces.stream()
                            .flatMapToInt(p -> Arrays.stream(p.properties().get(property)))
                            .toArray());
        }
        List<Findings.Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < experts.size(); layer++) {
            layers.add(layer(layer, sequences[layer], values, steps));
        }
        return new Findings(
                model,
                network,
                recordings.size(),
                seconds,
                steps,
                stepSeconds,
                List.copyOf(usage.keySet()),
                layers,
                agreement(sequences),
                List.copyOf(values.keySet()));
    }

    private Findings.Layer layer(int layer, int[] sequence, Map<Property, int[]> values, long steps) {
        int number = experts.get(layer);
        long[] counts = new long[number];
        for (int expert : sequence) {
            counts[expert]++;
        }
        double[][] byCorpus = usage.values().stream().map(u -> u.shares(layer)).toArray(double[][]::new);
        RoutingMetrics.Committee committee = RoutingMetrics.committee(byCorpus);
        Map<String, Findings.Knowledge> knowledge = new LinkedHashMap<>();
        values.forEach(
                (property, value) -> knowledge.put(property.name(), knowledge(number, sequence, property, value)));
        return new Findings.Layer(
                number,
                Arrays.stream(counts).mapToDouble(c -> (double) c / steps).toArray(),
                byCorpus,
                Contingency.entropy(counts),
                distributed[layer] ? entropy[layer] / steps : null,
                probability[layer] / steps,
                segments(layer),
                consistency(layer, number),
                cacheHits(layer, number, steps),
                new Findings.Committee(committee.experts(), committee.least(), committee.mean()),
                knowledge);
    }

    /** Stretches end where a recording does. */
    private Findings.Segments segments(int layer) {
        int[] lengths = pieces.stream()
                .flatMapToInt(
                        p -> Arrays.stream(RoutingMetrics.segments(p.routing().expert()[layer])))
                .sorted()
                .toArray();
        double[] shares = new double[SEGMENTS.size()];
        long steps = 0;
        for (int length : lengths) {
            int bin = SEGMENTS.size() - 1;
            while (SEGMENTS.get(bin) > length) {
                bin--;
            }
            shares[bin] += length;
            steps += length;
        }
        for (int bin = 0; bin < shares.length; bin++) {
            shares[bin] /= steps;
        }
        double median = (lengths[(lengths.length - 1) / 2] + lengths[lengths.length / 2]) / 2.0;
        return new Findings.Segments((double) steps / lengths.length, median, lengths[lengths.length - 1], shares);
    }

    private double[][] consistency(int layer, int number) {
        double[][] coverage = new double[LENGTHS.size()][number];
        for (int l = 0; l < LENGTHS.size(); l++) {
            for (int group = 1; group <= number; group++) {
                double covered = 0;
                long steps = 0;
                for (Piece piece : pieces) {
                    int[] sequence = piece.routing().expert()[layer];
                    if (sequence.length > 0) {
                        covered += sequence.length * RoutingMetrics.segmentCoverage(sequence, LENGTHS.get(l), group);
                        steps += sequence.length;
                    }
                }
                coverage[l][group - 1] = covered / steps;
            }
        }
        return coverage;
    }

    private double[] cacheHits(int layer, int number, long steps) {
        double[] hits = new double[number];
        for (int capacity = 1; capacity <= number; capacity++) {
            for (Piece piece : pieces) {
                int[] sequence = piece.routing().expert()[layer];
                if (sequence.length > 0) {
                    hits[capacity - 1] +=
                            sequence.length * RoutingMetrics.cacheHitRate(sequence, AHEAD, capacity) / steps;
                }
            }
        }
        return hits;
    }

    private static Findings.Knowledge knowledge(int number, int[] sequence, Property property, int[] values) {
        Contingency table = table(number, sequence, property, values, 0);
        long[] rows = table.rowSums();
        long[] columns = table.columnSums();
        double[][] shares = new double[number][columns.length];
        double[] overall = new double[columns.length];
        for (int v = 0; v < columns.length; v++) {
            overall[v] = (double) columns[v] / Math.max(1, table.total());
            for (int e = 0; e < number; e++) {
                shares[e][v] = rows[e] == 0 ? 0 : (double) table.count(e, v) / rows[e];
            }
        }
        Random random = new Random(1);
        double chance = 0;
        for (int i = 0; i < SHIFTS; i++) {
            int shift = sequence.length / 8 + random.nextInt(Math.max(1, sequence.length * 3 / 4));
            chance += table(number, sequence, property, values, shift).explained() / SHIFTS;
        }
        return new Findings.Knowledge(table.mutualInformation(), table.explained(), chance, shares, overall);
    }

    private static Contingency table(int number, int[] sequence, Property property, int[] values, int shift) {
        Contingency table = new Contingency(number, property.values().size());
        for (int t = 0; t < sequence.length; t++) {
            int value = values[(t + shift) % sequence.length];
            if (value != Property.UNKNOWN) {
                table.add(sequence[t], value);
            }
        }
        return table;
    }

    private Findings.Agreement agreement(int[][] sequences) {
        int n = sequences.length;
        double[][] same = new double[n][n];
        double[][] renamed = new double[n][n];
        double[][] shared = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                Contingency table = new Contingency(experts.get(i), experts.get(j));
                for (int t = 0; t < sequences[i].length; t++) {
                    table.add(sequences[i][t], sequences[j][t]);
                }
                same[i][j] = table.match();
                renamed[i][j] = table.bestMatch();
                double most = Math.min(Contingency.entropy(table.rowSums()), Contingency.entropy(table.columnSums()));
                shared[i][j] = most == 0 ? 0 : Math.min(1, table.mutualInformation() / most);
            }
        }
        return new Findings.Agreement(same, renamed, shared);
    }
}
