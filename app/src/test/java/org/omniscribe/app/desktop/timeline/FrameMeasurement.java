package org.omniscribe.app.desktop.timeline;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.transcript.Word;

/**
 * Makes the table of frame times of docs/desktop.md; not a test.
 *
 * <p>Arguments: minutes of the session, layers, experts, width of the window. The session goes on while it is drawn, so
 * that every frame differs from the one before; sound, routing and words are random.
 */
public final class FrameMeasurement {
    private static final double STEP = 0.04;
    private static final double WORD = 0.4;
    private static final int FRAMES = 600;
    private static final int WARM_UP = 120;

    /** What is looked at. */
    private enum Look {
        FOLLOWING,
        WHOLE,
        WHOLE_FILTERED,
        ZOOMING
    }

    private final Random random = new Random(1);
    private final Timeline timeline;
    private final List<Word> words = new ArrayList<>();
    private final TimelineView view = new TimelineView();
    private final List<Double> intervals = new ArrayList<>();
    private final int layers;
    private final int experts;
    private int frames;
    private long last;
    private long[] begun;

    private FrameMeasurement(double minutes, int layers, int experts) {
        this.layers = layers;
        this.experts = experts;
        timeline = new Timeline(Collections.nCopies(layers, experts), STEP);
        for (double s = 0; s < 60 * minutes; s++) {
            grow(1);
        }
    }

    /** Some more of the session. */
    private void grow(double seconds) {
        float[] sound = new float[(int) (seconds * AudioClip.SAMPLE_RATE)];
        double loudness = random.nextDouble();
        for (int i = 0; i < sound.length; i++) {
            sound[i] = (float) (loudness * 0.3 * random.nextGaussian());
        }
        timeline.addSound(sound, 0, sound.length);
        int steps = (int) (timeline.soundSeconds() / STEP - timeline.steps());
        int[][] expert = new int[layers][steps];
        float[][] probability = new float[layers][steps];
        for (int layer = 0; layer < layers; layer++) {
            for (int step = 0; step < steps; step++) {
                expert[layer][step] = random.nextInt(experts);
                probability[layer][step] = random.nextFloat();
            }
        }
        timeline.addRouting(new RoutingTrace(expert, probability));
        for (double at = words.size() * WORD; at + WORD < timeline.seconds(); at += WORD) {
            words.add(new Word("word", at, at + 0.8 * WORD, random.nextDouble()));
        }
    }

    public static void main(String[] args) {
        double minutes = Double.parseDouble(args[0]);
        int layers = Integer.parseInt(args[1]);
        int experts = Integer.parseInt(args[2]);
        int width = Integer.parseInt(args[3]);
        Platform.startup(() -> new FrameMeasurement(minutes, layers, experts).open(width));
    }

    private void open(int width) {
        view.setLanes(Lanes.all(layers));
        view.setTimeline(timeline);
        view.setWords(words);
        view.viewport().begin(timeline.seconds());
        Stage stage = new Stage();
        stage.setScene(new Scene(new StackPane(view), width, Lanes.all(layers).height() + 8));
        stage.show();
        System.out.printf(
                Locale.ROOT,
                "%.0f min, %d layers, %d experts, window of %d x %.0f%n",
                timeline.seconds() / 60,
                layers,
                experts,
                width,
                stage.getScene().getHeight());
        System.out.println(
                "| looking at | frames a second | interval ms | p95 | p99 | window ms | drawing ms | heap MB |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        List<Look> looks = new ArrayList<>(Arrays.asList(Look.values()));
        new AnimationTimer() {
            @Override
            public void handle(long now) {
                if (looks.isEmpty()) {
                    stop();
                    Platform.exit();
                } else {
                    frame(looks, now);
                }
            }
        }.start();
    }

    private void frame(List<Look> looks, long now) {
        Look look = looks.get(0);
        if (frames == 0) {
            begin(look);
        }
        grow(0.02);
        if (look == Look.ZOOMING) {
            view.viewport().zoom(frames % 200 < 100 ? 1.08 : 1 / 1.08, 60);
        }
        if (frames == WARM_UP) {
            begun = work();
        } else if (frames > WARM_UP) {
            intervals.add((now - last) / 1e6);
        }
        last = now;
        if (++frames == WARM_UP + FRAMES) {
            print(look);
            intervals.clear();
            frames = 0;
            looks.remove(0);
        }
    }

    private void begin(Look look) {
        view.setFilter(look == Look.WHOLE_FILTERED ? new Filter(1, -1) : Filter.NONE);
        view.viewport().follow(look == Look.FOLLOWING);
        if (look == Look.WHOLE || look == Look.WHOLE_FILTERED || look == Look.ZOOMING) {
            view.viewport().showAll();
        }
    }

    /** Nanoseconds of the processor of the window's thread and of the one that draws, which work side by side. */
    private static long[] work() {
        return new long[] {work("JavaFX Application Thread"), work("QuantumRenderer-0")};
    }

    private static long work(String thread) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().equals(thread))
                .mapToLong(info -> threads.getThreadCpuTime(info.getThreadId()))
                .sum();
    }

    private void print(Look look) {
        long[] ended = work();
        System.gc();
        double[] sorted =
                intervals.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.0f |%n",
                look.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                1000 * sorted.length / Arrays.stream(sorted).sum(),
                sorted[sorted.length / 2],
                sorted[(int) (0.95 * sorted.length)],
                sorted[(int) (0.99 * sorted.length)],
                (ended[0] - begun[0]) / 1e6 / FRAMES,
                (ended[1] - begun[1]) / 1e6 / FRAMES,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6);
    }
}
