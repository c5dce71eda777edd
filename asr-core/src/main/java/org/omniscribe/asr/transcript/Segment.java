package org.omniscribe.asr.transcript;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.omniscribe.asr.io.Faults;

/**
 * A stretch of speech between pauses.
 *
 * @param start seconds from the start of the recording; not after the first word's start
 * @param end seconds from the start of the recording; not before the last word's end
 * @param words at least one, in order, none beginning before its predecessor has ended
 */
public record Segment(double start, double end, List<Word> words) {
    /** A silence of this many seconds between two words ends a segment. */
    public static final double PAUSE = 0.8;

    private static final double ROUNDING = 1e-6;

    /** A segment longer than this many seconds is divided at its longest silence. */
    public static final double MAX_SECONDS = 30;

    /**
     * Checks all fields and reports every fault at once.
     *
     * @throws IllegalArgumentException if there are no words, or they are out of order or outside the segment
     */
    public Segment {
        words = List.copyOf(words);
        Faults faults = new Faults();
        if (words.isEmpty()) {
            faults.add("it has no words");
        } else if (!(start >= 0
                && start <= words.get(0).start()
                && end >= words.get(words.size() - 1).end()
                && end < Double.POSITIVE_INFINITY)) {
            faults.add("it does not enclose its words, which are from "
                    + words.get(0).start() + " to "
                    + words.get(words.size() - 1).end());
        }
        for (int i = 1; i < words.size(); i++) {
            if (words.get(i).start() < words.get(i - 1).end()) {
                faults.add("word " + (i + 1) + " (" + words.get(i) + ") begins before word " + i + " ends at "
                        + words.get(i - 1).end());
            }
        }
        faults.orThrow(all -> new IllegalArgumentException("Segment " + start + " to " + end + ": " + all));
    }

    /** The words with single spaces between them. */
    public String text() {
        return words.stream().map(Word::text).collect(Collectors.joining(" "));
    }

    /**
     * Divides the words of a recording into segments: at every silence of at least {@link #PAUSE}, and what is longer
     * than {@link #MAX_SECONDS} even so at its longest silence, again and again.
     *
     * @param words all words of the recording, in order
     * @return segments that begin and end with their words; none for no words
     */
    public static List<Segment> atPauses(List<Word> words) {
        List<Segment> segments = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= words.size(); i++) {
            if (i == words.size() || silence(words, i) >= PAUSE - ROUNDING) {
                divide(words.subList(from, i), segments);
                from = i;
            }
        }
        return List.copyOf(segments);
    }

    private static void divide(List<Word> words, List<Segment> segments) {
        double start = words.get(0).start();
        double end = words.get(words.size() - 1).end();
        if (words.size() == 1 || end - start <= MAX_SECONDS) {
            segments.add(new Segment(start, end, words));
            return;
        }
        // Of equally long silences the one nearest to the middle, so that the depth stays small.
        int cut = 1;
        for (int i = 2; i < words.size(); i++) {
            int order = Double.compare(silence(words, i), silence(words, cut));
            if (order > 0 || (order == 0 && Math.abs(2 * i - words.size()) < Math.abs(2 * cut - words.size()))) {
                cut = i;
            }
        }
        divide(words.subList(0, cut), segments);
        divide(words.subList(cut, words.size()), segments);
    }

    private static double silence(List<Word> words, int i) {
        return words.get(i).start() - words.get(i - 1).end();
    }
}
