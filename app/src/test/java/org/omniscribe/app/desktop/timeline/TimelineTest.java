package org.omniscribe.app.desktop.timeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.omniscribe.app.desktop.base.Settings.Theme;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.transcript.Word;

/** What is gathered of sound and routing, and what is read off it. */
class TimelineTest {
    private static final double STEP = 0.04;

    /** Two layers with three experts: the first layer says 0 0 1 2, the second 0 1 1 1. */
    private static RoutingTrace trace() {
        return new RoutingTrace(
                new int[][] {{0, 0, 1, 2}, {0, 1, 1, 1}},
                new float[][] {{1, 0.5f, 0.4f, 0.8f}, {0.9f, 0.6f, 0.6f, 0.6f}});
    }

    private static Timeline timeline() {
        Timeline timeline = new Timeline(List.of(3, 3), STEP);
        timeline.addRouting(trace());
        return timeline;
    }

    @Test
    void usageAndAgreementAreSharesOfSteps() {
        Timeline timeline = timeline();
        assertArrayEquals(new double[] {0.5, 0.25, 0.25}, timeline.usage(0));
        assertArrayEquals(new double[] {0.25, 0.75, 0}, timeline.usage(1));
        assertEquals(0.5, timeline.agreement(0, 1), "at steps 0 and 2");
        assertEquals(1, timeline.agreement(1, 1));
    }

    @Test
    void stepsBetweenSettledOnesWentThroughNoExpert() {
        Timeline timeline = timeline();
        timeline.addRouting(6, trace());
        assertEquals(10, timeline.steps());
        assertEquals(-1, timeline.expert(0, 5));
        assertEquals(2, timeline.expert(0, 9));
        assertArrayEquals(new double[] {0.5, 0.25, 0.25}, timeline.usage(0), "nobody is not counted");
        timeline.addRouting(8, trace());
        assertEquals(12, timeline.steps(), "steps that were added are left out");
        assertEquals(1, timeline.expert(0, 10));
    }

    @Test
    void aPreviewIsSeenBehindTheSettledStepsAlone() {
        Timeline timeline = timeline();
        timeline.preview(2, trace());
        assertEquals(1, timeline.expert(0, 2), "settled");
        assertEquals(1, timeline.expert(0, 4));
        assertEquals(2, timeline.expert(0, 5));
        assertEquals(-1, timeline.expert(0, 6));
        assertArrayEquals(new double[] {0.5, 0.25, 0.25}, timeline.usage(0));
    }

    @Test
    void theExtremesOfTheWaveformAreThoseOfEachHundredth() {
        Timeline timeline = new Timeline(List.of(), 1);
        float[] sound = new float[16000];
        sound[1605] = 0.5f;
        sound[1700] = -1;
        timeline.addSound(sound, 0, 8000);
        timeline.addSound(sound, 8000, 8000);
        assertEquals(1, timeline.soundSeconds());
        assertEquals(100, timeline.peaks().size());
        assertEquals(128 + 64, timeline.peaks().get(10, 1));
        assertEquals(128 - 127, timeline.peaks().get(10, 0));
        assertEquals(128, timeline.peaks().get(11, 1));
    }

    @Test
    void aToneIsSeenInTheBandOfItsPitch() {
        Timeline timeline = new Timeline(List.of(), 1);
        float[] sound = new float[16000];
        for (int i = 0; i < sound.length; i++) {
            sound[i] = (float) (0.3 * Math.sin(2 * Math.PI * 1000 * i / 16000));
        }
        timeline.addSound(sound, 0, sound.length);
        int loudest = 0;
        for (int bin = 0; bin < timeline.spectrum().rows(); bin++) {
            loudest = timeline.spectrum().get(20, bin) > timeline.spectrum().get(20, loudest) ? bin : loudest;
        }
        // HTK mel of 20, 1000 and 7600 Hz: 31.7, 1000.0 and 2787; 82 points from end to end.
        assertEquals((1000 - 31.7) / (2787 - 31.7) * 81 - 1, loudest, 1);
    }

    @Test
    void aWordsShareIsThatOfItsSteps() {
        Timeline timeline = timeline();
        Word word = new Word("two", 0.04, 0.12, 1);
        assertEquals(0.75, WordExperts.share(timeline, word, new Filter(1, -1)));
        assertEquals(0.5, WordExperts.share(timeline, word, new Filter(1, 0)));
        assertEquals(0.5, WordExperts.usual(timeline, new Filter(1, -1)));
        assertTrue(WordExperts.standsOut(0.75, 0.5));
        assertEquals(Double.NaN, WordExperts.share(timeline, new Word("late", 9, 9.5, 1), new Filter(1, -1)));
    }

    @Test
    void numbersComeOutAsTheyWentIn() throws IOException {
        StringWriter out = new StringWriter();
        TimelineExport.csv(timeline(), List.of(new Word("so,", 0.04, 0.09, 1)), out);
        assertEquals(
                """
                step,start,word,expert1,probability1,expert2,probability2
                0,0.000,,1,1.000,1,0.902
                1,0.040,"so,",1,0.502,2,0.600
                2,0.080,,2,0.400,2,0.600
                3,0.120,,3,0.800,2,0.600
                """,
                out.toString());
    }

    @Test
    void theDrawingHasAShapeForEachRunOfSteps() {
        Picture picture = new Picture(
                timeline(),
                List.of(new Word("a<b", 0, 0.1, 1)),
                0,
                0.16,
                Lanes.all(2),
                Filter.NONE,
                0,
                Double.NaN,
                Theme.LIGHT);
        String svg = TimelineExport.svg(picture);
        assertEquals(1 + 3 + 2, svg.split("<rect").length - 1, "paper, three runs, two runs");
        assertTrue(svg.contains("a&lt;b"));
        assertTrue(svg.contains(Palette.hex(2)));
    }

    @Test
    void theViewportStaysWithinTheRecording() {
        Viewport viewport = new Viewport();
        viewport.setDuration(100);
        viewport.scroll(1000);
        assertEquals(80, viewport.from());
        viewport.zoom(2, 90);
        assertEquals(10, viewport.span());
        assertEquals(85, viewport.from(), 1e-9, "what is under the pointer stays there");
        viewport.scroll(-1000);
        assertEquals(0, viewport.from());
        viewport.follow(true);
        viewport.setDuration(200);
        assertEquals(200, viewport.to());
        viewport.scroll(-1);
        assertEquals(199, viewport.to());
        viewport.setDuration(300);
        assertEquals(199, viewport.to(), "scrolling back ends following");
        viewport.showAll();
        viewport.setDuration(400);
        assertEquals(400, viewport.span(), "all of it stays all of it");
    }
}
