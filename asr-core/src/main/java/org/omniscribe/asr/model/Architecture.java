package org.omniscribe.asr.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of an Omni-router encoder and of what reads it: everything needed to build its graph, nothing about its
 * weights. The encoder ends in a layer norm; a CTC head, a phone head and an attention decoder read what comes out.
 *
 * @param melBins mel bins of one input frame
 * @param subsampling how input frames become encoder steps
 * @param width model width d
 * @param heads attention heads; divides {@code width}
 * @param mlpWidth inner width of each expert
 * @param experts experts in each layer, first layer first; 1 is a dense layer
 * @param routing who owns the router matrices
 * @param gate what the output of the chosen expert is multiplied by
 * @param activation what experts apply between their linear layers
 * @param position how steps know their place
 * @param attention which steps a step may look at
 * @param convKernel kernel of the depthwise convolution module between attention and experts; 0 for none
 * @param vocabulary number of tokens of the CTC head, blank included; 0 for none, which needs a decoder
 * @param phones number of phones, blank included, of a second CTC head on the last layer; 0 for none
 * @param decoder the attention decoder; null for none
 */
public record Architecture(
        int melBins,
        Subsampling subsampling,
        int width,
        int heads,
        int mlpWidth,
        List<Integer> experts,
        Routing routing,
        Gate gate,
        Activation activation,
        Position position,
        Attention attention,
        int convKernel,
        int vocabulary,
        int phones,
        @JsonInclude(JsonInclude.Include.NON_NULL) AttentionSpec decoder) {

    /** Who owns the router matrices. */
    public enum Routing {
        /** One matrix for each run of layers with equally many experts: the Omni-router. */
        SHARED,
        /** One matrix a layer: the Switch transformer. */
        INDEPENDENT,
        /** No router, every layer has one expert. */
        DENSE
    }

    /** Checks all fields and reports every fault at once. */
    public Architecture {
        experts = List.copyOf(experts);
        List<String> faults = new ArrayList<>();
        positive(faults, "melBins", melBins);
        positive(faults, "width", width);
        positive(faults, "heads", heads);
        positive(faults, "mlpWidth", mlpWidth);
        if (heads > 0 && width % heads != 0) {
            faults.add("width " + width + " is not a multiple of heads " + heads);
        }
        missing(faults, "subsampling", subsampling);
        missing(faults, "routing", routing);
        missing(faults, "gate", gate);
        missing(faults, "activation", activation);
        missing(faults, "position", position);
        missing(faults, "attention", attention);
        if (experts.isEmpty()) {
            faults.add("experts names no layer");
        }
        if (experts.stream().anyMatch(e -> e < 1)) {
            faults.add("experts " + experts + " holds a number below 1");
        }
        if (routing == Routing.DENSE && experts.stream().anyMatch(e -> e != 1)) {
            faults.add("routing DENSE needs one expert in every layer, not " + experts);
        }
        if (position instanceof Position.WhisperSinusoid && (width < 4 || width % 2 != 0)) {
            faults.add("position WHISPER_SINUSOID needs an even width of at least 4, not " + width);
        }
        if (convKernel < 0 || (convKernel > 0 && convKernel % 2 == 0)) {
            faults.add("convKernel must be 0 or odd, not " + convKernel);
        }
        if (vocabulary == 0 ? decoder == null : vocabulary < 2) {
            faults.add("vocabulary must hold the blank and a token, not " + vocabulary
                    + (vocabulary == 0 ? ", where there is no decoder" : ""));
        }
        if (phones < 0 || phones == 1) {
            faults.add("phones must be 0, or hold the blank and a phone, not " + phones);
        }
        if (decoder != null && decoder.width() != width) {
            faults.add("decoder.width " + decoder.width() + " is not the encoder's " + width);
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("Architecture: " + String.join("; ", faults));
        }
    }

    private static void positive(List<String> faults, String name, int value) {
        if (value < 1) {
            faults.add(name + " must be positive, not " + value);
        }
    }

    private static void missing(List<String> faults, String name, Object part) {
        if (part == null) {
            faults.add(name + " is missing");
        }
    }

    /**
     * The paper's network, to be given its sizes: four stacked frames, sinusoids, full attention, ReLU, the probability as
     * gate, one shared router.
     */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that holds this network. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.melBins = melBins;
        builder.subsampling = subsampling;
        builder.width = width;
        builder.heads = heads;
        builder.mlpWidth = mlpWidth;
        builder.experts = experts;
        builder.routing = routing;
        builder.gate = gate;
        builder.activation = activation;
        builder.position = position;
        builder.attention = attention;
        builder.convKernel = convKernel;
        builder.vocabulary = vocabulary;
        builder.phones = phones;
        builder.decoder = decoder;
        return builder;
    }

    /** Number of encoder layers. */
    public int layers() {
        return experts.size();
    }

    /** Width of one attention head. */
    public int headWidth() {
        return width / heads;
    }

    /** Whether a layer routes its steps. */
    public boolean routed(int layer) {
        return experts.get(layer) > 1;
    }

    /**
     * The router of a layer: layers with the same group share one matrix.
     *
     * @return the group, counted from 0 over all routed layers; -1 for a layer with one expert
     */
    public int routerGroup(int layer) {
        if (!routed(layer)) {
            return -1;
        }
        int group = -1;
        int previous = -1;
        for (int l = 0; l <= layer; l++) {
            int e = experts.get(l);
            if (e > 1 && (routing == Routing.INDEPENDENT || e != previous)) {
                group++;
            }
            previous = e;
        }
        return group;
    }

    /** Number of router matrices. */
    public int routerGroups() {
        int groups = 0;
        for (int l = 0; l < layers(); l++) {
            groups = Math.max(groups, routerGroup(l) + 1);
        }
        return groups;
    }

    /** Input frames per encoder step. */
    public int stacking() {
        return subsampling.frames();
    }

    /**
     * Encoder steps for a number of input frames.
     *
     * @param frames input frames, at least 0
     */
    public int steps(int frames) {
        return subsampling.steps(frames);
    }

    /** Whether its graph names the chosen experts: with a CTC head or a routed layer. */
    public boolean traced() {
        return vocabulary > 0 || anyRouted();
    }

    /** Whether any layer routes its steps. */
    public boolean anyRouted() {
        return experts.stream().anyMatch(e -> e > 1);
    }

    /**
     * Reads the layer grammar "6x2-6x4": six layers with two experts, then six with four.
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static List<Integer> parseExperts(String text) {
        List<Integer> experts = new ArrayList<>();
        for (String run : text.split("-")) {
            if (!run.matches("\\d{1,3}x\\d{1,3}")) {
                throw new IllegalArgumentException(
                        "experts \"" + text + "\" is not of the form LAYERSxEXPERTS-LAYERSxEXPERTS, such as 6x2-6x4");
            }
            String[] parts = run.split("x");
            for (int i = Integer.parseInt(parts[0]); i > 0; i--) {
                experts.add(Integer.parseInt(parts[1]));
            }
        }
        return List.copyOf(experts);
    }

    /** The layers in the grammar that {@link #parseExperts} reads. */
    public String formatExperts() {
        StringBuilder text = new StringBuilder();
        for (int from = 0, to; from < layers(); from = to) {
            for (to = from + 1; to < layers() && experts.get(to).equals(experts.get(from)); to++) {}
            text.append(text.isEmpty() ? "" : "-").append(to - from).append('x').append(experts.get(from));
        }
        return text.toString();
    }

    /** Puts a network together; what is wrong with it is reported all at once by {@link #build}. */
    public static final class Builder {
        private int melBins = 80;
        private Subsampling subsampling = new Subsampling.Stack(4);
        private int width;
        private int heads;
        private int mlpWidth;
        private List<Integer> experts = List.of();
        private Routing routing = Routing.SHARED;
        private Gate gate = new Gate.Probability();
        private Activation activation = Activation.RELU;
        private Position position = new Position.Sinusoid();
        private Attention attention = Attention.FULL;
        private int convKernel;
        private int vocabulary;
        private int phones;
        private AttentionSpec decoder;

        private Builder() {}

        /** Mel bins of one input frame; 80 unless set. */
        public Builder melBins(int value) {
            melBins = value;
            return this;
        }

        /** How input frames become encoder steps. */
        public Builder subsampling(Subsampling value) {
            subsampling = value;
            return this;
        }

        /** Model width. */
        public Builder width(int value) {
            width = value;
            return this;
        }

        /** Attention heads. */
        public Builder heads(int value) {
            heads = value;
            return this;
        }

        /** Inner width of each expert. */
        public Builder mlpWidth(int value) {
            mlpWidth = value;
            return this;
        }

        /** Experts in each layer. */
        public Builder experts(List<Integer> value) {
            experts = value;
            return this;
        }

        /** Experts in each layer, in the grammar that {@link #parseExperts} reads. */
        public Builder experts(String text) {
            return experts(parseExperts(text));
        }

        /** Who owns the router matrices. */
        public Builder routing(Routing value) {
            routing = value;
            return this;
        }

        /** What the output of the chosen expert is multiplied by. */
        public Builder gate(Gate value) {
            gate = value;
            return this;
        }

        /** What experts apply between their linear layers. */
        public Builder activation(Activation value) {
            activation = value;
            return this;
        }

        /** How steps know their place. */
        public Builder position(Position value) {
            position = value;
            return this;
        }

        /** Which steps a step may look at. */
        public Builder attention(Attention value) {
            attention = value;
            return this;
        }

        /** Kernel of the depthwise convolution module; 0 for none. */
        public Builder convKernel(int value) {
            convKernel = value;
            return this;
        }

        /** Tokens of the CTC head; 0 for none. */
        public Builder vocabulary(int value) {
            vocabulary = value;
            return this;
        }

        /** Phones of the second CTC head; 0 for none. */
        public Builder phones(int value) {
            phones = value;
            return this;
        }

        /** The attention decoder; null for none. */
        public Builder decoder(AttentionSpec value) {
            decoder = value;
            return this;
        }

        /**
         * The network.
         *
         * @throws IllegalArgumentException naming every fault
         */
        public Architecture build() {
            return new Architecture(
                    melBins,
                    subsampling,
                    width,
                    heads,
                    mlpWidth,
                    experts,
                    routing,
                    gate,
                    activation,
                    position,
                    attention,
                    convKernel,
                    vocabulary,
                    phones,
                    decoder);
        }
    }
}
