package org.omniscribe.export.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;
import org.omniscribe.asr.model.AttentionSpec;

/** The three graphs of an encoder-decoder model in ONNX Runtime. */
final class WhisperGraphs implements AutoCloseable {
    private static final OrtEnvironment ENVIRONMENT = OrtNetwork.environment();

    private final AttentionSpec spec;
    private final OrtSession encoder;
    private final OrtSession cross;
    private final OrtSession decoder;
    private final Map<String, OnnxTensor> crossTensors = new HashMap<>();
    private Map<String, OnnxTensor> past = new HashMap<>();
    private OrtSession.Result owned;
    private long[] lengths;

    WhisperGraphs(AttentionSpec spec, byte[] encoder, byte[] cross, byte[] decoder, int threads) throws OrtException {
        this.spec = spec;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            this.encoder = ENVIRONMENT.createSession(encoder, options);
            this.cross = ENVIRONMENT.createSession(cross, options);
            this.decoder = ENVIRONMENT.createSession(decoder, options);
        }
    }

    /**
     * @param features [row][frame][bin] in a row, all of as many frames
     * @return [row][step][width]
     */
    float[][][] encode(float[] features, long[] frames, int bins) throws OrtException {
        long rows = frames.length;
        try (OnnxTensor x = floats(features, rows, features.length / rows / bins, bins);
                OnnxTensor l = longs(frames, rows);
                OrtSession.Result result = encoder.run(Map.of("features", x, "lengths", l))) {
            lengths = (long[]) result.get("output_lengths").orElseThrow().getValue();
            return (float[][][]) result.get("encoded").orElseThrow().getValue();
        }
    }

    long[] lengths() {
        return lengths;
    }

    /** Begins windows: keys and values of what an encoder gave. */
    void begin(float[][][] encoded) throws OrtException {
        forget();
        try (OnnxTensor x = OnnxTensor.createTensor(ENVIRONMENT, encoded)) {
            OrtSession.Result result = cross.run(Map.of("encoded", x));
            owned = result;
            result.forEach(entry -> crossTensors.put(entry.getKey(), (OnnxTensor) entry.getValue()));
        }
        for (int layer = 0; layer < spec.layers(); layer++) {
            for (String kind : new String[] {"key", "value"}) {
                past.put(
                        "past_" + kind + "_" + layer,
                        floats(new float[0], encoded.length, spec.heads(), 0, spec.headWidth()));
            }
        }
    }

    /**
     * What a step gives.
     *
     * @param logProbs [window][hypothesis][token of it][token]
     * @param topLogProbs [window][hypothesis][token of it][rank]
     * @param topTokens likewise
     * @param alignment [window][hypothesis][token of it][head][step]
     */
    record Step(float[][][][] logProbs, float[][][][] topLogProbs, long[][][][] topTokens, float[][][][][] alignment) {}

    /**
     * Takes hypotheses further.
     *
     * @param tokens [window][hypothesis][token]
     * @param parents row of the last step that each continues
     */
    Step step(long[][][] tokens, long[] parents, float[] suppress, long count) throws OrtException {
        return step(tokens, parents, suppress, count, tokens[0][0].length);
    }

    /** The same, of the last tokens only. */
    Step step(long[][][] tokens, long[] parents, float[] suppress, long count, long wanted) throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>(past);
        inputs.putAll(crossTensors);
        try (OnnxTensor t = OnnxTensor.createTensor(ENVIRONMENT, tokens);
                OnnxTensor p = longs(parents, parents.length);
                OnnxTensor l = longs(lengths, lengths.length);
                OnnxTensor s = floats(suppress, suppress.length);
                OnnxTensor c = longs(new long[] {count}, 1);
                OnnxTensor w = longs(new long[] {wanted}, 1)) {
            inputs.putAll(
                    Map.of("tokens", t, "parents", p, "cross_lengths", l, "suppress", s, "count", c, "wanted", w));
            OrtSession.Result result = decoder.run(inputs);
            past.values().forEach(OnnxTensor::close);
            past = new HashMap<>();
            result.forEach(entry -> {
                if (entry.getKey().startsWith("present")) {
                    past.put(entry.getKey().replace("present", "past"), (OnnxTensor) entry.getValue());
                }
            });
            return new Step(
                    (float[][][][]) result.get("log_probs").orElseThrow().getValue(),
                    (float[][][][]) result.get("top_log_probs").orElseThrow().getValue(),
                    (long[][][][]) result.get("top_tokens").orElseThrow().getValue(),
                    (float[][][][][]) result.get("alignment").orElseThrow().getValue());
        }
    }

    private static OnnxTensor floats(float[] data, long... shape) throws OrtException {
        return OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(data), shape);
    }

    private static OnnxTensor longs(long[] data, long... shape) throws OrtException {
        return OnnxTensor.createTensor(ENVIRONMENT, LongBuffer.wrap(data), shape);
    }

    private void forget() {
        past.values().forEach(OnnxTensor::close);
        past = new HashMap<>();
        if (owned != null) {
            owned.close();
        }
        crossTensors.clear();
    }

    @Override
    public void close() throws OrtException {
        forget();
        encoder.close();
        cross.close();
        decoder.close();
    }
}
