package org.omniscribe.export.onnx;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.export.checkpoint.OmniRouterParameters;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/** Networks with random weights, of about the size that training finds. */
final class RandomNetwork {
    private RandomNetwork() {}

    /** Parameters of a network; the same for the same seed. */
    static Map<String, Tensor> parameters(Architecture architecture, long seed) {
        Random random = new Random(seed);
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        OmniRouterParameters.shapes(architecture).forEach((name, shape) -> {
            int count = 1;
            for (long size : shape) {
                count *= (int) size;
            }
            double mean = name.endsWith("norm.weight") ? 1 : 0;
            double deviation = 1 / Math.sqrt((double) count / shape[0]);
            if (name.startsWith("routers.") || name.equals("position.bias")) {
                deviation = 0.4;
            } else if (shape.length == 1) {
                deviation = 0.2;
            }
            float[] data = new float[count];
            for (int i = 0; i < count; i++) {
                data[i] = (float) (mean + deviation * random.nextGaussian());
            }
            parameters.put(name, new Tensor(shape, data));
        });
        return parameters;
    }

    /** Normally distributed features. */
    static float[][] features(int frames, int bins, long seed) {
        Random random = new Random(seed);
        float[][] features = new float[frames][bins];
        for (float[] frame : features) {
            for (int i = 0; i < bins; i++) {
                frame[i] = (float) random.nextGaussian();
            }
        }
        return features;
    }
}
