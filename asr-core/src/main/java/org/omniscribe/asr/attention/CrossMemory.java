package org.omniscribe.asr.attention;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Keys and values of the cross-attention for a batch of windows, in memory that ONNX Runtime reads and writes in place. The
 * first {@link #active} places take part in a call; a window that is finished changes places with the last of them, which
 * moves one window and not all. Not thread-safe.
 */
final class CrossMemory implements AutoCloseable {
    private static final int CHUNK = 1 << 14;

    private final OrtEnvironment environment;
    private final String[] names;
    private final ByteBuffer slab;
    private final FloatBuffer[] values;
    private final long[][] shapes;
    private final long[] lengths;
    private final int[] window;
    private final List<OnnxTensor> tensors = new ArrayList<>();
    private int active;

    /**
     * @param names inputs of the decoder
     * @param shapes {@code [input]}: extents, the first being the number of windows
     * @param lengths steps of each window
     * @param slab memory for all of them
     */
    CrossMemory(OrtEnvironment environment, String[] names, long[][] shapes, long[] lengths, ByteBuffer slab) {
        this.environment = environment;
        this.names = names;
        this.shapes = shapes;
        this.lengths = lengths;
        this.slab = slab;
        values = new FloatBuffer[names.length];
        FloatBuffer all = slab.duplicate().order(ByteOrder.nativeOrder()).clear().asFloatBuffer();
        int at = 0;
        for (int i = 0; i < names.length; i++) {
            int size = Math.toIntExact(size(shapes[i]));
            values[i] = all.slice(at, size);
            at += size;
        }
        window = new int[lengths.length];
        for (int w = 0; w < window.length; w++) {
            window[w] = w;
        }
        active = window.length;
    }

    static long size(long[] shape) {
        long size = 1;
        for (long extent : shape) {
            size = Math.multiplyExact(size, extent);
        }
        return size;
    }

    /** The memory that it was given. */
    ByteBuffer slab() {
        return slab;
    }

    /** Windows that take part. */
    int active() {
        return active;
    }

    /** The window at a place. */
    int window(int place) {
        return window[place];
    }

    /** Steps of the windows that take part. */
    long[] lengths() {
        return Arrays.copyOf(lengths, active);
    }

    /** Steps of the longest window that was ever in the batch. */
    int steps() {
        return (int) shapes[0][shapes[0].length - 1];
    }

    /** All windows take part again, in the order that they have got into. */
    void restore() {
        active = window.length;
        close();
    }

    /** The window at a place takes part no longer; the last one that does takes its place. */
    void retire(int place) {
        close();
        active--;
        if (place == active) {
            return;
        }
        float[] one = new float[CHUNK];
        float[] other = new float[CHUNK];
        for (int i = 0; i < values.length; i++) {
            int block = values[i].capacity() / window.length;
            for (int done = 0; done < block; done += CHUNK) {
                int n = Math.min(CHUNK, block - done);
                values[i].get(place * block + done, one, 0, n);
                values[i].get(active * block + done, other, 0, n);
                values[i].put(place * block + done, other, 0, n);
                values[i].put(active * block + done, one, 0, n);
            }
        }
        int w = window[place];
        window[place] = window[active];
        window[active] = w;
        long length = lengths[place];
        lengths[place] = lengths[active];
        lengths[active] = length;
    }

    /** Puts the tensors of the windows that take part among inputs or outputs; they stay this object's. */
    void addTo(Map<String, OnnxTensor> map) throws OrtException {
        if (tensors.isEmpty()) {
            for (int i = 0; i < names.length; i++) {
                long[] shape = shapes[i].clone();
                shape[0] = active;
                tensors.add(OnnxTensor.createTensor(environment, values[i].slice(0, (int) size(shape)), shape));
            }
        }
        for (int i = 0; i < names.length; i++) {
            map.put(names[i], tensors.get(i));
        }
    }

    @Override
    public void close() {
        tensors.forEach(OnnxTensor::close);
        tensors.clear();
    }
}
