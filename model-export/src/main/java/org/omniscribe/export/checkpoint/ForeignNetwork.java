package org.omniscribe.export.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;

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

    private final PlacedTensors tensors;
    private final Map<String, String> settings;
    private final Choices choices;
    private final List<String> faults = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private int width;
    private Architecture architecture;
    private ForeignParameters parameters;

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

    private ForeignNetwork(Checkpoint checkpoint, Choices choices) {
        this.settings = checkpoint.settings();
        this.choices = choices;
        this.tensors = PlacedTensors.of(checkpoint.tensors(), choices, remarks, faults);
    }

    /**
     * Finds the network.
     *
     * @throws CheckpointException if it is not wholly there, if anything is over, or if it cannot be one of ours; all
     *     faults at once, with what was found
     */
    public static ForeignNetwork find(Checkpoint checkpoint, Choices choices) {
        ForeignNetwork network = new ForeignNetwork(checkpoint, choices);
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
        return parameters;
    }

    /** What was decided and why, a line each. */
    public List<String> remarks() {
        return List.copyOf(remarks);
    }

    private void assemble() {
        int layers = layers();
        if (!faults.isEmpty()) {
            return;
        }
        width = (int) tensors.shape("final.norm.weight")[0];
        long[] input = tensors.shape("input.weight");
        if (input.length != 2 || input[0] != width || input[1] % choices.melBins() != 0) {
            faults.add("input.weight of shape " + Arrays.toString(input) + " is not " + width + " by a multiple of the "
                    + choices.melBins() + " mel bins");
            return;
        }
        List<Integer> experts = new ArrayList<>();
        int inner = 0;
        for (int layer = 0; layer < layers; layer++) {
            String place = "layers." + layer + ".experts.";
            boolean stacked = tensors.has(place + "in.weight");
            int count = stacked ? (int) tensors.shape(place + "in.weight")[0] : ownExperts(place);
            if (count == 0) {
                faults.add("layer " + layer + " has no feed-forward matrices");
                return;
            }
            experts.add(count);
            inner = (int) (stacked ? tensors.shape(place + "in.weight")[1] : tensors.shape(place + "0.in.weight")[0]);
        }
        ForeignRouters routers = ForeignRouters.find(tensors, experts, remarks, faults);
        positions();
        try {
            architecture = Architecture.builder()
                    .melBins(choices.melBins())
                    .subsampling(new Subsampling.Stack((int) (input[1] / choices.melBins())))
                    .width(width)
                    .heads(heads())
                    .mlpWidth(inner)
                    .experts(experts)
                    .routing(routers.routing())
                    .position(choices.position())
                    .attention(attention())
                    .vocabulary((int) tensors.shape("head.weight")[0])
                    .build();
        } catch (IllegalArgumentException e) {
            faults.add(e.getMessage());
            return;
        }
        float scale = contentScale();
        if (scale != 1) {
            remarks.add("the input is scaled by " + scale + ", which is put into its matrix");
        }
        parameters = ForeignParameters.of(tensors, architecture, routers, choices.blank(), scale, faults);
        check();
    }

    /** The number of layers; what must be there and is not is a fault. */
    private int layers() {
        int layers = 0;
        while (tensors.has("layers." + layers + ".attention.norm.weight")
                || tensors.has("layers." + layers + ".attention.out.weight")) {
            layers++;
        }
        for (String place : List.of("input.weight", "final.norm.weight", "head.weight")) {
            if (!tensors.has(place)) {
                faults.add(place + " was not found");
            }
        }
        if (layers == 0) {
            faults.add("no layers were found");
        }
        for (String place : new TreeSet<>(tensors.places())) {
            if (place.startsWith("layers.") && Integer.parseInt(place.split("\\.")[1]) >= layers) {
                faults.add(tensors.name(place) + " belongs to a layer after the last whole one");
            }
        }
        return layers;
    }

    /** Experts of a layer whose matrices lie apart. */
    private int ownExperts(String place) {
        int count = 0;
        while (tensors.has(place + count + ".in.weight")) {
            count++;
        }
        return count;
    }

    private void check() {
        Map<String, long[]> wanted = OmniRouterParameters.shapes(architecture);
        Map<String, long[]> optional = OmniRouterParameters.optional(architecture);
        parameters.shapes().forEach((name, found) -> {
            long[] shape = wanted.getOrDefault(name, optional.get(name));
            if (!Arrays.equals(shape, found)) {
                faults.add(name + " would have shape " + Arrays.toString(found) + ", not " + Arrays.toString(shape));
            }
        });
        wanted.keySet().stream()
                .filter(name -> !parameters.shapes().containsKey(name))
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

    /** Sinusoids are computed here, so those of the checkpoint must be the same. */
    private void positions() {
        boolean same = true;
        if (tensors.has("position.frequencies")) {
            float[] found = tensors.values("position.frequencies");
            for (int i = 0; i < found.length; i++) {
                double expected = Math.exp(-2.0 * (i / 2) * Math.log(1e4) / width);
                same &= Math.abs(found[i] - expected) <= 1e-5 * expected;
            }
        }
        if (tensors.has("position.phases")) {
            float[] found = tensors.values("position.phases");
            for (int i = 0; i < found.length; i++) {
                same &= Math.abs(found[i] - (i % 2 == 0 ? 0 : Math.PI / 2)) <= 1e-5;
            }
        }
        if (tensors.has("position.table")) {
            float[] found = tensors.values("position.table");
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
        if (tensors.has("position.scale")) {
            return tensors.values("position.scale")[0];
        }
        Optional<String> found = setting("(cape_)?content_scale").filter(text -> text.matches("[0-9.eE+-]+"));
        return found.map(Float::valueOf).orElse(1f);
    }

    /** Which names have which places, a line for each pair with the numbers of layers and experts left out. */
    public List<String> matches() {
        return tensors.matches();
    }

    /** Settings of the checkpoint, for the record. */
    public Map<String, String> settings() {
        return Collections.unmodifiableMap(settings);
    }
}
