package org.omniscribe.export.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.Predicate;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/**
 * The Omni-router CTC encoder (Gu, Likhomanenko, Jaitly, arXiv 2507.05724) as a DJL network that can be trained.
 *
 * <p>Pre-norm transformer layers whose feed-forward block is a top-1 mixture of experts,
 * {@code x + p[e] * Expert_e(h)} with {@code p = softmax(W h + b)}, {@code e = argmax p}; with shared routing one
 * {@code W, b} serves all layers. Each expert computes only the steps sent to it and padding is sent nowhere.
 */
public final class OmniRouterNet implements AutoCloseable {
    private final Architecture architecture;
    private final NDManager manager;
    private final Map<String, PtNDArray> parameters = new LinkedHashMap<>();

    /**
     * What differs between training and use.
     *
     * @param dropout share of channels of each residual branch that is dropped, one mask an utterance; 0..1
     * @param layerDrop probability of leaving a layer out of a pass; 0..1
     * @param routerNoise standard deviation of the noise on router logits
     * @param intermediate layer, counted from 1, after which the head reads out a second time; 0 for none
     * @param chunk attention chunk in steps in place of the architecture's; 0 to keep the architecture's
     * @param leftChunks chunks of history visible with {@code chunk}
     * @param gateShare share of the router's probability in the gate, in place of the architecture's
     * @param random source of all randomness of the pass
     */
    public record Mode(
            float dropout,
            float layerDrop,
            float routerNoise,
            int intermediate,
            int chunk,
            int leftChunks,
            OptionalDouble gateShare,
            Random random) {
        /** The network as it is used: no noise, one read-out. */
        public static final Mode USE = new Mode(0, 0, 0, 0, 0, 0, OptionalDouble.empty(), new Random(0));
    }

    /**
     * The result of a pass.
     *
     * @param states what the encoder ends with, {@code [batch, step, width]}
     * @param logProbs log-probabilities of the final read-out, {@code [batch, step, token]}; null without one
     * @param phones log-probabilities of the phone read-out, {@code [batch, step, phone]}; null without one
     * @param intermediate log-probabilities of the intermediate read-out, of phones where the network has them, else of
     *     tokens; null without one
     * @param balance load-balance loss of Switch Transformers, {@code E * sum_e f_e P_e}, mean over the routed layers; a
     *     perfect balance gives 1; null without routed layers
     * @param lengths steps of each utterance
     * @param experts {@code [layer][flat step]}, -1 for padding
     * @param probabilities {@code [layer][flat step]}, the router's probability of the expert
     */
    public record Output(
            NDArray states,
            NDArray logProbs,
            NDArray phones,
            NDArray intermediate,
            NDArray balance,
            int[] lengths,
            int[][] experts,
            float[][] probabilities) {}

    /** A network with fresh weights. */
    public OmniRouterNet(Architecture architecture, NDManager parent, long seed) {
        this.architecture = architecture;
        this.manager = parent.newSubManager();
        FreshWeights.of(architecture, seed).forEach(this::add);
        train(name -> true);
    }

    /** Beginning of the names of a router's parameters. */
    static String router(int group) {
        return "routers." + group + ".";
    }

    private void add(String name, Tensor tensor) {
        PtNDArray array = Torch.array(manager, tensor.data(), new Shape(tensor.shape()));
        array.setName(name);
        parameters.put(name, array);
    }

    /** The shape of the network. */
    public Architecture architecture() {
        return architecture;
    }

    /**
     * Says which parameters are trained. No gradients are computed for the others, nor for layers below the lowest that
     * has any.
     */
    public void train(Predicate<String> names) {
        parameters.forEach((name, array) -> array.setRequiresGradient(names.test(name)));
    }

    /** The parameters by name, in a fixed order; owned by the network. */
    public Map<String, PtNDArray> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** Number of trained values. */
    public long size() {
        return parameters.values().stream().mapToLong(NDArray::size).sum();
    }

    /** Copies of all weights. */
    public Map<String, Tensor> weights() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        parameters.forEach(
                (name, array) -> weights.put(name, new Tensor(array.getShape().getShape(), Torch.values(array))));
        return weights;
    }

    /**
     * Replaces all weights.
     *
     * @throws IllegalArgumentException naming every parameter that is missing, left over or of another shape
     */
    public void load(Map<String, Tensor> weights) {
        List<String> faults = new ArrayList<>();
        parameters.forEach((name, array) -> {
            Tensor tensor = weights.get(name);
            if (tensor == null) {
                faults.add(name + " is missing");
            } else if (!Arrays.equals(tensor.shape(), array.getShape().getShape())) {
                faults.add(name + " has shape " + Arrays.toString(tensor.shape()) + ", not " + array.getShape());
            }
        });
        weights.keySet().stream()
                .filter(name -> !parameters.containsKey(name))
                .forEach(name -> faults.add(name + " belongs to no parameter"));
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("weights do not fit the network: " + String.join("; ", faults));
        }
        parameters.forEach((name, array) ->
                Torch.view(array).asFloatBuffer().put(weights.get(name).data()));
    }

    /**
     * One pass over a batch.
     *
     * @param features {@code [batch, frame, melBins]}, zero at and past an utterance's length; its manager owns every
     *     array of the pass
     * @param frames frames of each utterance
     */
    public Output forward(NDArray features, int[] frames, Mode mode) {
        return new ForwardPass(this, features, frames, mode).run();
    }

    @Override
    public void close() {
        manager.close();
    }

    /** A parameter by its name. */
    PtNDArray parameter(String name) {
        PtNDArray parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalStateException("no parameter " + name);
        }
        return parameter;
    }
}
