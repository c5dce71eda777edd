package org.omniscribe.export.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The heads of published models whose cross-attention follows the speech, from {@code _ALIGNMENT_HEADS} of openai/whisper,
 * for checkpoints that do not name them. Large-v1 and large-v2 have the same sizes and other heads, so neither is here.
 */
final class WhisperHeads {
    /** Layers of the decoder, heads of a layer, vocabulary; then layer.head for each. */
    private static final List<String> PUBLISHED = List.of(
            "4 6 51864: 1.0 2.0 2.5 3.0 3.1 3.2 3.3 3.4",
            "4 6 51865: 2.2 3.0 3.2 3.3 3.4 3.5",
            "6 8 51864: 3.3 4.7 5.1 5.5 5.7",
            "6 8 51865: 3.1 4.2 4.3 4.7 5.1 5.2 5.4 5.6",
            "12 12 51864: 6.6 7.0 7.3 7.8 8.2 8.5 8.7 9.0 9.4 9.8 9.10 10.0 10.1 10.2 10.3 10.6 10.11 11.2 11.4",
            "12 12 51865: 5.3 5.9 8.0 8.4 8.7 8.8 9.0 9.7 9.9 10.5",
            "24 16 51864: 11.4 14.1 14.12 14.14 15.4 16.0 16.4 16.9 17.12 17.14 18.7 18.10 18.15 20.0 20.3 20.9 20.14"
                    + " 21.12",
            "24 16 51865: 13.15 15.4 15.15 16.1 20.0 23.4",
            "32 20 51866: 7.0 10.17 12.18 13.12 16.1 17.14 19.11 21.4 24.1 25.6",
            "4 20 51866: 2.4 2.11 3.3 3.6 3.11 3.14");

    private WhisperHeads() {}

    /** The heads of the published model of these sizes, if there is one and only one. */
    static Optional<List<List<Integer>>> of(WhisperDimensions dimensions) {
        String key = dimensions.decoderLayers() + " " + dimensions.heads() + " " + dimensions.vocabulary() + ": ";
        return PUBLISHED.stream()
                .filter(line -> line.startsWith(key))
                .findFirst()
                .map(line -> Arrays.stream(line.substring(key.length()).split(" "))
                        .map(WhisperHeads::pair)
                        .toList());
    }

    private static List<Integer> pair(String text) {
        return Arrays.stream(text.split("\\.")).map(Integer::valueOf).toList();
    }

    /** All heads of the upper half of the decoder, as openai/whisper takes for models that it does not know. */
    static List<List<Integer>> upperHalf(WhisperDimensions dimensions) {
        List<List<Integer>> heads = new ArrayList<>();
        for (int layer = dimensions.decoderLayers() / 2; layer < dimensions.decoderLayers(); layer++) {
            for (int head = 0; head < dimensions.heads(); head++) {
                heads.add(List.of(layer, head));
            }
        }
        return heads;
    }
}
