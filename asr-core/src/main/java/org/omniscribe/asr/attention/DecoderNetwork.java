package org.omniscribe.asr.attention;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.AttentionSpec;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.NetworkFile;
import org.omniscribe.asr.model.RuntimeOptions;

/** The two graphs of a decoder: keys and values of the cross-attention, and the decoder itself. Thread-safe. */
final class DecoderNetwork implements AutoCloseable {
    private final AttentionSpec spec;
    private final OrtEnvironment environment;
    private final OrtSession cross;
    private final OrtSession decoder;
    /** What the one graph gives and the other takes, whatever the types. */
    private final Map<String, TensorInfo> crossInfos;

    private final List<OnnxTensor> masks = new ArrayList<>();
    /** Memory of the last batch, for the next. */
    private final AtomicReference<ByteBuffer> spare = new AtomicReference<>();

    private DecoderNetwork(AttentionSpec spec, OrtEnvironment environment, OrtSession cross, OrtSession decoder)
            throws OrtException {
        this.spec = spec;
        this.environment = environment;
        this.cross = cross;
        this.decoder = decoder;
        crossInfos = new LinkedHashMap<>();
        cross.getOutputInfo().forEach((name, info) -> {
            if (info.getInfo() instanceof TensorInfo tensor) {
                crossInfos.put(name, tensor);
            }
        });
    }

    /**
     * Loads both graphs.
     *
     * @throws ModelException if one cannot be read or does not have the inputs and outputs of a decoder
     */
    static DecoderNetwork open(AttentionSpec spec, NetworkFile cross, NetworkFile decoder, RuntimeOptions options) {
        OrtEnvironment environment = AcousticModel.environment();
        OrtSession first = null;
        OrtSession second = null;
        try {
            first = session(cross, options);
            second = session(decoder, options);
            DecoderNetwork network = new DecoderNetwork(spec, environment, first, second);
            network.check();
            return network;
        } catch (OrtException | IOException | RuntimeException e) {
            closeAll(first, second);
            throw new ModelException(
                    "the decoder cannot be loaded (" + e.getMessage()
                            + "). Export the model again for the ONNX Runtime in use, or give Java and the system more"
                            + " memory.",
                    e);
        }
    }

    /** On the device asked for; on the processor where there is none, of which the encoder has warned already. */
    private static OrtSession session(NetworkFile file, RuntimeOptions options) throws OrtException, IOException {
        if (options.device() == RuntimeOptions.Device.GPU) {
            try {
                return file.open(options, true);
            } catch (OrtException e) {
                return file.open(options, false);
            }
        }
        return file.open(options, false);
    }

    private static void closeAll(AutoCloseable... opened) {
        for (AutoCloseable one : opened) {
            try {
                if (one != null) {
                    one.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException("a session could not be closed", e);
            }
        }
    }

    private void check() {
        List<String> faults = new ArrayList<>();
        Set<String> inputs =
                new LinkedHashSet<>(List.of("tokens", "parents", "cross_lengths", "suppress", "count", "wanted"));
        inputs.addAll(crossInfos.keySet());
        inputs.addAll(List.of(names("past_key_", "past_value_")));
        Set<String> outputs = new LinkedHashSet<>(List.of("log_probs", "top_log_probs", "top_tokens"));
        outputs.addAll(List.of(names("present_key_", "present_value_")));
        if (!spec.alignmentHeads().isEmpty()) {
            outputs.add("alignment");
        }
        compare(faults, "cross.onnx: input", Set.of("encoded"), cross.getInputNames(), true);
        compare(
                faults,
                "cross.onnx: output",
                Set.of(names("cross_key_", "cross_value_")),
                cross.getOutputNames(),
                false);
        compare(faults, "decoder.onnx: input", inputs, decoder.getInputNames(), true);
        compare(faults, "decoder.onnx: output", outputs, decoder.getOutputNames(), false);
        if (!faults.isEmpty()) {
            throw new ModelException(String.join("; ", faults));
        }
    }

    private static void compare(
            List<String> faults, String kind, Set<String> wanted, Set<String> found, boolean exactly) {
        wanted.stream()
                .filter(name -> !found.contains(name))
                .forEach(name -> faults.add(kind + " \"" + name + "\" is missing"));
        found.stream()
                .filter(name -> exactly && !wanted.contains(name))
                .forEach(name -> faults.add(kind + " \"" + name + "\" is unknown"));
    }

    private String[] names(String key, String value) {
        String[] names = new String[2 * spec.layers()];
        for (int l = 0; l < spec.layers(); l++) {
            names[2 * l] = key + l;
            names[2 * l + 1] = value + l;
        }
        return names;
    }

    /**
     * Keeps a mask on tokens for as long as this network is open.
     *
     * @param forbidden {@code [vocabulary]}
     * @return its number
     */
    int mask(boolean[] forbidden) {
        FloatBuffer values = floats(forbidden.length);
        for (boolean no : forbidden) {
            values.put(no ? -1e30f : 0);
        }
        try {
            masks.add(OnnxTensor.createTensor(environment, values.flip(), new long[] {forbidden.length}));
        } catch (OrtException e) {
            throw failure(e);
        }
        return masks.size() - 1;
    }

    private static FloatBuffer floats(long size) {
        return memory(Math.multiplyExact(Float.BYTES, size)).asFloatBuffer();
    }

    private static ByteBuffer memory(long bytes) {
        return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    }

    /** Bytes of the cross-attention's keys and values for each step of a window. */
    long bytesAStep() {
        return CrossMemory.bytes(crossInfos, new long[] {1});
    }

    /**
     * Computes what the decoder attends to.
     *
     * @param windows of the encoder's width
     * @return to be handed back with {@link #release}
     */
    CrossMemory cross(List<EncodedWindow> windows) {
        int batch = windows.size();
        int steps = windows.stream().mapToInt(EncodedWindow::steps).max().orElseThrow();
        int width = spec.width();
        long[] lengths = windows.stream().mapToLong(EncodedWindow::steps).toArray();
        FloatBuffer encoded = floats((long) batch * steps * width);
        for (int b = 0; b < batch; b++) {
            encoded.position(b * steps * width).put(windows.get(b).encoded());
        }
        CrossMemory memory =
                new CrossMemory(environment, crossInfos, lengths, slab(CrossMemory.bytes(crossInfos, lengths)));
        try (OnnxTensor input =
                OnnxTensor.createTensor(environment, encoded.rewind(), new long[] {batch, steps, width})) {
            Map<String, OnnxTensor> outputs = new HashMap<>();
            memory.addTo(outputs);
            cross.run(Map.of("encoded", input), outputs).close();
            return memory;
        } catch (OrtException e) {
            memory.close();
            throw failure(e);
        }
    }

    private ByteBuffer slab(long bytes) {
        ByteBuffer last = spare.getAndSet(null);
        return last != null && last.capacity() >= bytes ? last : memory(bytes);
    }

    /** Frees what {@link #cross} made; its room is kept for the next batch. */
    void release(CrossMemory memory) {
        memory.close();
        spare.set(memory.slab());
    }

    /** Begins texts, one for each window that takes part. */
    Past begin(CrossMemory memory) {
        try {
            return new Past(memory);
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    /**
     * What a call gives; log-probabilities are those of the tokens that follow the last one read.
     *
     * @param topLogProbs {@code [hypothesis][count]} in a row, the likeliest first, where asked for
     * @param topTokens the same of their tokens
     * @param logProbs {@code [hypothesis][vocabulary]} in a row, where asked for
     * @param alignment {@code [hypothesis][position][alignment head][step]} in a row, where asked for
     */
    record Output(float[] topLogProbs, long[] topTokens, float[] logProbs, float[] alignment) {}

    /**
     * What a call shall give.
     *
     * @param mask number of the mask on tokens
     * @param count tokens of the top lists
     * @param lists whether the top lists are handed over
     * @param logProbs whether the log-probabilities of the whole vocabulary are
     * @param alignment whether the weights of the alignment heads are
     */
    record Request(int mask, int count, boolean lists, boolean logProbs, boolean alignment) {}

    /** The self-attention's keys and values of texts that are being written: outputs of one call, inputs of the next. */
    final class Past implements AutoCloseable {
        private final CrossMemory memory;
        private final List<OnnxTensor> begun = new ArrayList<>();
        private OrtSession.Result last;
        private int length;

        private Past(CrossMemory memory) throws OrtException {
            this.memory = memory;
            long[] shape = {memory.active(), spec.heads(), 0, spec.headWidth()};
            for (int i = 0; i < 2 * spec.layers(); i++) {
                begun.add(OnnxTensor.createTensor(environment, floats(0), shape));
            }
        }

        /** Tokens so far. */
        int length() {
            return length;
        }

        /**
         * Reads tokens.
         *
         * @param tokens {@code [window][hypothesis][position]} in a row, for the windows that take part
         * @param parents for each hypothesis the row of the call before that it continues
         */
        Output step(long[] tokens, long[] parents, Request request) {
            int windows = memory.active();
            int rows = parents.length;
            int positions = tokens.length / rows;
            Map<String, OnnxTensor> inputs = new HashMap<>();
            List<OnnxTensor> own = new ArrayList<>();
            try {
                own.add(longs(tokens, windows, rows / windows, positions));
                own.add(longs(parents, rows));
                own.add(longs(memory.lengths(), windows));
                own.add(longs(new long[] {request.count}, 1));
                own.add(longs(new long[] {1}, 1));
                List<String> names = List.of("tokens", "parents", "cross_lengths", "count", "wanted");
                for (int i = 0; i < names.size(); i++) {
                    inputs.put(names.get(i), own.get(i));
                }
                inputs.put("suppress", masks.get(request.mask));
                memory.addTo(inputs);
                addTo(inputs);
                OrtSession.Result result = decoder.run(inputs, outputs(request));
                close();
                last = result;
                length += positions;
                return new Output(
                        request.lists ? floats(result, "top_log_probs") : new float[0],
                        request.lists ? longs(result, "top_tokens") : new long[0],
                        request.logProbs ? floats(result, "log_probs") : new float[0],
                        request.alignment ? floats(result, "alignment") : new float[0]);
            } catch (OrtException e) {
                throw failure(e);
            } finally {
                own.forEach(OnnxTensor::close);
            }
        }

        private void addTo(Map<String, OnnxTensor> inputs) {
            String[] past = names("past_key_", "past_value_");
            String[] present = names("present_key_", "present_value_");
            for (int i = 0; i < past.length; i++) {
                inputs.put(
                        past[i],
                        last == null
                                ? begun.get(i)
                                : (OnnxTensor) last.get(present[i]).orElseThrow());
            }
        }

        private Set<String> outputs(Request request) {
            Set<String> outputs = new LinkedHashSet<>(Arrays.asList(names("present_key_", "present_value_")));
            if (request.lists) {
                outputs.add("top_log_probs");
                outputs.add("top_tokens");
            }
            if (request.logProbs) {
                outputs.add("log_probs");
            }
            if (request.alignment) {
                outputs.add("alignment");
            }
            return outputs;
        }

        @Override
        public void close() {
            if (last != null) {
                last.close();
                last = null;
            }
            begun.forEach(OnnxTensor::close);
            begun.clear();
        }
    }

    private OnnxTensor longs(long[] values, long... shape) throws OrtException {
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
    }

    private static float[] floats(OrtSession.Result result, String name) {
        FloatBuffer values = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
        float[] array = new float[values.remaining()];
        values.get(array);
        return array;
    }

    private static long[] longs(OrtSession.Result result, String name) {
        LongBuffer values = ((OnnxTensor) result.get(name).orElseThrow()).getLongBuffer();
        long[] array = new long[values.remaining()];
        values.get(array);
        return array;
    }

    private static ModelException failure(OrtException e) {
        return new ModelException(
                "the decoder failed (" + e.getMessage() + "). If memory ran out, use shorter windows or fewer at once.",
                e);
    }

    @Override
    public void close() {
        masks.forEach(OnnxTensor::close);
        masks.clear();
        closeAll(cross, decoder);
    }
}
