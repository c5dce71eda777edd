package org.omniscribe.export.checkpoint;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/** The parameters of a network of ours, put together from those of a checkpoint when they are read. */
final class ForeignParameters implements Tensors {
    private final PlacedTensors tensors;
    private final Architecture architecture;
    private final List<String> faults;
    private final int width;
    private final Map<String, Part> parts = new LinkedHashMap<>();

    /** A parameter of the network, put together when it is read. */
    private record Part(long[] shape, Supplier<float[]> data) {}

    private ForeignParameters(PlacedTensors tensors, Architecture architecture, List<String> faults) {
        this.tensors = tensors;
        this.architecture = architecture;
        this.faults = faults;
        this.width = architecture.width();
    }

    /**
     * Puts them together.
     *
     * @param tensors what the checkpoint holds
     * @param architecture the network
     * @param routers which layers share a router
     * @param blank id of the CTC blank in the checkpoint
     * @param scale what the input is multiplied by
     * @param faults gets what is missing or does not fit
     */
    static ForeignParameters of(
            PlacedTensors tensors,
            Architecture architecture,
            ForeignRouters routers,
            int blank,
            float scale,
            List<String> faults) {
        ForeignParameters parameters = new ForeignParameters(tensors, architecture, faults);
        parameters.collect(routers, blank, scale);
        return parameters;
    }

    @Override
    public Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        parts.forEach((name, part) -> shapes.put(name, part.shape()));
        return shapes;
    }

    @Override
    public Tensor read(String name) {
        Part part = parts.get(name);
        return new Tensor(part.shape(), part.data().get());
    }

    private void collect(ForeignRouters routers, int blank, float scale) {
        int d = width;
        add(
                "input.linear.weight",
                new long[] {d, tensors.shape("input.weight")[1]},
                () -> scaled(tensors.values("input.weight"), scale));
        if (tensors.has("input.bias")) {
            add("input.linear.bias", new long[] {d}, () -> scaled(tensors.values("input.bias"), scale));
        }
        for (int layer = 0; layer < architecture.layers(); layer++) {
            layer("layers." + layer + ".", architecture.experts().get(layer));
        }
        for (int layer = 0; layer < architecture.layers(); layer++) {
            int group = architecture.routerGroup(layer);
            String place = routers.places().get(layer);
            if (group >= 0 && !parts.containsKey("routers." + group + ".weight")) {
                vectorOrZeros(
                        "routers." + group + ".bias",
                        place + ".bias",
                        architecture.experts().get(layer));
                add(
                        "routers." + group + ".weight",
                        tensors.shape(place + ".weight"),
                        () -> tensors.values(place + ".weight"));
            }
        }
        norm("final.norm", "final.norm");
        int vocabulary = architecture.vocabulary();
        if (blank < 0 || blank >= vocabulary) {
            faults.add("blank " + blank + " is not one of the " + vocabulary + " tokens");
            return;
        }
        add("head.weight", tensors.shape("head.weight"), () -> blankFirst(tensors.values("head.weight"), blank, d));
        add(
                "head.bias",
                new long[] {vocabulary},
                () -> tensors.has("head.bias")
                        ? blankFirst(tensors.values("head.bias"), blank, 1)
                        : new float[vocabulary]);
    }

    private void layer(String place, int experts) {
        int d = width;
        int m = architecture.mlpWidth();
        norm(place + "attention.norm", place + "attention.norm");
        norm(place + "ffn.norm", place + "ffn.norm");
        String attention = place + "attention.";
        if (tensors.has(attention + "out.weight")) {
            add(
                    attention + "out.weight",
                    tensors.shape(attention + "out.weight"),
                    () -> tensors.values(attention + "out.weight"));
        }
        if (tensors.has(attention + "out.bias")) {
            add(attention + "out.bias", new long[] {d}, () -> tensors.values(attention + "out.bias"));
        }
        List<String> projections = projections(attention, ".weight");
        if (projections.isEmpty()) {
            faults.add("the projections to query, key and value of " + place + " are not all there");
        } else {
            add(attention + "qkv.weight", new long[] {3L * d, d}, () -> joined(projections, d * d));
            if (projections.stream().anyMatch(p -> tensors.has(p.replace(".weight", ".bias")))) {
                List<String> biases = projections.stream()
                        .map(p -> p.replace(".weight", ".bias"))
                        .toList();
                add(attention + "qkv.bias", new long[] {3L * d}, () -> joined(biases, d));
            }
        }
        for (int expert = 0; expert < experts; expert++) {
            String to = place + "ffn.experts." + expert;
            part(to + ".in.weight", place + "experts.", expert, ".in.weight", new long[] {m, d});
            part(to + ".in.bias", place + "experts.", expert, ".in.bias", new long[] {m});
            part(to + ".out.weight", place + "experts.", expert, ".out.weight", new long[] {d, m});
            part(to + ".out.bias", place + "experts.", expert, ".out.bias", new long[] {d});
        }
    }

    /** The places of query, key and value in this order; empty if they are not all there. */
    private List<String> projections(String attention, String kind) {
        for (List<String> choice : List.of(List.of("qkv"), List.of("q", "kv"), List.of("q", "k", "v"))) {
            List<String> places = choice.stream().map(p -> attention + p + kind).toList();
            if (places.stream().allMatch(tensors::has)) {
                return places;
            }
        }
        return List.of();
    }

    /** One below the other; a bias that is missing is zero. */
    private float[] joined(List<String> places, int one) {
        float[] all = new float[3 * one];
        int at = 0;
        for (String place : places) {
            String part = place.split("attention\\.")[1].split("\\.")[0];
            if (tensors.has(place)) {
                float[] values = tensors.values(place);
                System.arraycopy(values, 0, all, at, values.length);
            }
            at += part.length() * one;
        }
        return all;
    }

    private void part(String name, String experts, int expert, String kind, long[] shape) {
        int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        String own = experts + expert + kind;
        String stacked = experts + kind.substring(1);
        if (tensors.has(own)) {
            add(name, tensors.shape(own), () -> tensors.values(own));
        } else if (tensors.has(stacked)) {
            long[] all = tensors.shape(stacked);
            long[] one = Arrays.copyOfRange(all, 1, all.length);
            add(name, one, () -> Arrays.copyOfRange(tensors.values(stacked), expert * size, (expert + 1) * size));
        } else if (kind.endsWith(".bias")) {
            add(name, shape, () -> new float[size]);
        }
    }

    private void norm(String name, String place) {
        if (tensors.has(place + ".weight")) {
            add(name + ".weight", tensors.shape(place + ".weight"), () -> tensors.values(place + ".weight"));
            vectorOrZeros(name + ".bias", place + ".bias", width);
        }
    }

    private void vectorOrZeros(String name, String place, int size) {
        add(
                name,
                tensors.has(place) ? tensors.shape(place) : new long[] {size},
                () -> tensors.has(place) ? tensors.values(place) : new float[size]);
    }

    private void add(String name, long[] shape, Supplier<float[]> data) {
        parts.put(name, new Part(shape, data));
    }

    private static float[] scaled(float[] values, float factor) {
        float[] scaled = values.clone();
        for (int i = 0; i < scaled.length && factor != 1; i++) {
            scaled[i] *= factor;
        }
        return scaled;
    }

    /** Rows with that of the blank moved to the top. */
    private static float[] blankFirst(float[] rows, int blank, int columns) {
        float[] moved = rows.clone();
        System.arraycopy(rows, blank * columns, moved, 0, columns);
        System.arraycopy(rows, 0, moved, columns, blank * columns);
        return moved;
    }
}
