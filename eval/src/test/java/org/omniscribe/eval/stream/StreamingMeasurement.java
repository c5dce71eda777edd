package org.omniscribe.eval.stream;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.stream.RecognitionEvent;
import org.omniscribe.asr.stream.RecognitionEvent.Final;
import org.omniscribe.asr.stream.RecognitionEvent.Partial;
import org.omniscribe.asr.stream.StreamOptions;
import org.omniscribe.asr.stream.StreamingRecognizer;
import org.omniscribe.asr.transcript.Word;
import org.omniscribe.datasets.Manifest;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.score.Score;
import org.omniscribe.eval.text.Normalizer;
import org.omniscribe.eval.text.Normalizers;

/**
 * Makes the tables of docs/streaming.md; not a test.
 *
 * <pre>
 * StreamingMeasurement accuracy MODEL THREADS CHUNKS MANIFEST...   word error rate and latency, offline and by chunk
 * StreamingMeasurement hour MODEL THREADS CHUNK AUDIO...           work and memory while the files are heard in a row
 * </pre>
 *
 * MODEL is a bundle or {@code default}; CHUNKS are seconds with commas between them. A manifest with the name
 * {@code chapters.tsv} has files of text in place of texts. Audio is pushed in pieces of 20 ms as fast as it is taken, and
 * latencies are what they would be in real time: the audio that was heard after a word, and the work that the push took.
 * Work is processor time of the pushing thread, which with THREADS 1 is all there is, and the same on a busy machine.
 */
public final class StreamingMeasurement {
    private static final int PIECE = AudioClip.SAMPLE_RATE / 50;
    private static final double ROW_SECONDS = 300;

    private StreamingMeasurement() {}

    public static void main(String[] args) throws IOException {
        RecognizerOptions.Builder options = RecognizerOptions.builder().threads(Integer.parseInt(args[2]));
        if (!args[1].equals("default")) {
            options.model(Path.of(args[1]));
        }
        List<Path> paths = Arrays.stream(args).skip(4).map(Path::of).toList();
        try (Recognizer recognizer = Recognizer.open(options.build())) {
            if (args[0].equals("accuracy")) {
                accuracy(
                        recognizer,
                        Stream.of(args[3].split(",")).map(Double::valueOf).toList(),
                        paths);
            } else {
                hour(recognizer, StreamOptions.standard().withChunkSeconds(Double.parseDouble(args[3])), paths);
            }
        }
    }

    private static void accuracy(Recognizer recognizer, List<Double> chunks, List<Path> manifests) throws IOException {
        System.out.println("| set | words | chunk s | WER % | WER % between | to first s | p95 | to stable s | p95 |"
                + " to final s | p95 | stable kept % | ms per s |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (Path manifest : manifests) {
            List<Utterance> utterances = utterances(manifest);
            List<String> offline = new ArrayList<>();
            Tally whole = new Tally();
            for (Utterance utterance : utterances) {
                AudioClip clip = AudioReader.readAll(utterance.audio());
                long before = work();
                String text = recognizer.transcribe(clip, utterance.id()).text();
                whole.nanos += work() - before;
                whole.seconds += clip.seconds();
                whole.score(utterance.text(), text, text);
                offline.add(text);
            }
            System.out.println(whole.row(manifest, "offline"));
            for (double chunk : chunks) {
                Tally tally = new Tally();
                for (int i = 0; i < utterances.size(); i++) {
                    hear(
                            recognizer,
                            utterances.get(i),
                            StreamOptions.standard().withChunkSeconds(chunk),
                            offline.get(i),
                            tally);
                }
                System.out.println(tally.row(manifest, String.format(Locale.ROOT, "%.2f", chunk)));
            }
        }
    }

    /** Nanoseconds of the processor that this thread has had. */
    private static long work() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static List<Utterance> utterances(Path manifest) throws IOException {
        List<Utterance> utterances = Manifest.read(manifest);
        if (!manifest.endsWith("chapters.tsv")) {
            return utterances;
        }
        List<Utterance> chapters = new ArrayList<>();
        for (Utterance u : utterances) {
            String text = Files.readString(manifest.resolveSibling(u.text()));
            chapters.add(Utterance.ofFile(u.id(), u.audio(), u.seconds(), u.speaker(), text));
        }
        return chapters;
    }

    private static void hear(
            Recognizer recognizer, Utterance utterance, StreamOptions options, String offline, Tally tally) {
        AudioClip clip = AudioReader.readAll(utterance.audio());
        List<Heard> heard = new ArrayList<>();
        List<RecognitionEvent> events = new ArrayList<>();
        StreamingRecognizer stream = recognizer.stream(options, events::add);
        float[] samples = clip.samples();
        for (int at = 0; at < samples.length; at += PIECE) {
            long before = work();
            stream.push(samples, at, Math.min(PIECE, samples.length - at));
            take(events, before, heard, tally);
        }
        long before = work();
        stream.finish();
        take(events, before, heard, tally);
        tally.seconds += clip.seconds();
        String text = heard.stream()
                .filter(h -> h.event instanceof Final)
                .map(h -> ((Final) h.event).segment().text())
                .collect(Collectors.joining(" "));
        tally.score(utterance.text(), text, offline);
        latencies(heard, tally);
    }

    /** An event and the seconds of work that it came after. */
    private record Heard(RecognitionEvent event, double work) {}

    private static void take(List<RecognitionEvent> events, long before, List<Heard> heard, Tally tally) {
        long nanos = work() - before;
        tally.nanos += nanos;
        events.stream()
                .filter(e -> e instanceof Partial || e instanceof Final)
                .forEach(e -> heard.add(new Heard(e, nanos / 1e9)));
        events.clear();
    }

    private static void latencies(List<Heard> heard, Tally tally) {
        int from = 0;
        for (int i = 0; i < heard.size(); i++) {
            if (heard.get(i).event instanceof Final end) {
                List<Word> lastStable = List.of();
                for (Word word : end.segment().words()) {
                    tally.toFinal.add(end.time() - word.end() + heard.get(i).work);
                    boolean shown = false;
                    boolean stable = false;
                    for (Heard earlier : heard.subList(from, i)) {
                        Partial partial = (Partial) earlier.event;
                        lastStable = partial.stable();
                        double latency = partial.time() - word.end() + earlier.work;
                        if (!shown && (has(partial.tentative(), word) || has(partial.stable(), word))) {
                            tally.toFirst.add(latency);
                            shown = true;
                        }
                        if (!stable && has(partial.stable(), word)) {
                            tally.toStable.add(latency);
                            stable = true;
                        }
                    }
                }
                for (Word word : lastStable) {
                    tally.stable++;
                    tally.kept += has(end.segment().words(), word) ? 1 : 0;
                }
                from = i + 1;
            }
        }
    }

    private static boolean has(List<Word> words, Word word) {
        return words.stream()
                .anyMatch(w ->
                        w.text().equals(word.text()) && w.start() < word.end() + 0.3 && w.end() > word.start() - 0.3);
    }

    private static final class Tally {
        final Normalizer normalizer = Normalizers.BASIC;
        final List<Double> toFirst = new ArrayList<>();
        final List<Double> toStable = new ArrayList<>();
        final List<Double> toFinal = new ArrayList<>();
        Score score = Score.NONE;
        Score between = Score.NONE;
        long stable;
        long kept;
        long nanos;
        double seconds;

        void score(String reference, String text, String offline) {
            String hypothesis = normalizer.normalize(text);
            score = score.plus(Score.of(normalizer.normalize(reference), hypothesis, EditCosts.UNIT));
            between = between.plus(Score.of(normalizer.normalize(offline), hypothesis, EditCosts.UNIT));
        }

        String row(Path manifest, String chunk) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %s | %.2f | %.2f | %s | %s | %s | %s | %s | %s | %.1f | %.1f |",
                    manifest.toAbsolutePath().getParent().getFileName(),
                    score.words().reference(),
                    chunk,
                    100 * score.wer(),
                    100 * between.wer(),
                    quantile(toFirst, 0.5),
                    quantile(toFirst, 0.95),
                    quantile(toStable, 0.5),
                    quantile(toStable, 0.95),
                    quantile(toFinal, 0.5),
                    quantile(toFinal, 0.95),
                    100.0 * kept / stable,
                    nanos / 1e6 / seconds);
        }

        private static String quantile(List<Double> values, double share) {
            if (values.isEmpty()) {
                return "";
            }
            double[] sorted =
                    values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return String.format(Locale.ROOT, "%.2f", sorted[(int) Math.min(sorted.length - 1, share * sorted.length)]);
        }
    }

    private static void hour(Recognizer recognizer, StreamOptions options, List<Path> files) throws IOException {
        System.out.println("| minutes | words | ms per s | longest push ms | heap MB | resident MB |");
        System.out.println("|---|---|---|---|---|---|");
        long[] words = new long[1];
        StreamingRecognizer stream = recognizer.stream(options, event -> {
            if (event instanceof Final end) {
                words[0] += end.segment().words().size();
            }
        });
        float[] piece = new float[PIECE];
        double next = ROW_SECONDS;
        long nanos = 0;
        long longest = 0;
        for (Path file : files) {
            try (AudioReader reader = AudioReader.open(file)) {
                for (int n; (n = reader.read(piece, 0, PIECE)) > 0; ) {
                    long before = work();
                    stream.push(piece, 0, n);
                    long push = work() - before;
                    nanos += push;
                    longest = Math.max(longest, push);
                    if (stream.seconds() >= next) {
                        System.gc();
                        System.out.printf(
                                Locale.ROOT,
                                "| %.0f | %d | %.1f | %.0f | %.1f | %.0f |%n",
                                next / 60,
                                words[0],
                                nanos / 1e6 / ROW_SECONDS,
                                longest / 1e6,
                                ManagementFactory.getMemoryMXBean()
                                                .getHeapMemoryUsage()
                                                .getUsed()
                                        / 1e6,
                                resident());
                        next += ROW_SECONDS;
                        nanos = 0;
                        longest = 0;
                        words[0] = 0;
                    }
                }
            }
        }
        stream.finish();
    }

    /** Resident memory in MB where Linux tells it, else NaN. */
    private static double resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return Double.NaN;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1e3)
                .findFirst()
                .orElse(Double.NaN);
    }
}
