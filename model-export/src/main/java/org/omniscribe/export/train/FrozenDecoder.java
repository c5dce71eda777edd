package org.omniscribe.export.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/**
 * Whisper's text decoder (Radford et al. 2022, arXiv 2212.04356, section 2.2) with weights that never change. It says how
 * likely each token of a given text is, given the states of an encoder. Gradients flow to the states alone, so an encoder
 * can be trained to be read by it; nothing is computed for the weights.
 *
 * <p>Pre-norm layers: {@code x + SelfAttention(LN(x))} with a causal mask, {@code x + CrossAttention(LN(x), states)},
 * {@code x + W2 gelu(W1 LN(x))}. Token embeddings are also the matrix of the output.
 */
public final class FrozenDecoder implements AutoCloseable {
    private static final double EPSILON = 1e-5;
    private static final float MASKED = -1e9f;

    private final NDManager manager;
    private final Map<String, PtNDArray> weights = new LinkedHashMap<>();
    private final int layers;
    private final int heads;
    private final int width;
    private final int maxTokens;

    /**
     * Copies the weights of a decoder.
     *
     * @param tensors the decoder's tensors by the names of {@link #names(int)}; others are ignored
     * @param layers number of layers, at least 1
     * @param heads attention heads, which divide the width
     * @param parent owner of the native memory
     * @throws IllegalArgumentException naming every tensor that is missing
     */
    public FrozenDecoder(Map<String, Tensor> tensors, int layers, int heads, NDManager parent) {
        List<String> missing = names(layers).stream()
                .filter(name -> !tensors.containsKey(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("the decoder lacks " + String.join(", ", missing));
        }
        this.layers = layers;
        this.heads = heads;
        this.manager = parent.newSubManager();
        for (String name : names(layers)) {
            Tensor tensor = tensors.get(name);
            weights.put(name, Torch.array(manager, tensor.data(), new Shape(tensor.shape())));
        }
        this.width = (int) tensors.get("decoder.embedding.weight").shape()[1];
        this.maxTokens = (int) tensors.get("decoder.position.weight").shape()[0];
        if (width % heads != 0) {
            manager.close();
            throw new IllegalArgumentException("width " + width + " is not a multiple of heads " + heads);
        }
    }

    /**
     * The tensors of a decoder with so many layers, as the importer of checkpoints names them. Matrices are
     * {@code [out][in]}; those of queries, keys and values lie one below the other.
     */
    public static List<String> names(int layers) {
        List<String> names = new ArrayList<>(List.of("decoder.embedding.weight", "decoder.position.weight"));
        for (int l = 0; l < layers; l++) {
            for (String part : List.of(
                    "attention.norm",
                    "attention.qkv",
                    "attention.out",
                    "cross.norm",
                    "cross.query",
                    "cross.kv",
                    "cross.out",
                    "ffn.norm",
                    "ffn.in",
                    "ffn.out")) {
                names.add("decoder.layers." + l + "." + part + ".weight");
                names.add("decoder.layers." + l + "." + part + ".bias");
            }
        }
        names.add("decoder.norm.weight");
        names.add("decoder.norm.bias");
        return names;
    }

    /** Number of tokens that the decoder knows. */
    public int vocabulary() {
        return (int) weight("embedding.weight").getShape().get(0);
    }

    /**
     * Log-probabilities of what follows each token of given texts.
     *
     * @param states {@code [text, step, width]}; its manager owns every array of the pass
     * @param lengths steps of each text that are not padding
     * @param tokens prompt and text of each, at least {@code first + 1} and at most as many as the decoder has positions
     *     for, plus one
     * @param first index of the first token whose probability is asked for, at least 1
     * @return {@code [n, vocabulary]}: for each text in turn, the distributions of its tokens {@code first, first + 1, …}
     */
    public NDArray logProbs(NDArray states, int[] lengths, int[][] tokens, int first) {
        check(states, lengths, tokens, first);
        return new Pass(states, lengths, tokens).run(first);
    }

    private void check(NDArray states, int[] lengths, int[][] tokens, int first) {
        if (states.getShape().get(0) != lengths.length || tokens.length != lengths.length) {
            throw new IllegalArgumentException("states of " + states.getShape() + " for " + lengths.length
                    + " lengths and " + tokens.length + " texts");
        }
        for (int[] text : tokens) {
            if (first < 1 || text.length <= first || text.length > maxTokens + 1) {
                throw new IllegalArgumentException("a text of " + text.length + " tokens from " + first
                        + "; the decoder takes " + (first + 1) + " to " + (maxTokens + 1));
            }
        }
    }

    @Override
    public void close() {
        manager.close();
    }

    private PtNDArray weight(String name) {
        return weights.get("decoder." + name);
    }

    private final class Pass {
        private final NDManager step;
        private final NDArray states;
        private final int[][] tokens;
        private final int batch;
        private final int inputs;
        private final NDArray scale;
        private final NDArray causal;
        private final NDArray padding;

        Pass(NDArray states, int[] lengths, int[][] tokens) {
            this.step = states.getManager();
            this.states = states;
            this.tokens = tokens;
            this.batch = tokens.length;
            this.inputs =
                    Arrays.stream(tokens).mapToInt(t -> t.length - 1).max().orElseThrow();
            this.scale = step.full(new Shape(1), (float) (1 / Math.sqrt((double) width / heads)));
            this.causal = Torch.array(step, causal(inputs), new Shape(1, 1, inputs, inputs));
            int steps = (int) states.getShape().get(1);
            float[] hidden = new float[batch * steps];
            for (int b = 0; b < batch; b++) {
                Arrays.fill(hidden, b * steps + lengths[b], (b + 1) * steps, MASKED);
            }
            this.padding = Torch.array(step, hidden, new Shape(batch, 1, 1, steps));
        }

        private static float[] causal(int inputs) {
            float[] mask = new float[inputs * inputs];
            for (int i = 0; i < inputs; i++) {
                Arrays.fill(mask, i * inputs + i + 1, (i + 1) * inputs, MASKED);
            }
            return mask;
        }

        NDArray run(int first) {
            long[] ids = new long[batch * inputs];
            long[] places = new long[batch * inputs];
            for (int b = 0; b < batch; b++) {
                for (int u = 0; u < inputs; u++) {
                    // What follows a text is not looked at; any token will do.
                    ids[b * inputs + u] = u < tokens[b].length ? tokens[b][u] : tokens[b][0];
                    places[b * inputs + u] = u;
                }
            }
            NDArray x = rows(ids, weight("embedding.weight"))
                    .add(rows(places, weight("position.weight")))
                    .reshape(batch, inputs, width);
            for (int l = 0; l < layers; l++) {
                String layer = "layers." + l + ".";
                NDList qkv = linear(norm(x, layer + "attention.norm"), layer + "attention.qkv")
                        .split(3, 2);
                x = x.add(linear(attend(qkv.get(0), qkv.get(1), qkv.get(2), causal), layer + "attention.out"));
                NDArray query = linear(norm(x, layer + "cross.norm"), layer + "cross.query");
                NDList kv = linear(states, layer + "cross.kv").split(2, 2);
                x = x.add(linear(attend(query, kv.get(0), kv.get(1), padding), layer + "cross.out"));
                NDArray inner = linear(norm(x, layer + "ffn.norm"), layer + "ffn.in");
                x = x.add(linear(JniUtils.gelu((PtNDArray) inner), layer + "ffn.out"));
            }
            long[] asked = IntStream.range(0, batch)
                    .boxed()
                    .flatMap(b ->
                            IntStream.range(first - 1, tokens[b].length - 1).mapToObj(u -> b * inputs + u))
                    .mapToLong(Integer::longValue)
                    .toArray();
            PtNDArray flat = (PtNDArray) x.reshape((long) batch * inputs, width);
            NDArray chosen = JniUtils.embedding(Torch.array(step, asked, new Shape(asked.length)), flat, false);
            NDArray logits = JniUtils.linear((PtNDArray) norm(chosen, "norm"), weight("embedding.weight"), null);
            return logits.logSoftmax(-1);
        }

        private NDArray attend(NDArray query, NDArray key, NDArray value, NDArray bias) {
            NDArray scores = heads(query.mul(scale)).matMul(heads(key).transpose(0, 1, 3, 2));
            NDArray mixed = scores.add(bias).softmax(-1).matMul(heads(value));
            return mixed.transpose(0, 2, 1, 3).reshape(batch, inputs, width);
        }

        private NDArray heads(NDArray x) {
            return x.reshape(batch, x.getShape().get(1), heads, width / heads).transpose(0, 2, 1, 3);
        }

        private NDArray rows(long[] index, PtNDArray table) {
            return JniUtils.embedding(Torch.array(step, index, new Shape(index.length)), table, false);
        }

        private NDArray norm(NDArray x, String name) {
            return JniUtils.layerNorm(
                    (PtNDArray) x, new Shape(width), weight(name + ".weight"), weight(name + ".bias"), EPSILON);
        }

        private NDArray linear(NDArray x, String name) {
            return JniUtils.linear((PtNDArray) x, weight(name + ".weight"), weight(name + ".bias"));
        }
    }
}
