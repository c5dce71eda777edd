package org.omniscribe.export.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.datasets.Utterance;

class FeatureCacheTest {
    private static final Path RIVER = Path.of("..", "docs", "sample", "river.wav");

    @TempDir
    Path folder;

    @Test
    void segmentsOfAJsonLinesManifestGiveTheFeaturesOfTheirPartsAlone() throws IOException {
        String audio = RIVER.toAbsolutePath().toString().replace('\\', '/');
        Path manifest = Files.writeString(
                folder.resolve("manifest.jsonl"),
                "{\"audio\": \"" + audio + "\", \"start\": 0.5, \"end\": 2.0, \"text\": \"one\"}\n" + "{\"audio\": \""
                        + audio + "\", \"start\": 1.25, \"end\": 3.0, \"text\": \"two\"}\n");
        List<Utterance> utterances = FeatureCache.utterances(manifest);
        FeatureSpec spec = FeatureSpec.standard();
        try (FeatureCache cache = new FeatureCache(folder.resolve("cache"), spec, List.of(), List.of(), line -> {})) {
            FeatureCache.Shard shard = cache.shard(manifest, utterances, Perturbation.NONE);
            float[] samples = AudioReader.readAll(RIVER).samples();
            for (int i = 0; i < 2; i++) {
                int from = (int) (utterances.get(i).start() * 16000);
                int to = (int) (utterances.get(i).end() * 16000);
                float[][] expected = new LogMelFrontEnd(spec).logMel(Arrays.copyOfRange(samples, from, to));
                float[][] cached = shard.read(i);
                assertEquals(expected.length, cached.length);
                for (int f = 0; f < expected.length; f++) {
                    assertArrayEquals(expected[f], cached[f], 6e-4f, "frame " + f + " of segment " + i);
                }
            }
        }
    }
}
