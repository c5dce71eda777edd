package org.omniscribe.asr.attention;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.omniscribe.asr.token.ByteLevelTokenizer;
import org.omniscribe.asr.transcript.Word;

/** Makes words of tokens, with times and confidences. */
final class WordMaker {
    /** Words longer than this many times the usual one hold a pause at the window's start or behind a mark. */
    private static final double LONG = 2;

    /** The usual word is no longer than this, in seconds; as in {@code add_word_timestamps} of Whisper. */
    private static final double MAX_USUAL_SECONDS = 0.7;

    private final WordSplitter splitter;
    private final double stepSeconds;

    WordMaker(ByteLevelTokenizer tokenizer, double stepSeconds) {
        splitter = new WordSplitter(tokenizer);
        this.stepSeconds = stepSeconds;
    }

    /**
     * Makes words.
     *
     * @param tokens of the text
     * @param logProbs of each token; the confidence of a word is the geometric mean of the probabilities of its tokens that
     *     are more than marks
     * @param steps where each token begins and the last one ends; null to share the window's time by characters
     * @param language code, which says whether words are parted by spaces
     * @param window of which it is the text
     */
    List<Word> words(int[] tokens, double[] logProbs, int[] steps, String language, EncodedWindow window) {
        List<WordSplitter.Span> spans = splitter.split(tokens, language);
        double[][] times = steps == null ? shared(spans, window.seconds()) : attended(spans, steps, window.seconds());
        List<Word> words = new ArrayList<>();
        double last = 0;
        for (int i = 0; i < spans.size(); i++) {
            WordSplitter.Span span = spans.get(i);
            double sum = 0;
            for (int t = span.spokenFrom(); t < span.spokenTo(); t++) {
                sum += logProbs[t];
            }
            double confidence = Math.min(1, Math.exp(sum / (span.spokenTo() - span.spokenFrom())));
            double start = Math.max(last, Math.min(times[i][0], window.seconds()));
            last = Math.max(start, Math.min(times[i][1], window.seconds()));
            words.add(new Word(span.text(), start, last, confidence));
        }
        return words;
    }

    private static double[][] shared(List<WordSplitter.Span> spans, double seconds) {
        double characters = spans.stream().mapToInt(s -> s.text().length()).sum();
        double[][] times = new double[spans.size()][];
        int before = 0;
        for (int i = 0; i < times.length; i++) {
            int after = before + spans.get(i).text().length();
            times[i] = new double[] {seconds * before / characters, seconds * after / characters};
            before = after;
        }
        return times;
    }

    private double[][] attended(List<WordSplitter.Span> spans, int[] steps, double seconds) {
        double[][] times = new double[spans.size()][];
        for (int i = 0; i < times.length; i++) {
            WordSplitter.Span span = spans.get(i);
            times[i] = new double[] {steps[span.spokenFrom()] * stepSeconds, steps[span.spokenTo()] * stepSeconds};
        }
        double longest = LONG * usual(times);
        for (int i = 0; i < times.length && longest > 0; i++) {
            boolean behindPause =
                    i == 0 || spans.get(i - 1).spokenTo() < spans.get(i - 1).to();
            if (behindPause && times[i][1] - times[i][0] > longest) {
                times[i][0] = times[i][1] - longest;
            }
        }
        return times;
    }

    /** The median duration, of words that last at all. */
    private static double usual(double[][] times) {
        double[] durations = Arrays.stream(times)
                .mapToDouble(t -> t[1] - t[0])
                .filter(d -> d > 0)
                .sorted()
                .toArray();
        return durations.length == 0 ? 0 : Math.min(MAX_USUAL_SECONDS, durations[durations.length / 2]);
    }
}
