package org.omniscribe.asr.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.feature.FeatureSpec;

/** The network of {@code make_tone_model.py} as a bundle: every letter is a pure tone, so tests know what was said. */
public final class ToneModel {
    /** What each token sounds like, in hertz, from token 1 on; as in the script. */
    private static final int[] FREQUENCIES = {300, 600, 1000, 1500, 2100, 2900, 4000, 5500};

    /** Samples of a tone, and of the silence after it. */
    private static final int TONE = AudioClip.SAMPLE_RATE * 12 / 100;

    private static final int GAP = AudioClip.SAMPLE_RATE * 8 / 100;

    private ToneModel() {}

    /** The blank, the word mark and the letters a to g. */
    public static Vocabulary vocabulary() {
        return new Vocabulary(List.of(Vocabulary.BLANK, "\u2581", "a", "b", "c", "d", "e", "f", "g"));
    }

    /** A manifest that fits the network. */
    public static ModelManifest manifest() {
        return manifest("tone", 9);
    }

    static ModelManifest manifest(String name, int vocabulary) {
        return new ModelManifest(
                name,
                Architecture.builder()
                        .width(8)
                        .heads(1)
                        .mlpWidth(8)
                        .experts("2x2")
                        .position(new Position.None())
                        .vocabulary(vocabulary)
                        .build(),
                features(),
                new ModelManifest.Tokenizer(ModelManifest.Tokenizer.Kind.CHARACTER, 0),
                new ModelManifest.Provenance(
                        List.of(new ModelManifest.Corpus("a sheet of paper", 0, "CC0-1.0")),
                        0,
                        Map.of("method", "by hand"),
                        Map.of("tones", new ModelManifest.Score(0, 0, 2)),
                        "GPL-3.0-or-later",
                        Instant.parse("2026-11-22T00:00:00Z")));
    }

    static FeatureSpec features() {
        return FeatureSpec.builder()
                .normalization(new FeatureSpec.Normalization.None())
                .build();
    }

    /** Writes the ONNX graph. */
    static ModelBundle.Content network() {
        return out -> {
            try (InputStream in = ToneModel.class.getResourceAsStream("tone.onnx")) {
                in.transferTo(out);
            }
        };
    }

    static byte[] networkBytes() throws IOException {
        try (InputStream in = ToneModel.class.getResourceAsStream("tone.onnx")) {
            return in.readAllBytes();
        }
    }

    /** Writes the bundle to a folder or zip file. */
    public static ModelBundle write(Path target) {
        return ModelBundle.create(target, manifest(), vocabulary(), network());
    }

    /**
     * Samples in which a text sounds: 0.12 s of tone and 0.08 s of silence for each character, and 0.2 s of silence
     * before the first.
     *
     * @param text letters a to g and spaces
     */
    public static float[] speak(String text) {
        float[] samples = new float[AudioClip.SAMPLE_RATE / 5 + text.length() * (TONE + GAP)];
        int at = AudioClip.SAMPLE_RATE / 5;
        for (char c : text.toCharArray()) {
            int token = vocabulary().tokens().indexOf(c == ' ' ? "\u2581" : String.valueOf(c));
            double step = 2 * Math.PI * FREQUENCIES[token - 1] / AudioClip.SAMPLE_RATE;
            for (int i = 0; i < TONE; i++) {
                samples[at + i] = (float) (0.3 * Math.sin(i * step));
            }
            at += TONE + GAP;
        }
        return samples;
    }
}
