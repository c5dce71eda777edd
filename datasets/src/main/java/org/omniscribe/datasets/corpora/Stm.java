package org.omniscribe.datasets.corpora;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.omniscribe.datasets.Problems;

/**
 * Segment time marks of NIST: {@code file channel speaker begin end [<label>] text}, {@code ;;} before comments.
 *
 * @see <a href="https://github.com/usnistgov/SCTK/blob/master/doc/infmts.htm">formats of sclite</a>
 */
final class Stm {
    private Stm() {}

    /**
     * One segment.
     *
     * @param place where it stands, for messages
     * @param text without the label
     */
    record Line(String place, String file, String channel, String speaker, double start, double end, String text) {
        /** Whether it marks a stretch that is not scored. */
        boolean ignored() {
            return text.toLowerCase(Locale.ROOT).contains("ignore_time_segment_in_scoring");
        }

        /** The name that Kaldi gives a segment of this file or side: {@code NAME-0001782-0002881}, in 1/100 s. */
        String id(String name, int digits) {
            String number = "%0" + digits + "d";
            return String.format(
                    Locale.ROOT, "%s-" + number + "-" + number, name, Math.round(start * 100), Math.round(end * 100));
        }
    }

    /** The segments of a file; lines that are none are faults. */
    static List<Line> read(Path file, Problems problems) {
        List<Line> segments = new ArrayList<>();
        List<String> lines = problems.lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith(";;")) {
                continue;
            }
            String place = problems.name(file) + " line " + (i + 1);
            String[] parts = line.split("\\s+", 6);
            if (parts.length < 5) {
                problems.fault(
                        place + ": " + parts.length + " columns instead of file, channel, speaker, begin, end, text");
                continue;
            }
            double start = problems.number(parts[3], "begin", place);
            double end = problems.number(parts[4], "end", place);
            String text = parts.length < 6 ? "" : parts[5].replaceFirst("^<[^<>\\s]+,[^<>\\s]*>\\s*", "");
            Line segment = new Line(place, parts[0], parts[1], parts[2], start, end, text);
            if (segment.ignored() || Double.isNaN(start) || Double.isNaN(end)) {
                continue;
            }
            if (start < 0 || end <= start) {
                problems.fault(place + ": the segment ends at " + end + " s and begins at " + start + " s");
                continue;
            }
            segments.add(segment);
        }
        return segments;
    }
}
