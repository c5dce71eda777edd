package org.omniscribe.export.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/** Names and shapes of the parameters of an Omni-router network; matrices of linear layers are {@code [out][in]}. */
public final class OmniRouterParameters {
    private OmniRouterParameters() {}

    /**
     * All parameters of a network.
     *
     * @param architecture the network
     * @return shape by name, input first, head last
     */
    public static Map<String, long[]> shapes(Architecture architecture) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        int d = architecture.width();
        input(shapes, architecture);
        for (int layer = 0; layer < architecture.layers(); layer++) {
            layer(shapes, architecture, layer);
        }
        if (architecture.routing() != Routing.DENSE) {
            for (int layer = 0; layer < architecture.layers(); layer++) {
                if (architecture.routed(layer)) {
                    linear(
                            shapes,
                            "routers." + architecture.routerGroup(layer),
                            architecture.experts().get(layer),
                            d);
                }
            }
        }
        norm(shapes, "final.norm", d);
        if (architecture.vocabulary() > 0) {
            linear(shapes, "head", architecture.vocabulary(), d);
        }
        if (architecture.phones() > 0) {
            linear(shapes, "phone_head", architecture.phones(), d);
        }
        return shapes;
    }

    private static void input(Map<String, long[]> shapes, Architecture architecture) {
        int d = architecture.width();
        if (architecture.subsampling() instanceof Subsampling.WhisperStem) {
            shapes.put("input.conv0.weight", new long[] {d, architecture.melBins(), 3});
            shapes.put("input.conv0.bias", new long[] {d});
            shapes.put("input.conv1.weight", new long[] {d, d, 3});
            shapes.put("input.conv1.bias", new long[] {d});
        } else if (architecture.subsampling() instanceof Subsampling.Conv conv) {
            int c = conv.channels();
            shapes.put("input.conv0.weight", new long[] {c, 1, 3, 3});
            shapes.put("input.conv0.bias", new long[] {c});
            shapes.put("input.conv1.weight", new long[] {c, c, 3, 3});
            shapes.put("input.conv1.bias", new long[] {c});
            linear(shapes, "input.linear", d, (long) c * conv.rows(architecture.melBins()));
        } else {
            shapes.put("input.linear.weight", new long[] {d, (long) architecture.stacking() * architecture.melBins()});
        }
        if (architecture.position() instanceof Position.Relative position) {
            shapes.put("position.bias", new long[] {architecture.heads(), 2L * position.range() + 1});
        }
        if (architecture.position() instanceof Position.WhisperSinusoid position && position.stored()) {
            shapes.put("position.weight", new long[] {Position.WhisperSinusoid.MAX_STEPS, d});
        }
    }

    private static void layer(Map<String, long[]> shapes, Architecture architecture, int layer) {
        int d = architecture.width();
        String prefix = "layers." + layer + ".";
        norm(shapes, prefix + "attention.norm", d);
        shapes.put(prefix + "attention.qkv.weight", new long[] {3L * d, d});
        shapes.put(prefix + "attention.out.weight", new long[] {d, d});
        if (architecture.attention().bias() != Attention.Bias.NONE) {
            shapes.put(prefix + "attention.qkv.bias", new long[] {3L * d});
            shapes.put(prefix + "attention.out.bias", new long[] {d});
        }
        if (architecture.convKernel() > 0) {
            norm(shapes, prefix + "convolution.norm", d);
            shapes.put(prefix + "convolution.in.weight", new long[] {2L * d, d});
            shapes.put(prefix + "convolution.depthwise.weight", new long[] {d, 1, architecture.convKernel()});
            shapes.put(prefix + "convolution.depthwise.bias", new long[] {d});
            shapes.put(prefix + "convolution.out.weight", new long[] {d, d});
        }
        norm(shapes, prefix + "ffn.norm", d);
        for (int expert = 0; expert < architecture.experts().get(layer); expert++) {
            String name = prefix + "ffn.experts." + expert;
            linear(shapes, name + ".in", architecture.mlpWidth(), d);
            linear(shapes, name + ".out", d, architecture.mlpWidth());
        }
    }

    private static void linear(Map<String, long[]> shapes, String name, long out, long in) {
        shapes.put(name + ".weight", new long[] {out, in});
        shapes.put(name + ".bias", new long[] {out});
    }

    /**
     * Parameters that a network may have or not: biases of linear layers that usually have none.
     *
     * @return shape by name
     */
    public static Map<String, long[]> optional(Architecture architecture) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        if (architecture.subsampling() instanceof Subsampling.Stack) {
            shapes.put("input.linear.bias", new long[] {architecture.width()});
        }
        for (int layer = 0; layer < architecture.layers(); layer++) {
            if (architecture.attention().bias() != Attention.Bias.NONE) {
                continue;
            }
            shapes.put("layers." + layer + ".attention.qkv.bias", new long[] {3L * architecture.width()});
            shapes.put("layers." + layer + ".attention.out.bias", new long[] {architecture.width()});
        }
        return shapes;
    }

    /**
     * The parameters of an encoder and its CTC heads, without what may lie beside them: those of a decoder, and a table of
     * positions that are computed.
     */
    public static Tensors encoder(Architecture architecture, Tensors all) {
        Map<String, long[]> shapes = new LinkedHashMap<>(all.shapes());
        boolean computed = architecture.position() instanceof Position.WhisperSinusoid position && !position.stored();
        shapes.keySet().removeIf(name -> name.startsWith("decoder.") || computed && name.equals("position.weight"));
        return new Tensors() {
            @Override
            public Map<String, long[]> shapes() {
                return shapes;
            }

            @Override
            public Tensor read(String name) {
                return all.read(name);
            }
        };
    }

    /** Checks parameters that are in memory; as {@link #check(Map, Map, Tensors)}. */
    public static void check(Architecture architecture, Map<String, Tensor> parameters) {
        check(shapes(architecture), optional(architecture), Tensors.of(parameters));
    }

    /**
     * Checks that parameters are those of a network: none missing, none over, shapes right, all values finite.
     *
     * @param shapes those that it must have, which may be only some of an architecture's
     * @param optional those that it may have
     * @param parameters the parameters by name; all are read once
     * @throws CheckpointException naming all faults
     */
    public static void check(Map<String, long[]> shapes, Map<String, long[]> optional, Tensors parameters) {
        List<String> faults = new ArrayList<>();
        shapes.keySet().stream()
                .filter(name -> !parameters.shapes().containsKey(name))
                .forEach(name -> faults.add(name + " is missing"));
        parameters.shapes().forEach((name, shape) -> {
            long[] wanted = shapes.getOrDefault(name, optional.get(name));
            if (wanted == null) {
                faults.add(name + " belongs to no part of the network");
            } else if (!Arrays.equals(shape, wanted)) {
                faults.add(name + " has shape " + Arrays.toString(shape) + ", not " + Arrays.toString(wanted));
            }
            float[] data = parameters.read(name).data();
            for (int i = 0; i < data.length; i++) {
                if (!Float.isFinite(data[i])) {
                    faults.add(name + " holds " + data[i] + " at element " + i);
                    break;
                }
            }
        });
        if (!faults.isEmpty()) {
            throw new CheckpointException("the parameters do not fit the architecture: " + String.join("; ", faults)
                    + ". Use the architecture that they were trained with");
        }
    }

    private static void norm(Map<String, long[]> shapes, String name, int width) {
        shapes.put(name + ".weight", new long[] {width});
        shapes.put(name + ".bias", new long[] {width});
    }
}
