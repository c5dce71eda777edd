package org.omniscribe.export.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.checkpoint.OmniRouterParameters;

/**
 * What becomes of the router's choices. The experts keep the numbers that they were trained under, so that a shared router
 * goes on meaning the same in every layer; but an expert may be closed, so that the router chooses among the others, and
 * another expert's weights may do its work. Weights that nobody uses are not stored.
 *
 * @param layers one a layer
 */
public record ExpertPlan(List<Layer> layers) {
    /** The key under which an ONNX file holds a plan other than the trained one, as JSON. */
    static final String KEY = "omniscribe.experts";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Copies the list. */
    public ExpertPlan {
        layers = List.copyOf(layers);
    }

    /**
     * The experts of one layer.
     *
     * @param source for each expert the number of the expert whose weights do its work
     * @param open for each expert whether the router may choose it; at least one
     */
    public record Layer(List<Integer> source, List<Boolean> open) {
        /** Checks that both lists fit each other and that the router has a choice. */
        public Layer {
            source = List.copyOf(source);
            open = List.copyOf(open);
            int experts = source.size();
            if (open.size() != experts
                    || source.stream().anyMatch(s -> s < 0 || s >= experts)
                    || !open.contains(true)) {
                throw new IllegalArgumentException("a layer of experts cannot have sources " + source + ", open " + open
                        + ": there must be as many of both, and one must be open");
            }
        }

        /** Every expert open and itself. */
        static Layer trained(int experts) {
            return new Layer(IntStream.range(0, experts).boxed().toList(), Collections.nCopies(experts, true));
        }

        /** Number of experts that the router knows. */
        public int experts() {
            return source.size();
        }

        /** The experts whose weights are in use, rising. */
        public List<Integer> stored() {
            return IntStream.range(0, experts())
                    .filter(open::get)
                    .map(source::get)
                    .distinct()
                    .sorted()
                    .boxed()
                    .toList();
        }

        boolean unchanged() {
            return equals(trained(experts()));
        }

        /** This layer with an expert closed; if it was the only open one, the layer as it is. */
        public Layer closing(int expert) {
            List<Boolean> changed = new ArrayList<>(open);
            changed.set(expert, false);
            return changed.contains(true) ? new Layer(source, changed) : this;
        }

        /** This layer with an expert's work done by the weights that do another's. */
        public Layer replacing(int expert, int by) {
            List<Integer> changed = new ArrayList<>(source);
            changed.set(expert, source.get(by));
            return new Layer(changed, open);
        }

        /** This layer with the experts' work dealt out anew: that of expert i is done by what did that of {@code order[i]}. */
        public Layer permuted(int[] order) {
            return new Layer(
                    IntStream.range(0, experts())
                            .mapToObj(e -> source.get(order[e]))
                            .toList(),
                    open);
        }
    }

    /** The network as it was trained. */
    public static ExpertPlan trained(Architecture architecture) {
        return new ExpertPlan(
                architecture.experts().stream().map(Layer::trained).toList());
    }

    /** Whether every expert is as it was trained. */
    public boolean unchanged() {
        return layers.stream().allMatch(Layer::unchanged);
    }

    /** This plan with one layer changed. */
    public ExpertPlan with(int index, Layer layer) {
        List<Layer> changed = new ArrayList<>(layers);
        changed.set(index, layer);
        return new ExpertPlan(changed);
    }

    /** Names and shapes of the parameters that are stored. */
    Map<String, long[]> shapes(Architecture architecture) {
        Map<String, long[]> shapes = new LinkedHashMap<>(OmniRouterParameters.shapes(architecture));
        for (int layer = 0; layer < layers.size(); layer++) {
            List<Integer> stored = layers.get(layer).stored();
            for (int expert = 0; expert < layers.get(layer).experts(); expert++) {
                if (!stored.contains(expert)) {
                    String prefix = "layers." + layer + ".ffn.experts." + expert + ".";
                    shapes.keySet().removeIf(name -> name.startsWith(prefix));
                }
            }
        }
        return shapes;
    }

    /** In words: the experts stored in each layer, such as "0 2 | 1 3". */
    public String format() {
        return String.join(
                " | ",
                layers.stream()
                        .map(layer -> String.join(
                                " ",
                                layer.stored().stream().map(String::valueOf).toList()))
                        .toList());
    }

    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("lists of numbers can always be written", e);
        }
    }

    static ExpertPlan fromJson(String json, Architecture architecture) {
        Faults faults = new Faults();
        ExpertPlan plan = JsonReader.of(json, faults).record(ExpertPlan.class);
        faults.orThrow(all -> new CheckpointException(
                "the network's plan of experts cannot be read (" + all + "). Fetch or export the bundle again"));
        List<Integer> experts = plan.layers().stream().map(Layer::experts).toList();
        if (experts.equals(architecture.experts())) {
            return plan;
        }
        throw new CheckpointException("the network's plan of experts has " + experts + " of them in its layers, its"
                + " architecture " + architecture.experts() + ". Fetch or export the bundle again");
    }
}
