package org.omniscribe.export.train;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/**
 * AdamW (Loshchilov and Hutter 2019) with clipping by global norm and a running average of the weights.
 *
 * <p>Works on the native memory of parameters and gradients directly, block by block and on all cores: one pass for the
 * norm, one for the update, which also averages the weights and clears the gradient. Vectors (biases, norms) do not
 * decay.
 */
public final class AdamW {
    private static final int BLOCK = 1 << 14;
    private static final float[] ZEROS = new float[BLOCK];
    private static final ThreadLocal<float[]> WEIGHTS = ThreadLocal.withInitial(() -> new float[BLOCK]);
    private static final ThreadLocal<float[]> GRADIENT = ThreadLocal.withInitial(() -> new float[BLOCK]);

    private final List<Slot> slots = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private final Settings settings;
    private long updates;

    /**
     * Constants of the update.
     *
     * @param beta1 decay of the mean gradient, 0..1
     * @param beta2 decay of the mean squared gradient, 0..1
     * @param epsilon added to the root of the mean square
     * @param decay weight decay a unit of learning rate
     * @param clip largest global norm of the gradient
     * @param average decay of the running average of the weights a step, 0..1; it starts faster, as (1 + n) / (10 + n)
     */
    public record Settings(float beta1, float beta2, float epsilon, float decay, float clip, float average) {}

    /** One parameter with its moments. */
    private static final class Slot {
        final String name;
        final PtNDArray parameter;
        final long[] shape;
        final boolean decays;
        final float[] mean;
        final float[] square;
        final float[] average;
        float share = 1;
        FloatBuffer weights;
        FloatBuffer gradient;

        Slot(String name, PtNDArray parameter) {
            this.name = name;
            this.parameter = parameter;
            this.shape = parameter.getShape().getShape();
            this.decays = shape.length > 1 && !name.startsWith("position.");
            int size = Math.toIntExact(parameter.size());
            this.mean = new float[size];
            this.square = new float[size];
            this.average = Torch.values(parameter);
            this.weights = view(parameter);
        }
    }

    private record Block(Slot slot, int from, int to) {}

    /** An optimiser of a network's parameters; the average starts at their values. */
    public AdamW(Map<String, PtNDArray> parameters, Settings settings) {
        this.settings = settings;
        parameters.forEach((name, parameter) -> {
            Slot slot = new Slot(name, parameter);
            slots.add(slot);
            for (int from = 0; from < slot.mean.length; from += BLOCK) {
                blocks.add(new Block(slot, from, Math.min(slot.mean.length, from + BLOCK)));
            }
        });
    }

    /**
     * Sets the learning rate of each parameter as a share of the common one.
     *
     * @param shares from a parameter's name, at least 0; with 0 it stays as it is, and so do its moments
     */
    public void shares(ToDoubleFunction<String> shares) {
        slots.forEach(slot -> slot.share = (float) shares.applyAsDouble(slot.name));
    }

    private static FloatBuffer view(PtNDArray array) {
        return Torch.view(array).asFloatBuffer();
    }

    /**
     * Updates the weights from the gradients of a backward pass and clears the gradients.
     *
     * @param rate learning rate
     * @param scale factor on all gradients, for instance one over the number of summed terms
     * @return the global norm of the scaled gradients before clipping; if it is not finite nothing is updated
     */
    public double step(double rate, double scale) {
        for (Slot slot : slots) {
            if (slot.gradient == null) {
                slot.gradient = gradient(slot.parameter);
            }
        }
        double norm = Math.sqrt(sum(AdamW::squares)) * scale;
        boolean finite = Double.isFinite(norm);
        if (finite) {
            updates++;
        }
        float factor = (float) (scale * Math.min(1, settings.clip() / (norm + 1e-12)));
        float c1 = (float) (1 / (1 - Math.pow(settings.beta1(), updates)));
        float c2 = (float) (1 / (1 - Math.pow(settings.beta2(), updates)));
        float keep = (float) Math.min(settings.average(), (1.0 + updates) / (10.0 + updates));
        sum(block -> {
            if (finite && block.slot.share > 0) {
                update(block, (float) rate * block.slot.share, factor, c1, c2, keep);
            }
            clear(block);
            return 0;
        });
        return norm;
    }

    /**
     * The memory of a parameter's gradient, or null if it took no part in any pass yet. DJL's own getGradient gives
     * zeros of its own then, which no later pass would ever fill.
     */
    private static FloatBuffer gradient(PtNDArray parameter) {
        PtNDArray gradient = JniUtils.getGradient(parameter);
        return gradient == null ? null : view(gradient);
    }

    private double sum(ToDoubleFunction<Block> work) {
        return blocks.parallelStream().mapToDouble(work).sum();
    }

    private static double squares(Block block) {
        if (block.slot.gradient == null || block.slot.share == 0) {
            return 0;
        }
        float[] g = GRADIENT.get();
        int n = block.to - block.from;
        block.slot.gradient.get(block.from, g, 0, n);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) g[i] * g[i];
        }
        return sum;
    }

    private void update(Block block, float rate, float factor, float c1, float c2, float keep) {
        Slot slot = block.slot;
        int n = block.to - block.from;
        float[] w = WEIGHTS.get();
        slot.weights.get(block.from, w, 0, n);
        // No gradient yet means zero: an expert that got no step moves on by its momentum all the same.
        float[] g = ZEROS;
        if (slot.gradient != null) {
            g = GRADIENT.get();
            slot.gradient.get(block.from, g, 0, n);
        }
        float b1 = settings.beta1();
        float b2 = settings.beta2();
        float epsilon = settings.epsilon();
        float shrink = slot.decays ? 1 - rate * settings.decay() : 1;
        float[] mean = slot.mean;
        float[] square = slot.square;
        int at = block.from;
        for (int i = 0; i < n; i++) {
            float v = g[i] * factor;
            float m = b1 * mean[at + i] + (1 - b1) * v;
            float s = b2 * square[at + i] + (1 - b2) * v * v;
            mean[at + i] = m;
            square[at + i] = s;
            w[i] = w[i] * shrink - rate * m * c1 / ((float) Math.sqrt(s * c2) + epsilon);
        }
        slot.weights.put(block.from, w, 0, n);
        float[] average = slot.average;
        for (int i = 0; i < n; i++) {
            average[block.from + i] += (1 - keep) * (w[i] - average[block.from + i]);
        }
    }

    private static void clear(Block block) {
        if (block.slot.gradient != null) {
            block.slot.gradient.put(block.from, ZEROS, 0, block.to - block.from);
        }
    }

    /** Updates done so far. */
    public long updates() {
        return updates;
    }

    /** Copies of the averaged weights. */
    public Map<String, Tensor> average() {
        Map<String, Tensor> average = new LinkedHashMap<>();
        for (Slot slot : slots) {
            average.put(slot.name, new Tensor(slot.shape, slot.average.clone()));
        }
        return average;
    }

    /** All of the optimiser's state as tensors: {@code mean.NAME}, {@code square.NAME} and {@code average.NAME}. */
    Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (Slot slot : slots) {
            state.put("mean." + slot.name, new Tensor(slot.shape, slot.mean));
            state.put("square." + slot.name, new Tensor(slot.shape, slot.square));
            state.put("average." + slot.name, new Tensor(slot.shape, slot.average));
        }
        return state;
    }

    /** Takes up the state of an earlier run. */
    void restore(Map<String, Tensor> state, long updatesDone) {
        for (Slot slot : slots) {
            copy(state, "mean." + slot.name, slot.mean);
            copy(state, "square." + slot.name, slot.square);
            copy(state, "average." + slot.name, slot.average);
        }
        updates = updatesDone;
    }

    private static void copy(Map<String, Tensor> state, String name, float[] target) {
        Tensor tensor = state.get(name);
        if (tensor == null || tensor.data().length != target.length) {
            throw new IllegalArgumentException("optimiser state " + name + " is missing or of another size");
        }
        System.arraycopy(tensor.data(), 0, target, 0, target.length);
    }
}
