package org.omniscribe.export.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/**
 * An Omni-router, Switch or dense CTC encoder found in a checkpoint of anybody's: stacked frames through a linear layer,
 * sinusoids, blocks of pre-norm attention and pre-norm ReLU experts, a last norm and a linear read-out.
 *
 * <p>Sizes come from shapes. What shapes cannot tell comes from the caller, then from settings in the checkpoint, then
 * from what is usual: heads of 64, attention to the whole utterance. Nothing is left out silently: a tensor without a
 * place and a place without a tensor are faults.
 */
public final class ForeignNetwork {
    private static final int USUAL_HEAD = 64;
    private static final int FAULTS_TOLD = 30;

    private final Tensors tensors;
    private final Map<String, String> settings;
    private final Choices choices;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private final List<String> unused = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private int width;
    private Architecture architecture;

    /**
     * What shapes cannot tell.
     *
     * @param heads attention heads; empty to look for a setting, else heads of 64
     * @param attention what a step sees; empty to look for a setting, else all
     * @param position sinusoids or none
     * @param melBins mel bins of a frame
     * @param blank id of the CTC blank in the checkpoint; here it becomes 0, and the tokens before it move up
     * @param mapping what is known of names
     */
    public record Choices(
            Optional<Integer> heads,
            Optional<Attention> attention,
            Position position,
            int melBins,
            int blank,
            NameMapping mapping) {
        /** Everything by itself, 80 mel bins, blank 0. */
        public static final Choices USUAL =
                new Choices(Optional.empty(), Optional.empty(), new Position.Sinusoid(), 80, 0, NameMapping.NONE);
    }

    /** A parameter of the network, put together when it is read. */
    private record Part(long[] shape, Supplier<float[]> data) {}

    private ForeignNetwork(Checkpoint checkpoint, Choices choices) {
        this.tensors = checkpoint.tensors();
        this.settings = checkpoint.settings();
        this.choices = choices;
    }

    /**
     * Finds the network.
     *
     * @throws CheckpointException if it is not wholly there, if anything is over, or if it cannot be one of ours; all
     *     faults at once, with what was found
     */
    public static ForeignNetwork find(Checkpoint checkpoint, Choices choices) {
        ForeignNetwork network = new ForeignNetwork(checkpoint, choices);
        network.place();
        network.assemble();
        if (!network.faults.isEmpty()) {
            List<String> told = network.faults.subList(0, Math.min(FAULTS_TOLD, network.faults.size()));
            int more = network.faults.size() - told.size();
            throw new CheckpointException("no whole network was found:\n  - " + String.join("\n  - ", told)
                    + (more > 0 ? "\n  - and " + more + " more" : "")
                    + "\nFound so far:\n  " + String.join("\n  ", network.matches())
                    + "\nA mapping (--mapping) can say which name has which place, and which to leave out.");
        }
        if (!checkpoint.leftOut().isEmpty()) {
            network.remarks.add("left out: " + String.join(", ", checkpoint.leftOut()));
        }
        return network;
    }

    /** The shape of the network. */
    public Architecture architecture() {
        return architecture;
    }

    /** Its parameters, named as in {@link OmniRouterParameters}, read from the checkpoint when they are asked for. */
    public Tensors parameters() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        parts.forEach((name, part) -> shapes.put(name, part.shape()));
        return new Tensors() {
            @Override
            public Map<String, long[]> shapes() {
                return shapes;
            }

            @Override
            public Tensor read(String name) {
                return new Tensor(shapes.get(name), parts.get(name).data().get());
            }
        };
    }

    /** What was decided and why, a line each. */
    public List<String> remarks() {
        return List.copyOf(remarks);
    }

    /** Which names have which places, a line for each pair with the numbers of layers and experts left out. */
    public List<String> matches() {
        Map<String, List<String>> groups = new TreeMap<>();
        slots.forEach((name, slot) -> groups.computeIfAbsent(Slot.pattern(slot.place()), p -> new ArrayList<>())
                .add(name));
        List<String> lines = new ArrayList<>();
        groups.forEach((place, all) -> {
            String first = all.get(0);
            lines.add(String.format(
                    Locale.ROOT,
                    "%-34s <- %s %s%s%s",
                    place,
                    first,
                    Arrays.toString(tensors.shapes().get(first)),
                    slots.get(first).turned() ? " turned" : "",
                    all.size() > 1 ? " and " + (all.size() - 1) + " more" : ""));
        });
        return lines;
    }

    private void place() {
        Map<String, long[]> all = new LinkedHashMap<>();
        List<String> open = new ArrayList<>();
        tensors.shapes().forEach((name, shape) -> {
            Optional<Slot> slot = choices.mapping().slot(name);
            if (slot.isEmpty() && choices.mapping().ignores(name)) {
                remarks.add("left out: " + name);
                return;
            }
            all.put(name, shape);
            slot.ifPresentOrElse(said -> take(name, said), () -> open.add(name));
        });
        Map<String, Slot> found = new NameRules(all, choices.melBins()).slots();
        open.forEach(name -> {
            Slot slot = found.get(name);
            if (slot != null && !names.containsKey(slot.place())) {
                take(name, slot);
            } else if (slot != null) {
                faults.add(name + " and " + names.get(slot.place()) + " both look like " + slot.place());
            } else {
                unused.add(name);
            }
        });
        unused.forEach(
                name -> faults.add(name + " " + Arrays.toString(tensors.shapes().get(name)) + " has no place"));
    }

    private void take(String name, Slot slot) {
        slots.put(name, slot);
        String other = names.put(slot.place(), name);
        if (other != null) {
            faults.add(name + " and " + other + " are both mapped to " + slot.place());
        }
    }

    private boolean has(String place) {
        return names.containsKey(place);
    }

    private long[] shape(String place) {
        String name = names.get(place);
        long[] shape = tensors.shapes().get(name);
        if (!slots.get(name).turned()) {
            return shape;
        }
        long[] turned = shape.clone();
        turned[shape.length - 1] = shape[shape.length - 2];
        turned[shape.length - 2] = shape[shape.length - 1];
        return turned;
    }

    /** The values at a place, matrices as [out][in]. */
    private float[] values(String place) {
        String name = names.get(place);
        Tensor tensor = tensors.read(name);
        if (!slots.get(name).turned()) {
            return tensor.data();
        }
        int axes = tensor.shape().length;
        int rows = (int) tensor.shape()[axes - 2];
        int columns = (int) tensor.shape()[axes - 1];
        float[] turned = new float[tensor.data().length];
        for (int from = 0; from < turned.length; from += rows * columns) {
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    turned[from + column * rows + row] = tensor.data()[from + row * columns + column];
                }
            }
        }
        return turned;
    }

    private void assemble() {
        int layers = 0;
        while (has("layers." + layers + ".attention.norm.weight")
                || has("layers." + layers + ".attention.out.weight")) {
            layers++;
        }
        for (String place : List.of("input.weight", "final.norm.weight", "head.weight")) {
            if (!has(place)) {
                faults.add(place + " was not found");
            }
        }
        if (layers == 0) {
            faults.add("no layers were found");
        }
        for (String place : new TreeSet<>(names.keySet())) {
            if (place.startsWith("layers.") && Integer.parseInt(place.split("\\.")[1]) >= layers) {
                faults.add(names.get(place) + " belongs to a layer after the last whole one");
            }
        }
        if (!faults.isEmpty()) {
            return;
        }
        width = (int) shape("final.norm.weight")[0];
        long[] input = shape("input.weight");
        int vocabulary = (int) shape("head.weight")[0];
        if (input.length != 2 || input[0] != width || input[1] % choices.melBins() != 0) {
            faults.add("input.weight of shape " + Arrays.toString(input) + " is not " + width + " by a multiple of the "
                    + choices.melBins() + " mel bins");
            return;
        }
        List<Integer> experts = new ArrayList<>();
        int inner = 0;
        for (int layer = 0; layer < layers; layer++) {
            String place = "layers." + layer + ".experts.";
            if (has(place + "in.weight")) {
                experts.add((int) shape(place + "in.weight")[0]);
                inner = (int) shape(place + "in.weight")[1];
            } else {
                int count = 0;
                while (has(place + count + ".in.weight")) {
                    count++;
                }
                if (count == 0) {
                    faults.add("layer " + layer + " has no feed-forward matrices");
                    return;
                }
                experts.add(count);
                inner = (int) shape(place + "0.in.weight")[0];
            }
        }
        Routers routers = routers(experts);
        positions();
        int stacking = (int) (input[1] / choices.melBins());
        try {
            architecture = Architecture.builder()
                    .melBins(choices.melBins())
                    .subsampling(new Subsampling.Stack(stacking))
                    .width(width)
                    .heads(heads())
                    .mlpWidth(inner)
                    .experts(experts)
                    .routing(routers.routing())
                    .position(choices.position())
                    .attention(attention())
                    .vocabulary(vocabulary)
                    .build();
        } catch (IllegalArgumentException e) {
            faults.add(e.getMessage());
            return;
        }
        collect(routers);
        check();
    }

    private void check() {
        Map<String, long[]> wanted = OmniRouterParameters.shapes(architecture);
        Map<String, long[]> optional = OmniRouterParameters.optional(architecture);
        parts.forEach((name, part) -> {
            long[] shape = wanted.getOrDefault(name, optional.get(name));
            if (!Arrays.equals(shape, part.shape())) {
                faults.add(name + " would have shape " + Arrays.toString(part.shape()) + ", not "
                        + Arrays.toString(shape));
            }
        });
        wanted.keySet().stream()
                .filter(name -> !parts.containsKey(name))
                .forEach(name -> faults.add("nothing was found for " + name));
    }

    /** A setting whose last part has one of these names. */
    private Optional<String> setting(String names) {
        return settings.entrySet().stream()
                .filter(entry -> entry.getKey().toLowerCase(Locale.ROOT).matches("(.*\\.)?(" + names + ")"))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private int heads() {
        if (choices.heads().isPresent()) {
            return choices.heads().get();
        }
        Optional<Integer> found = setting("n_?heads?|num_heads|num_attention_heads|attention_heads|nhead")
                .filter(text -> text.matches("\\d{1,4}"))
                .map(Integer::valueOf);
        if (found.isPresent()) {
            remarks.add("heads: " + found.get() + ", by a setting in the checkpoint");
            return found.get();
        }
        int heads = Math.max(1, width / USUAL_HEAD);
        remarks.add("heads: " + heads + ", as heads are " + width / heads
                + " wide then; no shape tells, so give --heads" + " if that is wrong");
        return heads;
    }

    private Attention attention() {
        if (choices.attention().isPresent()) {
            return choices.attention().get();
        }
        Optional<String> causal = setting("(is_)?causal");
        if (causal.isPresent()) {
            Attention attention = causal.get().matches("(?i)true|1") ? Attention.CAUSAL : Attention.FULL;
            remarks.add("attention: " + (attention == Attention.CAUSAL ? "CAUSAL" : "FULL")
                    + ", by a setting in the checkpoint");
            return attention;
        }
        remarks.add("attention: FULL; no shape tells, so give --attention causal if that is wrong");
        return Attention.FULL;
    }

    /** Which layers share a router. */
    private record Routers(Routing routing, Map<Integer, String> places) {}

    private Routers routers(List<Integer> experts) {
        Map<Integer, String> places = new HashMap<>();
        String latest = null;
        int latestExperts = 0;
        int copies = 0;
        for (int layer = 0; layer < experts.size(); layer++) {
            String own = "layers." + layer + ".router";
            if (experts.get(layer) < 2) {
                if (has(own + ".weight") && shape(own + ".weight")[0] > 1) {
                    faults.add("layer " + layer + " has a router but one expert");
                }
                continue;
            }
            if (has(own + ".weight")) {
                latest = own;
                latestExperts = experts.get(layer);
                copies++;
            } else if (has("router.weight") && shape("router.weight")[0] == experts.get(layer)) {
                latest = "router";
                latestExperts = experts.get(layer);
            }
            if (latest == null || latestExperts != experts.get(layer)) {
                faults.add("layer " + layer + " has " + experts.get(layer) + " experts but no router");
                return new Routers(Routing.DENSE, Map.of());
            }
            places.put(layer, latest);
        }
        if (places.isEmpty()) {
            remarks.add("routing: dense, one expert in every layer");
            return new Routers(Routing.DENSE, places);
        }
        return groups(experts, places, copies);
    }

    /** Compares the copies: layers with equal ones share a router. */
    private Routers groups(List<Integer> experts, Map<Integer, String> places, int copies) {
        Map<Integer, Integer> group = new TreeMap<>();
        List<float[]> distinct = new ArrayList<>();
        Map<String, Integer> known = new HashMap<>();
        for (int layer : new TreeSet<>(places.keySet())) {
            String place = places.get(layer);
            if (!known.containsKey(place)) {
                float[] router = router(place, experts.get(layer));
                int index = 0;
                while (index < distinct.size() && !Arrays.equals(distinct.get(index), router)) {
                    index++;
                }
                if (index == distinct.size()) {
                    distinct.add(router);
                }
                known.put(place, index);
            }
            group.put(layer, known.get(place));
        }
        boolean shared = true;
        boolean independent = distinct.size() == group.size();
        int runs = 0;
        Integer before = null;
        for (Map.Entry<Integer, Integer> entry : group.entrySet()) {
            int layer = entry.getKey();
            boolean follows =
                    before != null && before == layer - 1 && experts.get(before).equals(experts.get(layer));
            runs += follows ? 0 : 1;
            shared &= !follows || group.get(before).equals(entry.getValue());
            before = layer;
        }
        String seen = copies + (copies == 1 ? " copy" : " copies") + " of routers, " + distinct.size() + " different";
        if (shared && !(independent && group.size() > runs)) {
            remarks.add("routing: shared, one router for each run of layers with equally many experts (" + seen + ")");
            return new Routers(Routing.SHARED, places);
        }
        remarks.add("routing: "
                + (independent ? "independent, a router for each layer" : "grouped as " + group.values()) + " (" + seen
                + ")" + (independent ? "" : "; written as a router for each layer, which computes the same"));
        return new Routers(Routing.INDEPENDENT, places);
    }

    /** Weights and biases of a router in one. */
    private float[] router(String place, int experts) {
        float[] weights = values(place + ".weight");
        float[] both = Arrays.copyOf(weights, weights.length + experts);
        if (has(place + ".bias")) {
            System.arraycopy(values(place + ".bias"), 0, both, weights.length, experts);
        }
        return both;
    }

    /** Sinusoids are computed here, so those of the checkpoint must be the same. */
    private void positions() {
        boolean same = true;
        if (has("position.frequencies")) {
            float[] found = values("position.frequencies");
            for (int i = 0; i < found.length; i++) {
                double expected = Math.exp(-2.0 * (i / 2) * Math.log(1e4) / width);
                same &= Math.abs(found[i] - expected) <= 1e-5 * expected;
            }
        }
        if (has("position.phases")) {
            float[] found = values("position.phases");
            for (int i = 0; i < found.length; i++) {
                same &= Math.abs(found[i] - (i % 2 == 0 ? 0 : Math.PI / 2)) <= 1e-5;
            }
        }
        if (has("position.table")) {
            float[] found = values("position.table");
            for (int i = 0; i < found.length; i++) {
                int t = i / width;
                int j = i % width;
                double angle = t * Math.exp(-2.0 * (j / 2) * Math.log(1e4) / width) + (j % 2 == 0 ? 0 : Math.PI / 2);
                same &= Math.abs(found[i] - Math.sin(angle)) <= 1e-3;
            }
        }
        if (!same) {
            faults.add(
                    "its positions are not the sinusoids sin(t 10000^(-2 floor(i/2)/d) + (i odd: pi/2)), which are the"
                            + " only ones that can be imported");
        }
        Optional<String> normalize =
                setting("(cape_)?normalize(_positions?)?").filter(text -> text.matches("(?i)true|1"));
        if (normalize.isPresent()) {
            remarks.add("a setting says that positions are normalised by their mean, which is not done here");
        }
    }

    /** What the features are multiplied with before positions are added; it goes into the input matrix. */
    private float contentScale() {
        if (has("position.scale")) {
            return values("position.scale")[0];
        }
        Optional<String> found = setting("(cape_)?content_scale").filter(text -> text.matches("[0-9.eE+-]+"));
        return found.map(Float::valueOf).orElse(1f);
    }

    private void collect(Routers routers) {
        int d = width;
        float scale = contentScale();
        if (scale != 1) {
            remarks.add("the input is scaled by " + scale + ", which is put into its matrix");
        }
        add(
                "input.linear.weight",
                new long[] {d, shape("input.weight")[1]},
                () -> scaled(values("input.weight"), scale));
        if (has("input.bias")) {
            add("input.linear.bias", new long[] {d}, () -> scaled(values("input.bias"), scale));
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
                add("routers." + group + ".weight", shape(place + ".weight"), () -> values(place + ".weight"));
            }
        }
        norm("final.norm", "final.norm");
        int blank = choices.blank();
        int vocabulary = architecture.vocabulary();
        if (blank < 0 || blank >= vocabulary) {
            faults.add("blank " + blank + " is not one of the " + vocabulary + " tokens");
            return;
        }
        add("head.weight", shape("head.weight"), () -> blankFirst(values("head.weight"), blank, d));
        add(
                "head.bias",
                new long[] {vocabulary},
                () -> has("head.bias") ? blankFirst(values("head.bias"), blank, 1) : new float[vocabulary]);
    }

    private void layer(String place, int experts) {
        int d = width;
        int m = architecture.mlpWidth();
        norm(place + "attention.norm", place + "attention.norm");
        norm(place + "ffn.norm", place + "ffn.norm");
        String attention = place + "attention.";
        if (has(attention + "out.weight")) {
            add(attention + "out.weight", shape(attention + "out.weight"), () -> values(attention + "out.weight"));
        }
        if (has(attention + "out.bias")) {
            add(attention + "out.bias", new long[] {d}, () -> values(attention + "out.bias"));
        }
        List<String> projections = projections(attention, ".weight");
        if (projections.isEmpty()) {
            faults.add("the projections to query, key and value of " + place + " are not all there");
        } else {
            add(attention + "qkv.weight", new long[] {3L * d, d}, () -> joined(projections, d * d));
            if (projections.stream().anyMatch(p -> has(p.replace(".weight", ".bias")))) {
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
            if (places.stream().allMatch(this::has)) {
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
            if (has(place)) {
                float[] values = values(place);
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
        if (has(own)) {
            add(name, shape(own), () -> values(own));
        } else if (has(stacked)) {
            long[] all = shape(stacked);
            long[] one = Arrays.copyOfRange(all, 1, all.length);
            add(name, one, () -> Arrays.copyOfRange(values(stacked), expert * size, (expert + 1) * size));
        } else if (kind.endsWith(".bias")) {
            add(name, shape, () -> new float[size]);
        }
    }

    private void norm(String name, String place) {
        if (has(place + ".weight")) {
            add(name + ".weight", shape(place + ".weight"), () -> values(place + ".weight"));
            vectorOrZeros(name + ".bias", place + ".bias", width);
        }
    }

    private void vectorOrZeros(String name, String place, int size) {
        add(name, has(place) ? shape(place) : new long[] {size}, () -> has(place) ? values(place) : new float[size]);
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

    /** Settings of the checkpoint, for the record. */
    public Map<String, String> settings() {
        return Collections.unmodifiableMap(settings);
    }
}
