package org.omniscribe.asr.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The shape of an Omni-router CTC encoder: everything needed to build its graph, nothing about its weights.
 *
 * @param melBins mel bins of one input frame
 * @param subsampling how input frames become encoder steps
 * @param stacking input frames per encoder step, the quotient of the two rates
 * @param convChannels channels of the two-layer convolutional front end; 0 when {@code subsampling} is STACK
 * @param width model width d
 * @param heads attention heads; divides {@code width}
 * @param mlpWidth inner width of each expert
 * @param experts experts in each layer, first layer first; 1 is a dense layer
 * @param routing who owns the router matrices
 * @param position how steps know their place
 * @param positionRange largest relative distance with a bias of its own, in steps; 0 unless {@code position} is RELATIVE
 * @param attention which steps a step may look at
 * @param chunk steps in an attention chunk; 0 unless {@code attention} is CHUNKED
 * @param leftChunks chunks of history visible to a chunk; 0 unless {@code attention} is CHUNKED
 * @param convKernel kernel of the depthwise convolution module between attention and experts; 0 for none
 * @param vocabulary number of output tokens, blank included
 * @param phones number of phones, blank included, of a second read-out of the last layer; 0 for none
 */
public record Architecture(
        int melBins,
        Subsampling subsampling,
        int stacking,
        int convChannels,
        int width,
        int heads,
        int mlpWidth,
        List<Integer> experts,
        Routing routing,
        Position position,
        int positionRange,
        Attention attention,
        int chunk,
        int leftChunks,
        int convKernel,
        int vocabulary,
        int phones) {

    /** How input frames become encoder steps. */
    public enum Subsampling {
        /** {@code stacking} neighbouring frames side by side through one linear layer without bias, as published. */
        STACK,
        /** Two 3x3 convolutions with the strides in time {@link #firstStride} and {@link #secondStride}. */
        CONV
    }

    /** Who owns the router matrices. */
    public enum Routing {
        /** One matrix for each run of layers with equally many experts: the Omni-router. */
        SHARED,
        /** One matrix a layer: the Switch transformer. */
        INDEPENDENT,
        /** No router, every layer has one expert. */
        DENSE
    }

    /** How steps know their place. */
    public enum Position {
        /** Sinusoids added to the input: element i has frequency 1e4^(-2 floor(i/2)/d), cosine at odd i. */
        SINUSOID,
        /** A learned bias on attention logits for each head and clipped relative distance. */
        RELATIVE,
        /** None. */
        NONE
    }

    /** Which steps a step may look at. */
    public enum Attention {
        /** All of the utterance. */
        FULL,
        /** Itself and the past. */
        CAUSAL,
        /** Its own chunk and a number of chunks before it. */
        CHUNKED
    }

    /** Checks all fields and reports every fault at once. */
    public Architecture {
        experts = List.copyOf(experts);
        List<String> faults = new ArrayList<>();
        positive(faults, "melBins", melBins);
        positive(faults, "stacking", stacking);
        positive(faults, "width", width);
        positive(faults, "heads", heads);
        positive(faults, "mlpWidth", mlpWidth);
        if (heads > 0 && width % heads != 0) {
            faults.add("width " + width + " is not a multiple of heads " + heads);
        }
        if (experts.isEmpty()) {
            faults.add("experts names no layer");
        }
        if (experts.stream().anyMatch(e -> e < 1)) {
            faults.add("experts " + experts + " holds a number below 1");
        }
        if (routing == Routing.DENSE && experts.stream().anyMatch(e -> e != 1)) {
            faults.add("routing DENSE needs one expert in every layer, not " + experts);
        }
        if (subsampling == Subsampling.CONV) {
            positive(faults, "convChannels", convChannels);
        } else if (convChannels != 0) {
            faults.add("convChannels must be 0 for subsampling " + subsampling);
        }
        if (position == Position.RELATIVE ? positionRange < 1 : positionRange != 0) {
            faults.add("positionRange " + positionRange + " does not fit position " + position);
        }
        if (attention == Attention.CHUNKED ? chunk < 1 || leftChunks < 0 : chunk != 0 || leftChunks != 0) {
            faults.add("chunk " + chunk + " and leftChunks " + leftChunks + " do not fit attention " + attention);
        }
        if (convKernel < 0 || (convKernel > 0 && convKernel % 2 == 0)) {
            faults.add("convKernel must be 0 or odd, not " + convKernel);
        }
        if (vocabulary < 2) {
            faults.add("vocabulary must hold the blank and a token, not " + vocabulary);
        }
        if (phones < 0 || phones == 1) {
            faults.add("phones must be 0, or hold the blank and a phone, not " + phones);
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("Architecture: " + String.join("; ", faults));
        }
    }

    /** An encoder without a phone read-out. */
    public Architecture(
            int melBins,
            Subsampling subsampling,
            int stacking,
            int convChannels,
            int width,
            int heads,
            int mlpWidth,
            List<Integer> experts,
            Routing routing,
            Position position,
            int positionRange,
            Attention attention,
            int chunk,
            int leftChunks,
            int convKernel,
            int vocabulary) {
        this(
                melBins,
                subsampling,
                stacking,
                convChannels,
                width,
                heads,
                mlpWidth,
                experts,
                routing,
                position,
                positionRange,
                attention,
                chunk,
                leftChunks,
                convKernel,
                vocabulary,
                0);
    }

    private static void positive(List<String> faults, String name, int value) {
        if (value < 1) {
            faults.add(name + " must be positive, not " + value);
        }
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

    /**
     * Encoder steps for a number of input frames.
     *
     * @param frames input frames, at least 0
     */
    public int steps(int frames) {
        if (subsampling == Subsampling.STACK) {
            return ceilDiv(frames, stacking);
        }
        return ceilDiv(ceilDiv(frames, firstStride()), secondStride());
    }

    /** Frames from one output of the first convolution of the front end to the next: half a step, or an odd one whole. */
    public int firstStride() {
        return stacking % 2 == 0 ? stacking / 2 : stacking;
    }

    /** Outputs of the first convolution of the front end from one step to the next: 2, or 1 if steps are odd. */
    public int secondStride() {
        return stacking / firstStride();
    }

    /** Mel rows that are left after the convolutional front end, which halves them twice. */
    public int convRows() {
        return ceilDiv(ceilDiv(melBins, 2), 2);
    }

    private static int ceilDiv(int a, int b) {
        return (a + b - 1) / b;
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
}
