package org.omniscribe.app.experts;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.export.compress.Surgery;
import org.omniscribe.export.onnx.BundleNetwork;
import org.omniscribe.export.onnx.ExpertPlan;
import org.omniscribe.export.onnx.RoutingMode;

/**
 * Something to try with a network.
 *
 * @param name what it is, as it is written on a command line
 * @param plan the experts
 * @param mode the routing
 */
public record Variant(String name, ExpertPlan plan, RoutingMode mode) {
    /** Sets of variants that belong together. */
    public enum Preset {
        /** The work of the experts dealt out anew in all layers, five times: the random reassignment of the Omni-router paper. */
        RANDOM,
        /** The work dealt out anew in one layer at a time. */
        LAYERS,
        /** One expert closed, everywhere and in one layer at a time. */
        DISABLE,
        /** One expert does everything, everywhere. */
        FORCE,
        /** Several routings side by side: 1, 2, 4, 8 and 16. */
        ROE,
        /** All experts that it takes for a share of the router's probability. */
        TOP_P
    }

    /** What {@link #parse} reads, for people; layers count from 1, experts from 0. */
    public static final String GRAMMAR =
            "permute:SEED, disable:EXPERT or force:EXPERT, each with @LAYERS (such as @1,4-6) behind it or for all"
                    + " layers; roe:K or roe:K:TEMPERATURE; top-p:MASS";

    private static final Pattern FORM = Pattern.compile(
            "(?:(permute|disable|force):(\\d{1,9})(?:@([\\d,-]+))?)|(?:roe:(\\d{1,4})(?::([\\d.]+))?)|(?:top-p:([\\d.]+))");
    private static final double TEMPERATURE = 0.5;

    /** The network as it is. */
    public static Variant unchanged(BundleNetwork network) {
        return new Variant("as it is", network.plan(), RoutingMode.TOP_ONE);
    }

    /**
     * Reads a variant.
     *
     * @throws IllegalArgumentException if the text is none, or names what the network does not have
     */
    public static Variant parse(String text, BundleNetwork network) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not of the form " + GRAMMAR);
        }
        ExpertPlan plan = network.plan();
        Architecture architecture = network.architecture();
        if (form.group(1) == null) {
            try {
                RoutingMode mode = form.group(4) == null
                        ? new RoutingMode.TopP(Double.parseDouble(form.group(6)))
                        : new RoutingMode.Sampled(
                                Integer.parseInt(form.group(4)),
                                form.group(5) == null ? TEMPERATURE : Double.parseDouble(form.group(5)));
                return new Variant(text, plan, mode);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("\"" + text + "\" holds what is no number", e);
            }
        }
        int number = Integer.parseInt(form.group(2));
        int[] layers = layers(form.group(3), architecture, text);
        int most = architecture.experts().stream().mapToInt(e -> e).max().orElse(0);
        if (!form.group(1).equals("permute") && number >= most) {
            throw new IllegalArgumentException("\"" + text + "\": the experts are 0 to " + (most - 1));
        }
        ExpertPlan changed =
                switch (form.group(1)) {
                    case "permute" -> Surgery.reassign(plan, new Random(number), layers);
                    case "disable" -> Surgery.disable(plan, number, layers);
                    default -> Surgery.force(plan, number, layers);
                };
        return new Variant(text, changed, RoutingMode.TOP_ONE);
    }

    private static int[] layers(String text, Architecture architecture, String whole) {
        int all = architecture.layers();
        if (text == null) {
            return IntStream.range(0, all).toArray();
        }
        IntStream.Builder layers = IntStream.builder();
        for (String part : text.split(",", -1)) {
            if (!part.matches("\\d{1,4}(-\\d{1,4})?")) {
                throw new IllegalArgumentException("\"" + whole + "\" does not name layers such as @1,4-6");
            }
            String[] ends = part.split("-");
            int from = Integer.parseInt(ends[0]);
            int to = Integer.parseInt(ends[ends.length - 1]);
            if (from < 1 || to < from || to > all) {
                throw new IllegalArgumentException("\"" + whole + "\": the layers are 1 to " + all);
            }
            IntStream.rangeClosed(from - 1, to - 1).forEach(layers::add);
        }
        return layers.build().distinct().toArray();
    }

    /** The variants of a preset, for a network. */
    public static List<Variant> of(Preset preset, BundleNetwork network) {
        int layers = network.architecture().layers();
        int most =
                network.architecture().experts().stream().mapToInt(e -> e).max().orElse(0);
        List<String> names = new ArrayList<>();
        switch (preset) {
            case RANDOM -> IntStream.rangeClosed(1, 5).forEach(seed -> names.add("permute:" + seed));
            case LAYERS -> IntStream.rangeClosed(1, layers).forEach(layer -> names.add("permute:1@" + layer));
            case DISABLE -> {
                IntStream.range(0, most).forEach(e -> names.add("disable:" + e));
                for (int layer = 1; layer <= layers; layer++) {
                    for (int e = 0; e < network.architecture().experts().get(layer - 1); e++) {
                        names.add("disable:" + e + "@" + layer);
                    }
                }
            }
            case FORCE -> IntStream.range(0, most).forEach(e -> names.add("force:" + e));
            case ROE -> IntStream.of(1, 2, 4, 8, 16).forEach(k -> names.add("roe:" + k));
            case TOP_P ->
                List.of("0.5", "0.7", "0.8", "0.9", "0.95", "0.99", "1").forEach(p -> names.add("top-p:" + p));
        }
        return names.stream().map(name -> parse(name, network)).toList();
    }

    /** The ONNX file of the network with this variant. */
    public byte[] write(BundleNetwork network) {
        return network.with(plan).write(mode);
    }
}
