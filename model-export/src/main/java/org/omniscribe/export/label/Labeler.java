package org.omniscribe.export.label;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.omniscribe.asr.ProgressListener;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.io.Sha256;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.score.EditDistance;
import org.omniscribe.eval.score.ErrorCounts;
import org.omniscribe.eval.text.Normalizers;

/**
 * Hears recordings and cuts them at pauses into stretches that can be trained on. Thread-safe, as recognisers are.
 *
 * <p>A stretch ends at every silence of {@link #PAUSE} s; one that is too long is cut at its longest silence, again and
 * again. It begins and ends up to {@link #MARGIN} s outside its words, but at most half-way to the next word.
 */
public final class Labeler {
    /** A silence of so many seconds between words always parts stretches. */
    public static final double PAUSE = 0.8;

    /** Seconds before the first word and behind the last one, where there is room. */
    public static final double MARGIN = 0.25;

    private final Recognizer recognizer;
    private final Optional<Recognizer> second;
    private final double longest;

    /**
     * A labeler.
     *
     * @param recognizer writes the labels
     * @param second is asked, too, if there is one
     * @param longest no stretch is longer, in seconds, unless a single word is
     */
    public Labeler(Recognizer recognizer, Optional<Recognizer> second, double longest) {
        this.recognizer = recognizer;
        this.second = second;
        this.longest = longest;
    }

    /**
     * Labels a recording.
     *
     * @throws org.omniscribe.asr.audio.AudioException if it cannot be read as sound
     */
    public LabelledRecording label(Path recording) {
        return label(recording.toString(), () -> AudioReader.open(recording), (done, total) -> {});
    }

    /**
     * Labels a recording that is somewhere else than in a file of this machine.
     *
     * @param name what it is called in what is returned
     * @param reader opens it; is asked several times
     * @param listener hears how far each recogniser has come
     * @throws org.omniscribe.asr.audio.AudioException if it cannot be read as sound
     */
    public LabelledRecording label(String name, Supplier<AudioReader> reader, ProgressListener listener) {
        Transcript heard = transcribe(recognizer, name, reader, listener);
        List<Word> other =
                second.map(r -> transcribe(r, name, reader, listener).words()).orElse(List.of());
        List<Candidate> candidates = candidates(heard.words(), heard.duration(), longest).stream()
                .map(stretch -> second.isEmpty() ? stretch : compared(stretch, other))
                .toList();
        return new LabelledRecording(name, sound(reader), heard.duration(), candidates);
    }

    private static Transcript transcribe(
            Recognizer recognizer, String name, Supplier<AudioReader> open, ProgressListener listener) {
        try (AudioReader reader = open.get()) {
            return recognizer.transcribe(reader, name, listener);
        }
    }

    /** The stretches of a recording of so many seconds. */
    static List<Candidate> candidates(List<Word> words, double seconds, double longest) {
        List<List<Word>> stretches = new ArrayList<>();
        divide(words, longest, stretches);
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < stretches.size(); i++) {
            List<Word> stretch = stretches.get(i);
            double first = stretch.get(0).start();
            double last = last(stretch).end();
            double before = i == 0 ? first : (first - last(stretches.get(i - 1)).end()) / 2;
            double behind = i == stretches.size() - 1
                    ? seconds - last
                    : (stretches.get(i + 1).get(0).start() - last) / 2;
            double room = Math.max(0, longest - (last - first)) / 2;
            double start = Math.max(0, first - Math.min(room, Math.min(MARGIN, before)));
            double end = last + Math.max(0, Math.min(room, Math.min(MARGIN, behind)));
            if (end > start) {
                double spoken =
                        stretch.stream().mapToDouble(w -> w.end() - w.start()).sum();
                candidates.add(new Candidate(
                        start,
                        end,
                        stretch.stream().map(Word::text).collect(Collectors.joining(" ")),
                        stretch.stream().mapToDouble(Word::confidence).average().orElse(0),
                        Math.min(1, spoken / (end - start)),
                        null));
            }
        }
        return candidates;
    }

    private static void divide(List<Word> words, double longest, List<List<Word>> stretches) {
        if (words.isEmpty()) {
            return;
        }
        int cut = 0;
        double silence = -1;
        for (int i = 1; i < words.size(); i++) {
            double gap = words.get(i).start() - words.get(i - 1).end();
            boolean nearer = Math.abs(2 * i - words.size()) < Math.abs(2 * cut - words.size());
            if (gap > silence || gap == silence && nearer) {
                silence = gap;
                cut = i;
            }
        }
        double length = last(words).end() - words.get(0).start();
        if (words.size() == 1 || silence < PAUSE && length <= longest) {
            stretches.add(words);
        } else {
            divide(words.subList(0, cut), longest, stretches);
            divide(words.subList(cut, words.size()), longest, stretches);
        }
    }

    private static Word last(List<Word> words) {
        return words.get(words.size() - 1);
    }

    private static Candidate compared(Candidate stretch, List<Word> other) {
        String heard = other.stream()
                .filter(w -> (w.start() + w.end()) / 2 >= stretch.start() && (w.start() + w.end()) / 2 < stretch.end())
                .map(Word::text)
                .collect(Collectors.joining(" "));
        return new Candidate(
                stretch.start(),
                stretch.end(),
                stretch.text(),
                stretch.confidence(),
                stretch.speech(),
                agreement(stretch.text(), heard));
    }

    /** Words that two texts have in common, as a share of those of the longer one. */
    static double agreement(String one, String other) {
        ErrorCounts counts = EditDistance.words(
                Normalizers.BASIC.normalize(one), Normalizers.BASIC.normalize(other), EditCosts.UNIT);
        long longer = Math.max(counts.reference(), counts.correct() + counts.substitutions() + counts.insertions());
        return longer == 0 ? 1 : counts.correct() / (double) longer;
    }

    /** A hash of the samples, mono at 16 kHz and in 16 bits. */
    private static String sound(Supplier<AudioReader> open) {
        MessageDigest digest = Sha256.digest();
        try (AudioReader reader = open.get()) {
            float[] samples = new float[AudioClip.SAMPLE_RATE];
            byte[] bytes = new byte[2 * samples.length];
            for (int n; (n = reader.read(samples, 0, samples.length)) > 0; ) {
                for (int i = 0; i < n; i++) {
                    int value = Math.round(samples[i] * 32767);
                    bytes[2 * i] = (byte) value;
                    bytes[2 * i + 1] = (byte) (value >> 8);
                }
                digest.update(bytes, 0, 2 * n);
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }
}
