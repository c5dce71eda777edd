package org.omniscribe.export.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.model.AcousticModel;

/** An exported network in ONNX Runtime. */
final class OrtNetwork implements AutoCloseable {
    private static final OrtEnvironment ENVIRONMENT = environment();

    private final OrtSession session;

    /** The only one of this process; DJL wants to be the one who makes it. */
    static OrtEnvironment environment() {
        return AcousticModel.environment();
    }

    OrtNetwork(byte[] model) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            session = ENVIRONMENT.createSession(model, options);
        }
    }

    /**
     * @param logProbs [utterance][step][token]
     * @param phones [utterance][step][phone]; null without a phone read-out
     * @param lengths [utterance]
     * @param expert [layer][utterance][step]
     * @param probability [layer][utterance][step]
     */
    record Result(
            float[][][] logProbs, float[][][] phones, long[] lengths, int[][][] expert, float[][][] probability) {}

    /** Runs a batch whose utterances are padded to a number of frames with a value. */
    Result run(List<float[][]> batch, int frames, int bins, float padding) throws OrtException {
        float[] features = padded(batch, frames, bins, padding);
        long[] lengths = batch.stream().mapToLong(utterance -> utterance.length).toArray();
        try (OnnxTensor x = OnnxTensor.createTensor(
                        ENVIRONMENT, FloatBuffer.wrap(features), new long[] {batch.size(), frames, bins});
                OnnxTensor l = OnnxTensor.createTensor(ENVIRONMENT, lengths);
                OrtSession.Result result = session.run(Map.of("features", x, "lengths", l))) {
            return new Result(
                    (float[][][]) result.get("log_probs").orElseThrow().getValue(),
                    result.get("phone_log_probs").isEmpty()
                            ? null
                            : (float[][][]) result.get("phone_log_probs").get().getValue(),
                    (long[]) result.get("output_lengths").orElseThrow().getValue(),
                    (int[][][]) result.get("expert_index").orElseThrow().getValue(),
                    (float[][][]) result.get("expert_prob").orElseThrow().getValue());
        }
    }

    /** A batch as one array, [utterance][frame][bin]. */
    static float[] padded(List<float[][]> batch, int frames, int bins, float padding) {
        float[] features = new float[batch.size() * frames * bins];
        Arrays.fill(features, padding);
        for (int b = 0; b < batch.size(); b++) {
            float[][] utterance = batch.get(b);
            for (int t = 0; t < utterance.length; t++) {
                System.arraycopy(utterance[t], 0, features, (b * frames + t) * bins, bins);
            }
        }
        return features;
    }

    /** One more output for one utterance. */
    Object output(String name, float[][] utterance, int bins) throws OrtException {
        float[] features = padded(List.<float[][]>of(utterance), utterance.length, bins, 0);
        try (OnnxTensor x = OnnxTensor.createTensor(
                        ENVIRONMENT, FloatBuffer.wrap(features), new long[] {1, utterance.length, bins});
                OnnxTensor l = OnnxTensor.createTensor(ENVIRONMENT, new long[] {utterance.length});
                OrtSession.Result result = session.run(Map.of("features", x, "lengths", l))) {
            return result.get(name).orElseThrow().getValue();
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
