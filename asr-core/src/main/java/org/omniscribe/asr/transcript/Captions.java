package org.omniscribe.asr.transcript;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Divides a transcript into captions within the limits that captioners keep (Netflix Timed Text Style Guide, English
 * and general requirements; BBC Subtitle Guidelines).
 *
 * <p>Never broken: {@value #LINES} lines of {@value #LINE} characters (a longer word stands on a line of its own),
 * {@value #MAX_MILLIS} ms, words whole, captions in order without overlap. Kept wherever the speaker leaves room for it:
 * {@value #MIN_MILLIS} ms at least, {@value #SPEED} characters a second at most, {@value #GAP} ms between captions and no
 * gap just a little longer than that. Each segment is divided by dynamic programming at the least cost, where few
 * captions, breaks at pauses and after punctuation are cheap, and breaks after an article or preposition are dear.
 */
final class Captions {
    static final int LINES = 2;
    static final int LINE = 42;
    static final int SPEED = 17;
    static final int MIN_MILLIS = 1000;
    static final int MAX_MILLIS = 7000;
    /** Two frames of film. */
    static final int GAP = 80;

    /** A gap shorter than this flickers and is closed down to {@link #GAP}. */
    private static final int FLICKER = 500;

    /** A caption stays this long after its last word, where it can: CTC words end before their sound does. */
    private static final int LINGER = 300;

    /** A pause this long is as good a place to break as a full stop. */
    private static final double GOOD_PAUSE = 0.5;

    /** Words that belong to what follows them. */
    private static final Set<String> BINDS_FORWARD = Set.of(
            "a", "an", "the", "my", "your", "his", "her", "its", "our", "their", "this", "that", "these", "those", "of",
            "to", "in", "on", "at", "for", "from", "with", "by", "as", "and", "or", "but", "nor", "if", "because",
            "than", "i", "he", "she", "we", "they", "is", "are", "was", "were", "be", "been", "will", "would", "can",
            "could", "have", "has", "had", "not", "no", "very", "mr", "mrs", "dr");

    private Captions() {}

    /**
     * One caption.
     *
     * @param start milliseconds from the start of the recording
     * @param end milliseconds, after {@code start} and not after the next caption's start
     * @param lines one or two
     */
    record Caption(long start, long end, List<String> lines) {}

    /** The captions of a transcript, in order, each on for as long as it takes to read it where there is room. */
    static List<Caption> of(Transcript transcript) {
        return of(transcript, true);
    }

    /**
     * The captions of a transcript, in order.
     *
     * @param linger whether they stay on for as long as it takes to read them, where there is room; else they end with their
     *     last word
     */
    static List<Caption> of(Transcript transcript, boolean linger) {
        List<List<Word>> groups = new ArrayList<>();
        List<Segment> segments = transcript.segments();
        for (int s = 0; s < segments.size(); s++) {
            double next =
                    s + 1 < segments.size() ? firstStart(segments.get(s + 1).words()) : Double.POSITIVE_INFINITY;
            groups.addAll(divide(segments.get(s).words(), next));
        }
        List<Caption> captions = new ArrayList<>();
        long earliest = 0;
        for (int g = 0; g < groups.size(); g++) {
            List<Word> words = groups.get(g);
            long start = Math.max(earliest, millis(firstStart(words)));
            long spoken = millis(words.get(words.size() - 1).end());
            long next = g + 1 < groups.size() ? millis(firstStart(groups.get(g + 1))) : Long.MAX_VALUE;
            long readable = start + Math.max(MIN_MILLIS, characters(words) * 1000L / SPEED);
            long wanted =
                    Math.min(Math.max(readable, spoken + LINGER), Math.max(spoken, millis(transcript.duration())));
            if (!linger) {
                wanted = spoken;
            } else if (next - wanted < FLICKER) {
                wanted = next - GAP;
            }
            long end = Math.min(wanted, Math.min(linger ? next - GAP : next, start + MAX_MILLIS));
            if (end <= start) {
                end = Math.max(start + 1, Math.min(next, start + MIN_MILLIS));
            }
            captions.add(new Caption(start, end, layout(words).lines));
            earliest = end;
        }
        return captions;
    }

    /** Divides the words of a segment into captions at the least cost; {@code after} is when speech goes on. */
    private static List<List<Word>> divide(List<Word> words, double after) {
        int n = words.size();
        double[] cost = new double[n + 1];
        int[] from = new int[n + 1];
        for (int end = 1; end <= n; end++) {
            cost[end] = Double.POSITIVE_INFINITY;
            for (int begin = end - 1; begin >= 0; begin--) {
                List<Word> caption = words.subList(begin, end);
                double own = cost(caption, end < n ? words.get(end) : null, after);
                if (own == Double.POSITIVE_INFINITY) {
                    // Still more words will fit no better.
                    break;
                }
                double total = cost[begin] + own;
                if (total < cost[end]) {
                    cost[end] = total;
                    from[end] = begin;
                }
            }
        }
        List<List<Word>> captions = new ArrayList<>();
        for (int end = n; end > 0; end = from[end]) {
            captions.add(words.subList(from[end], end));
        }
        Collections.reverse(captions);
        return captions;
    }

    /** What a caption of some words costs, infinite if they do not fit; next is the segment's next word or null. */
    private static double cost(List<Word> words, Word next, double after) {
        Word last = words.get(words.size() - 1);
        double start = firstStart(words);
        Layout layout = layout(words);
        if (layout == null || (words.size() > 1 && last.end() - start > MAX_MILLIS / 1000.0)) {
            return Double.POSITIVE_INFINITY;
        }
        double room = Math.min((next == null ? after : next.start()) - GAP / 1000.0 - start, MAX_MILLIS / 1000.0);
        return 1
                + layout.cost
                + 4 * Math.max(0, characters(words) / (double) SPEED - room)
                + 4 * Math.max(0, MIN_MILLIS / 1000.0 - room)
                + (next == null ? 0 : breakCost(last, next));
    }

    /** What it costs to part two words: 0 at a clause's end or a good pause, 1 anywhere else, more inside a phrase. */
    private static double breakCost(Word last, Word next) {
        char sign = last.text().charAt(last.text().length() - 1);
        if (".?!".indexOf(sign) >= 0) {
            return 0;
        }
        double pause = Math.min(1, (next.start() - last.end()) / GOOD_PAUSE);
        if (",;:".indexOf(sign) >= 0) {
            return 0.3 * (1 - pause);
        }
        boolean binds = BINDS_FORWARD.contains(last.text().toLowerCase(Locale.ROOT));
        return 1 - pause + (binds ? 0.7 : 0);
    }

    /** Lines, and what their break costs beside a single line. */
    private record Layout(List<String> lines, double cost) {}

    /** The words on one line or two, the upper one rather shorter; null if they do not fit. */
    private static Layout layout(List<Word> words) {
        if (words.size() == 1 || characters(words) <= LINE) {
            return new Layout(List.of(join(words)), 0);
        }
        int split = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 1; i < words.size(); i++) {
            int upper = characters(words.subList(0, i));
            int lower = characters(words.subList(i, words.size()));
            if (upper <= LINE && lower <= LINE) {
                // Reading on in the next line is half as bad as waiting for the next caption.
                double cost = 0.5 * breakCost(words.get(i - 1), words.get(i))
                        + 0.5 * Math.abs(lower - upper) / LINE
                        + (upper > lower ? 0.1 : 0);
                if (cost < least) {
                    least = cost;
                    split = i;
                }
            }
        }
        return split == 0
                ? null
                : new Layout(List.of(join(words.subList(0, split)), join(words.subList(split, words.size()))), least);
    }

    private static String join(List<Word> words) {
        return words.stream().map(Word::text).collect(Collectors.joining(" "));
    }

    private static int characters(List<Word> words) {
        int characters = words.size() - 1;
        for (Word word : words) {
            characters += word.text().codePointCount(0, word.text().length());
        }
        return characters;
    }

    private static double firstStart(List<Word> words) {
        return words.get(0).start();
    }

    private static long millis(double seconds) {
        return Math.round(seconds * 1000);
    }
}
