package org.omniscribe.eval.experts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.asr.routing.RoutingTrace;

/** Routing that is made up, so that all there is to find is known. */
class RoutingStudyTest {
    private static final int STEPS = 400;
    private static final Property SIDE = new Property("side", List.of("left", "right"));

    private static Architecture architecture() {
        return Architecture.builder()
                .width(16)
                .heads(2)
                .mlpWidth(16)
                .experts("2x2-1x1")
                .routing(Routing.INDEPENDENT)
                .position(new Position.None())
                .vocabulary(5)
                .build();
    }

    /** The first layer changes its expert every four steps, the second has the same experts under other numbers. */
    private static Heard heard(String corpus, String name, int period, boolean distributions) {
        int[][] expert = new int[3][STEPS];
        float[][] gates = new float[3][STEPS];
        float[][][] probabilities = new float[3][][];
        int[] side = new int[STEPS];
        String[] text = new String[STEPS];
        for (int t = 0; t < STEPS; t++) {
            expert[0][t] = t / period % 2;
            expert[1][t] = 1 - expert[0][t];
            gates[0][t] = 0.75f;
            gates[1][t] = 0.75f;
            gates[2][t] = 1;
            side[t] = t == 0 ? Property.UNKNOWN : expert[0][t];
            text[t] = t == 1 ? "</script>" : "";
        }
        if (distributions) {
            for (int layer = 0; layer < 2; layer++) {
                probabilities[layer] = new float[STEPS][];
                for (int t = 0; t < STEPS; t++) {
                    probabilities[layer][t] =
                            expert[layer][t] == 0 ? new float[] {0.75f, 0.25f} : new float[] {0.25f, 0.75f};
                }
            }
        }
        Map<Property, int[]> properties = new LinkedHashMap<>(Map.of(SIDE, side));
        return new Heard(
                corpus,
                name,
                0,
                new float[STEPS * 640],
                text,
                new RoutingTrace(expert, gates),
                probabilities,
                properties);
    }

    private static RoutingStudy study(boolean distributions) {
        RoutingStudy study = new RoutingStudy("made up", architecture(), 0.04, 2);
        study.add(heard("one", "a", 4, distributions));
        study.add(heard("two", "b", 8, distributions));
        return study;
    }

    @Test
    void findsWhatWasPutIn() {
        Findings findings = study(true).findings();
        assertEquals(2 * STEPS, findings.steps());
        assertEquals(32, findings.seconds(), 1e-9);
        assertEquals(List.of("one", "two"), findings.corpora());
        Findings.Layer layer = findings.layers().get(0);
        assertArrayEquals(new double[] {0.5, 0.5}, layer.usage());
        assertEquals(1, layer.usageEntropy(), 1e-12);
        assertEquals(0.811278, layer.routerEntropy(), 1e-6);
        assertEquals(0.75, layer.topProbability(), 1e-6);
        assertEquals(800.0 / 150, layer.segments().mean(), 1e-12);
        assertEquals(4, layer.segments().median());
        assertEquals(8, layer.segments().longest());
        assertArrayEquals(new double[] {0.75, 1}, layer.coverage()[0], 1e-12);
        assertEquals(1 - 2.0 * 2 / 800, layer.cacheHits()[1], 1e-12);
        assertEquals(1, layer.knowledge().get("side").explained(), 1e-12);
        assertTrue(layer.knowledge().get("side").chance() < 0.9, "shifted, less is known");
        assertArrayEquals(new double[] {1, 0}, layer.knowledge().get("side").table()[0]);

        assertEquals(0, findings.agreement().same()[0][1]);
        assertEquals(1, findings.agreement().renamed()[0][1]);
        assertEquals(1, findings.agreement().shared()[0][1], 1e-12);
        assertEquals(0, findings.agreement().shared()[0][2], "one expert alone tells nothing");
        assertNull(findings.layers().get(2).routerEntropy());
        assertEquals(1, findings.layers().get(2).committee().experts().length);
    }

    @Test
    void withoutDistributionsThereIsNoRouterEntropy() {
        assertNull(study(false).findings().layers().get(0).routerEntropy());
    }

    @Test
    void thePageHoldsItsDataAndLoadsNothing() throws IOException {
        RoutingStudy study = study(true);
        List<ExpertsReport.Studied> studied = List.of(new ExpertsReport.Studied(study.findings(), study.snippets()));
        String page = ExpertsReport.html(studied, 1_000_000);
        Matcher data = Pattern.compile("const data = (.*);").matcher(page);
        assertTrue(data.find());
        JsonNode json = new ObjectMapper().readTree(data.group(1));
        assertEquals("made up", json.at("/models/0/model").asText());
        String sound = json.at("/snippets/0/0/0/0/sound").asText();
        assertTrue(sound.startsWith("data:audio/wav;base64,UklGR"), sound);
        assertEquals(1, page.split("</script>", -1).length - 1, "a text must not end the script");
        assertFalse(page.replace("http://www.w3.org/2000/svg", "").contains("http:"), "it loads nothing");
        assertFalse(page.contains("https:"), "it loads nothing");

        String small = ExpertsReport.html(studied, 50_000);
        assertTrue(small.length() < page.length() && small.length() < 90_000, "" + small.length());
        JsonNode figures = new ObjectMapper().readTree(ExpertsReport.json(studied));
        assertTrue(figures.at("/models/0/layers/2/routerEntropy").isNull());
    }

    @Test
    void theLongestStretchIsTheMostTypicalSound() {
        Snippets snippets = study(true).snippets();
        List<Snippets.Snippet> sounds = snippets.of(0, 1);
        assertEquals(
                List.of("b", "a"),
                sounds.stream().map(Snippets.Snippet::recording).toList());
        assertEquals(0.32, sounds.get(0).end() - sounds.get(0).start(), 1e-9);
    }

    @Test
    void stepsAreLabelledByTheLetterNearest() {
        Vocabulary letters =
                new Vocabulary(List.of(Vocabulary.BLANK, String.valueOf(Vocabulary.WORD_MARK), "a", "s", "n"));
        SpeechProperties speech = new SpeechProperties(letters, false);
        int[] path = {0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 1};
        Map<Property, int[]> found = speech.of(path, new float[path.length * 640], 0.04);
        assertArrayEquals(new int[] {2, 2, 2, 2, 2, 2, 0, 3, 3, 3, 3, 1}, found.get(speech.token()));
        List<String> kinds = speech.kind().values();
        assertEquals("vowels", kinds.get(found.get(speech.kind())[0]));
        assertEquals("nothing near", kinds.get(found.get(speech.kind())[6]));
        assertEquals("between words", kinds.get(found.get(speech.kind())[11]));
    }

    @Test
    void silenceAndVoiceAreHeard() {
        for (int hertz : new int[] {110, 220}) {
            float[] sound = new float[32000];
            for (int i = 0; i < 16000; i++) {
                for (int harmonic = 1; harmonic <= 5; harmonic++) {
                    sound[i] += (float) (0.1 / harmonic * Math.sin(2 * Math.PI * hertz * harmonic * i / 16000.0));
                }
            }
            SpeechProperties speech = new SpeechProperties(new Vocabulary(List.of(Vocabulary.BLANK, "a")), false);
            Map<Property, int[]> found = speech.of(new int[50], sound, 0.04);
            assertEquals(0, found.get(SpeechProperties.SILENCE)[5]);
            assertEquals(1, found.get(SpeechProperties.SILENCE)[40]);
            assertEquals(hertz < 165 ? 0 : 1, found.get(SpeechProperties.VOICE)[0], hertz + " Hz");
            assertEquals(2, found.get(SpeechProperties.NOISE)[0]);
        }
    }
}
