package org.omniscribe.asr.attention;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.Deflater;
import org.omniscribe.asr.attention.AttentionResult.Dropped;
import org.omniscribe.asr.attention.AttentionResult.Reason;

/** Tells texts that were spoken from texts that the model made up. */
final class TextCheck {
    private static final int MAX_PHRASE_WORDS = 30;

    private TextCheck() {}

    /**
     * Looks at a text.
     *
     * @param text what was written
     * @param averageLogProb mean log-probability of its tokens
     * @param noSpeech probability that nobody speaks
     * @param seconds duration of the window
     * @return why it is not believed; empty if it is, or has no letter and digit
     */
    static Optional<Dropped> dropped(
            String text, double averageLogProb, double noSpeech, double seconds, Guards guards) {
        String[] words = words(text);
        if (words.length == 0) {
            return Optional.empty();
        }
        double ratio = compressionRatio(text);
        int repeats = repeats(words);
        double rate = words.length / seconds;
        if (noSpeech > guards.noSpeech() && averageLogProb < guards.noSpeechLogProb()) {
            return drop(
                    text,
                    Reason.NO_SPEECH,
                    "no-speech probability %.2f, mean log-probability %.2f",
                    noSpeech,
                    averageLogProb);
        }
        if (ratio > guards.compressionRatio()) {
            return drop(text, Reason.REPETITION, "compresses to a %.1fth", ratio);
        }
        if (repeats > guards.repeats()) {
            return drop(text, Reason.REPETITION, "a phrase is there %d times at once", repeats);
        }
        if (averageLogProb < guards.averageLogProb()) {
            return drop(text, Reason.UNLIKELY, "mean log-probability %.2f", averageLogProb);
        }
        if (rate > guards.wordsPerSecond()) {
            return drop(text, Reason.TOO_FAST, "%.1f words a second", rate);
        }
        return Optional.empty();
    }

    private static Optional<Dropped> drop(String text, Reason reason, String detail, Object... figures) {
        return Optional.of(new Dropped(text, reason, String.format(Locale.ROOT, detail, figures)));
    }

    private static String[] words(String text) {
        String plain = text.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{M}\\p{N}']+", " ")
                .strip();
        return plain.isEmpty() ? new String[0] : plain.split(" ");
    }

    /** Bytes of a text over those of its zlib stream, as Whisper's {@code compression_ratio}. */
    static double compressionRatio(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(bytes);
            deflater.finish();
            byte[] out = new byte[1 << 12];
            while (!deflater.finished()) {
                deflater.deflate(out);
            }
            return (double) bytes.length / deflater.getBytesWritten();
        } finally {
            deflater.end();
        }
    }

    /** How often the phrase that repeats itself most is there without anything in between; 1 if none does. */
    static int repeats(String[] words) {
        int most = 1;
        for (int n = 1; n <= MAX_PHRASE_WORDS && 2 * n <= words.length; n++) {
            int same = 0;
            for (int i = n; i < words.length; i++) {
                same = words[i].equals(words[i - n]) ? same + 1 : 0;
                most = Math.max(most, same / n + 1);
            }
        }
        return most;
    }
}
