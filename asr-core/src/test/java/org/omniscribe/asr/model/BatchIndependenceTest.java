package org.omniscribe.asr.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.decode.CtcDecoder;
import org.omniscribe.asr.feature.LogMelFrontEnd;

/** The default model says of a recording what it says of it alone, whatever else is in its batch. */
class BatchIndependenceTest {
    /** {@code mvn test -pl asr-core -Dtest=BatchIndependenceTest -Domniscribe.batches=1000} tries more of them. */
    private static final int BATCHES = Integer.getInteger("omniscribe.batches", 24);

    private static final int RECORDINGS = 40;
    private static final int BINS = 80;

    private static AcousticModel model;
    private static CtcDecoder decoder;
    private static final List<float[][]> RECORDED = new ArrayList<>();
    private static final List<Emission> ALONE = new ArrayList<>();
    private static final List<String> TEXTS = new ArrayList<>();

    /** Pieces of the sample recording, of 0.3 to 1.5 seconds, quiet and loud. */
    @BeforeAll
    static void open() {
        ModelBundle bundle = ModelBundle.openDefault();
        model = AcousticModel.open(bundle, new RuntimeOptions(RuntimeOptions.Device.CPU, 1, 6000));
        decoder = RecognizerOptions.builder().build().decoder().apply(bundle);
        LogMelFrontEnd frontEnd = new LogMelFrontEnd(bundle.manifest().features());
        float[] speech =
                AudioReader.readAll(Path.of("../docs/sample/river.wav")).samples();
        Random random = new Random(1);
        for (int i = 0; i < RECORDINGS; i++) {
            int length = 4_800 + random.nextInt(19_200);
            int from = random.nextInt(speech.length - length);
            float gain = (float) Math.pow(10, random.nextInt(30) / -20.0);
            float[] piece = Arrays.copyOfRange(speech, from, from + length);
            for (int t = 0; t < length; t++) {
                piece[t] *= gain;
            }
            RECORDED.add(frontEnd.features(piece));
            ALONE.add(model.run(RECORDED.get(i)));
            TEXTS.add(decoder.decode(ALONE.get(i)).text());
        }
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void batchesOfAnyCompositionChangeNoTranscript() {
        Random random = new Random(2);
        for (int batch = 0; batch < BATCHES; batch++) {
            int[] members = random.ints(2 + random.nextInt(7), 0, RECORDINGS).toArray();
            List<Emission> together =
                    model.run(Arrays.stream(members).mapToObj(RECORDED::get).toList());
            for (int i = 0; i < members.length; i++) {
                String where = "batch " + batch + " of " + Arrays.toString(members) + ", member " + i;
                assertSame(members[i], together.get(i), where);
                assertEquals(
                        TEXTS.get(members[i]), decoder.decode(together.get(i)).text(), where);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, 1e20f, 0})
    void noUtteranceSeesWhatIsPlantedBesideIt(float planted) {
        for (int i = 0; i < RECORDINGS; i += 9) {
            float[][] own = RECORDED.get(i);
            // Of its length, a little longer so that it is padded, and a mixture of speech and what is planted.
            float[][] mixed = RECORDED.get((i + 1) % RECORDINGS).clone();
            mixed[mixed.length / 2] = filled(1, planted)[0];
            List<Emission> together =
                    model.run(List.of(filled(own.length, planted), own, filled(own.length + 9, planted), mixed, own));
            assertSame(i, together.get(1), "beside " + planted);
            assertSame(i, together.get(4), "beside " + planted);
            assertEquals(TEXTS.get(i), decoder.decode(together.get(1)).text());
        }
    }

    private static float[][] filled(int frames, float value) {
        float[][] features = new float[frames][BINS];
        for (float[] frame : features) {
            Arrays.fill(frame, value);
        }
        return features;
    }

    private static void assertSame(int recording, Emission actual, String where) {
        Emission expected = ALONE.get(recording);
        assertEquals(expected.steps(), actual.steps(), where);
        for (int t = 0; t < expected.steps(); t++) {
            assertArrayEquals(expected.logProbs()[t], actual.logProbs()[t], 1e-3f, where);
        }
        assertArrayEquals(expected.routing().expert(), actual.routing().expert(), where);
    }
}
