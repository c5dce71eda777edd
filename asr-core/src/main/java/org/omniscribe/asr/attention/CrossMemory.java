package org.omniscribe.asr.attention;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keys and values of the cross-attention for a batch of windows, in memory that ONNX Runtime reads and writes in place. The
 * first {@link #active} places take part in a call; a window that is finished changes places with the last of them, which
 * moves one window and not all. Not thread-safe.
 */
final class CrossMemory implements AutoCloseable {
    private static final int CHUNK = 1 << 16;
    /** Tensors begin at multiples of so many bytes. */
    private static final int ALIGNMENT = 64;

    private final OrtEnvironment environment;
    private final Map<String, TensorInfo> infos;
    private final ByteBuffer slab;
    /** The bytes of each tensor, and how many of them each window has. */
    private final Map<String, ByteBuffer> values = new LinkedHashMap<>();

    private final int steps;
    private final long[] lengths;
    private final int[] window;
    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    private int active;

    /**
     * @param infos type and shape of the tensors; the first axis is that of the windows, others are fixed, or of the steps
     * @param lengths steps of each window
     * @param slab memory for all of them, as many bytes as {@link #bytes} says
     */
    CrossMemory(OrtEnvironment environment, Map<String, TensorInfo> infos, long[] lengths, ByteBuffer slab) {
        this.environment = environment;
        this.infos = infos;
        this.lengths = lengths;
        this.slab = slab;
        steps = steps(lengths);
        int at = 0;
        for (Map.Entry<String, TensorInfo> info : infos.entrySet()) {
            int size = Math.toIntExact(bytes(info.getValue(), lengths.length, steps));
            values.put(info.getKey(), slab.slice(at, size).order(ByteOrder.nativeOrder()));
            at += aligned(size);
        }
        window = new int[lengths.length];
        for (int w = 0; w < window.length; w++) {
            window[w] = w;
        }
        active = window.length;
    }

    private static int steps(long[] lengths) {
        return (int) Arrays.stream(lengths).max().orElseThrow();
    }

    /** Bytes of memory for windows of so many steps. */
    static long bytes(Map<String, TensorInfo> infos, long[] lengths) {
        return infos.values().stream()
                .mapToLong(info -> aligned(bytes(info, lengths.length, steps(lengths))))
                .sum();
    }

    private static long bytes(TensorInfo info, int windows, int steps) {
        long size = info.type.size;
        for (long extent : shape(info, windows, steps)) {
            size = Math.multiplyExact(size, extent);
        }
        return size;
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static int aligned(int bytes) {
        return Math.toIntExact(aligned((long) bytes));
    }

    private static long[] shape(TensorInfo info, int windows, int steps) {
        long[] shape = info.getShape();
        for (int axis = 1; axis < shape.length; axis++) {
            shape[axis] = shape[axis] < 0 ? steps : shape[axis];
        }
        shape[0] = windows;
        return shape;
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
        return steps;
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
        byte[] one = new byte[CHUNK];
        byte[] other = new byte[CHUNK];
        for (ByteBuffer bytes : values.values()) {
            int block = bytes.capacity() / window.length;
            for (int done = 0; done < block; done += CHUNK) {
                int n = Math.min(CHUNK, block - done);
                bytes.get(place * block + done, one, 0, n);
                bytes.get(active * block + done, other, 0, n);
                bytes.put(place * block + done, other, 0, n);
                bytes.put(active * block + done, one, 0, n);
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
            for (Map.Entry<String, TensorInfo> info : infos.entrySet()) {
                long[] shape = shape(info.getValue(), active, steps);
                ByteBuffer bytes = values.get(info.getKey());
                ByteBuffer used = bytes.slice(0, bytes.capacity() / window.length * active)
                        .order(ByteOrder.nativeOrder());
                tensors.put(info.getKey(), OnnxTensor.createTensor(environment, used, shape, info.getValue().type));
            }
        }
        map.putAll(tensors);
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
        tensors.clear();
    }
}
