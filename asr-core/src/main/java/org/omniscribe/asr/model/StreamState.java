package org.omniscribe.asr.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a network with state needs to know of the steps before a chunk. The graph says only what a chunk adds; how much of
 * the past stays is decided here. Not thread-safe.
 *
 * <p>Inputs of the graph: {@code first_step} int64[1]; for each layer L {@code past.L} float[B,P,2d], keys and values of
 * the last P steps, and {@code past_convolution.L} float[B,K-1,d] with a convolution of kernel K; {@code past_frames}
 * float[B,S/2+1,melBins] with a convolutional front end of stacking S. All zeros, and P zero, at the begin of an
 * utterance. Outputs: {@code present.L} float[B,T,2d] and {@code present_convolution.L} float[B,T,d].
 */
final class StreamState {
    static final String FIRST_STEP = "first_step";

    private final Architecture architecture;
    private final int rows;
    private final int mostPast;
    private final int convolutionRows;
    private final int frameRows;
    private final Tail[] past;
    private final float[][] convolution;
    private float[] frames;
    private int pastSteps;
    private long firstStep;

    /**
     * The begin of utterances.
     *
     * @param architecture the network
     * @param rows utterances of a batch; only one can go on
     * @param mostPast steps of the past to keep
     */
    StreamState(Architecture architecture, int rows, int mostPast) {
        this.architecture = architecture;
        this.rows = rows;
        this.mostPast = mostPast;
        convolutionRows = convolutionRows(architecture);
        frameRows = frameRows(architecture);
        past = new Tail[architecture.layers()];
        Arrays.setAll(past, layer -> new Tail(Math.multiplyExact(mostPast, 2 * architecture.width())));
        convolution = new float[architecture.layers()][rows * convolutionRows * architecture.width()];
        frames = new float[rows * frameRows * architecture.melBins()];
    }

    private static int convolutionRows(Architecture architecture) {
        return Math.max(0, architecture.convKernel() - 1);
    }

    private static int frameRows(Architecture architecture) {
        return architecture.subsampling() instanceof Subsampling.Conv conv ? conv.firstStride() + 1 : 0;
    }

    /** The inputs that a graph with state has for this, with their extents, -1 where they vary; all but one are floats. */
    static Map<String, Long[]> inputs(Architecture architecture) {
        Map<String, Long[]> inputs = new LinkedHashMap<>();
        inputs.put(FIRST_STEP, new Long[] {1L});
        for (int layer = 0; layer < architecture.layers(); layer++) {
            inputs.put("past." + layer, new Long[] {-1L, -1L, 2L * architecture.width()});
        }
        tails(architecture)
                .forEach((name, rows) -> inputs.put(name, new Long[] {
                    -1L,
                    (long) rows,
                    (long) (name.equals("past_frames") ? architecture.melBins() : architecture.width())
                }));
        return inputs;
    }

    /** The outputs, likewise. */
    static Map<String, Long[]> outputs(Architecture architecture) {
        Map<String, Long[]> outputs = new LinkedHashMap<>();
        for (int layer = 0; layer < architecture.layers(); layer++) {
            outputs.put("present." + layer, new Long[] {-1L, -1L, 2L * architecture.width()});
            if (convolutionRows(architecture) > 0) {
                outputs.put("present_convolution." + layer, new Long[] {-1L, -1L, (long) architecture.width()});
            }
        }
        return outputs;
    }

    /** Inputs of which always the same number of rows is kept. */
    private static Map<String, Integer> tails(Architecture architecture) {
        Map<String, Integer> tails = new LinkedHashMap<>();
        if (convolutionRows(architecture) > 0) {
            for (int layer = 0; layer < architecture.layers(); layer++) {
                tails.put("past_convolution." + layer, convolutionRows(architecture));
            }
        }
        if (frameRows(architecture) > 0) {
            tails.put("past_frames", frameRows(architecture));
        }
        return tails;
    }

    /** Adds the inputs for the next chunk. */
    void addTo(NDList inputs, NDManager manager) {
        int width = architecture.width();
        add(inputs, FIRST_STEP, manager.create(new long[] {firstStep}));
        for (int layer = 0; layer < architecture.layers(); layer++) {
            Shape shape = new Shape(rows, pastSteps, 2L * width);
            add(inputs, "past." + layer, manager.create(past[layer].view(), shape, DataType.FLOAT32));
            if (convolutionRows > 0) {
                add(
                        inputs,
                        "past_convolution." + layer,
                        manager.create(convolution[layer], new Shape(rows, convolutionRows, width)));
            }
        }
        if (frameRows > 0) {
            add(inputs, "past_frames", manager.create(frames, new Shape(rows, frameRows, architecture.melBins())));
        }
    }

    private static void add(NDList inputs, String name, NDArray array) {
        array.setName(name);
        inputs.add(array);
    }

    /**
     * Goes on to the next chunk of one utterance.
     *
     * @param outputs what the graph gave for this one
     * @param features its frames in a row
     * @param steps its steps
     */
    void advance(NDList outputs, float[] features, int steps) {
        int width = architecture.width();
        for (int layer = 0; layer < architecture.layers(); layer++) {
            past[layer].add(floats(outputs, "present." + layer));
            if (convolutionRows > 0) {
                convolution[layer] = last(
                        convolution[layer], floats(outputs, "present_convolution." + layer), convolutionRows * width);
            }
        }
        frames = last(frames, features, frameRows * architecture.melBins());
        pastSteps = Math.min(mostPast, pastSteps + steps);
        firstStep += steps;
    }

    private static float[] floats(NDList outputs, String name) {
        return outputs.get(name).toFloatArray();
    }

    /** The last elements of two arrays in a row. */
    private static float[] last(float[] before, float[] more, int most) {
        int length = Math.min(most, before.length + more.length);
        int ofMore = Math.min(length, more.length);
        int ofBefore = length - ofMore;
        float[] kept = Arrays.copyOfRange(before, before.length - ofBefore, before.length - ofBefore + length);
        System.arraycopy(more, more.length - ofMore, kept, ofBefore, ofMore);
        return kept;
    }
}
