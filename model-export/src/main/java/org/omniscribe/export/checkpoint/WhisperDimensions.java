package org.omniscribe.export.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sizes of a network of the Whisper family (Radford et al., "Robust Speech Recognition via Large-Scale Weak
 * Supervision", 2022): a convolutional stem and a pre-norm encoder, and a pre-norm decoder that reads it by cross-attention.
 * Encoder and decoder have one width, one number of heads and one width of their feed-forward blocks.
 *
 * @param melBins mel bins of a frame, 80, or 128 from large-v3 on
 * @param positions most steps of the encoder, 1500
 * @param width width of both streams
 * @param heads attention heads of every layer
 * @param mlpWidth inner width of the feed-forward blocks
 * @param encoderLayers layers of the encoder
 * @param decoderLayers layers of the decoder
 * @param vocabulary tokens
 * @param maxTokens most tokens of a window, prompt included, 448
 */
public record WhisperDimensions(
        int melBins,
        int positions,
        int width,
        int heads,
        int mlpWidth,
        int encoderLayers,
        int decoderLayers,
        int vocabulary,
        int maxTokens) {
    /** Width of one head in every published model. */
    static final int HEAD_WIDTH = 64;

    private static final int MAX_LAYERS = 64;
    private static final int MAX_SIZE = 1 << 20;

    /** Checks all sizes and reports every fault at once. */
    public WhisperDimensions {
        List<String> faults = new ArrayList<>();
        range(faults, "mel bins", melBins, MAX_SIZE);
        range(faults, "positions", positions, MAX_SIZE);
        range(faults, "width", width, MAX_SIZE);
        range(faults, "heads", heads, MAX_SIZE);
        range(faults, "mlp width", mlpWidth, MAX_SIZE);
        range(faults, "encoder layers", encoderLayers, MAX_LAYERS);
        range(faults, "decoder layers", decoderLayers, MAX_LAYERS);
        range(faults, "vocabulary", vocabulary, MAX_SIZE);
        range(faults, "tokens of a window", maxTokens, MAX_SIZE);
        if (heads > 0 && width % heads != 0) {
            faults.add("width " + width + " is no multiple of " + heads + " heads");
        }
        if (width % 2 != 0) {
            faults.add("width " + width + " is odd, and its sinusoids are in pairs");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    private static void range(List<String> faults, String name, int value, int most) {
        if (value < 1 || value > most) {
            faults.add(name + " must be from 1 to " + most + ", not " + value);
        }
    }

    /** Width of one head. */
    public int headWidth() {
        return width / heads;
    }

    /** Name and shape of every parameter, the encoder first. Matrices of linear layers are {@code [out][in]}. */
    public Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        long d = width;
        shapes.put("input.conv0.weight", new long[] {d, melBins, 3});
        shapes.put("input.conv0.bias", new long[] {d});
        shapes.put("input.conv1.weight", new long[] {d, d, 3});
        shapes.put("input.conv1.bias", new long[] {d});
        shapes.put("position.weight", new long[] {positions, d});
        for (int layer = 0; layer < encoderLayers; layer++) {
            String prefix = "layers." + layer + ".";
            attention(shapes, prefix);
            mlp(shapes, prefix, "ffn.experts.0.");
        }
        norm(shapes, "final.norm");
        shapes.put("decoder.embedding.weight", new long[] {vocabulary, d});
        shapes.put("decoder.position.weight", new long[] {maxTokens, d});
        for (int layer = 0; layer < decoderLayers; layer++) {
            String prefix = "decoder.layers." + layer + ".";
            attention(shapes, prefix);
            norm(shapes, prefix + "cross.norm");
            linear(shapes, prefix + "cross.query", d, d);
            linear(shapes, prefix + "cross.kv", 2 * d, d);
            linear(shapes, prefix + "cross.out", d, d);
            mlp(shapes, prefix, "ffn.");
        }
        norm(shapes, "decoder.norm");
        return shapes;
    }

    private void attention(Map<String, long[]> shapes, String prefix) {
        norm(shapes, prefix + "attention.norm");
        linear(shapes, prefix + "attention.qkv", 3L * width, width);
        linear(shapes, prefix + "attention.out", width, width);
    }

    private void mlp(Map<String, long[]> shapes, String prefix, String inner) {
        norm(shapes, prefix + "ffn.norm");
        linear(shapes, prefix + inner + "in", mlpWidth, width);
        linear(shapes, prefix + inner + "out", width, mlpWidth);
    }

    private static void linear(Map<String, long[]> shapes, String name, long out, long in) {
        shapes.put(name + ".weight", new long[] {out, in});
        shapes.put(name + ".bias", new long[] {out});
    }

    private void norm(Map<String, long[]> shapes, String name) {
        shapes.put(name + ".weight", new long[] {width});
        shapes.put(name + ".bias", new long[] {width});
    }

    /**
     * The encoder's position table, {@code [positions][width]}: sines in the first half of a row, cosines in the second, of
     * the step times 10000^(-i / (width / 2 - 1)) ({@code sinusoids} in openai/whisper, model.py).
     */
    public float[] sinusoids() {
        int half = width / 2;
        float[] table = new float[positions * width];
        for (int i = 0; i < half; i++) {
            double frequency = Math.exp(-i * Math.log(10000) / (half - 1));
            for (int step = 0; step < positions; step++) {
                table[step * width + i] = (float) Math.sin(step * frequency);
                table[step * width + half + i] = (float) Math.cos(step * frequency);
            }
        }
        return table;
    }
}
