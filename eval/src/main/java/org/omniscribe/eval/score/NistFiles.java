package org.omniscribe.eval.score;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.omniscribe.asr.io.TextFile;

/**
 * Reads and writes the transcripts of NIST's tools (SCTK, doc/infmts.htm), and tables with tabs.
 *
 * <p>Lines that begin with {@code ;;} and blank lines are skipped. All faulty lines of a file are reported at once.
 */
public final class NistFiles {
    /** Behind the id PocketSphinx writes its score. */
    private static final Pattern TRN = Pattern.compile("(.*?)\\s*\\(([^()\\s]+)(?:\\s+-?\\d+)?\\)\\s*");

    private static final String COMMENT = ";;";

    /**
     * An utterance without times.
     *
     * @param id its name, unique in a file
     * @param text what was said or recognised; may be empty
     */
    public record Utterance(String id, String text) {
        /** The part of the name before the first hyphen or, without one, underscore: by custom the speaker. */
        public String speaker() {
            int end = id.indexOf('-') >= 0 ? id.indexOf('-') : id.indexOf('_');
            return end < 0 ? id : id.substring(0, end);
        }
    }

    /**
     * A segment of a recording with its reference.
     *
     * @param file the recording
     * @param channel its channel
     * @param speaker who speaks
     * @param start in seconds
     * @param end in seconds, not before the start
     * @param label the subsets it belongs to, as {@code <o,f0>}; empty if there is none
     * @param text what was said, or {@link #IGNORED}
     */
    public record Segment(
            String file, String channel, String speaker, double start, double end, String label, String text) {
        /** The text of a segment that is not scored. */
        public static final String IGNORED = "IGNORE_TIME_SEGMENT_IN_SCORING";

        /** Checks the order of the times. */
        public Segment {
            if (!(start <= end)) {
                throw new IllegalArgumentException("the segment ends at " + end + " s, before its start " + start);
            }
        }

        /** Whether the segment, and all that was recognised in it, is left out of the score. */
        public boolean ignored() {
            return text.toUpperCase(Locale.ROOT).contains(IGNORED);
        }
    }

    /**
     * A recognised word.
     *
     * @param file the recording
     * @param channel its channel
     * @param start in seconds; NaN for the marks {@code <ALT_BEGIN> <ALT> <ALT_END>}
     * @param duration in seconds; NaN for marks
     * @param text the word
     * @param confidence as written, mostly from 0 to 1; NaN if there is none
     */
    public record Word(String file, String channel, double start, double duration, String text, double confidence) {
        /** The time half-way through the word, in seconds. */
        double middle() {
            return start + duration / 2;
        }
    }

    private NistFiles() {}

    /**
     * Reads {@code words (id)} a line; a number behind the id is passed over.
     *
     * @throws ScoreException with all lines that lack an id or repeat one
     */
    public static List<Utterance> readTrn(Path file) throws IOException {
        return distinct(file, read(file, line -> {
            Matcher matcher = TRN.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("no (id) at the end");
            }
            return new Utterance(matcher.group(2), matcher.group(1).strip());
        }));
    }

    /**
     * Reads an id, a tab and a text a line; columns behind are not used, and a first line {@code id} is a header.
     *
     * @throws ScoreException with all lines that lack a tab or repeat an id
     */
    public static List<Utterance> readTsv(Path file) throws IOException {
        List<Utterance> all = read(file, line -> {
            String[] columns = line.split("\t", -1);
            if (columns.length < 2) {
                throw new IllegalArgumentException("no tab between id and text");
            }
            return new Utterance(columns[0].strip(), columns[1].strip());
        });
        boolean header = !all.isEmpty() && all.get(0).id().equals("id");
        return distinct(file, header ? all.subList(1, all.size()) : all);
    }

    /**
     * Reads a text a line, without ids: the first line of the one file belongs to the first of the other. The ids are the
     * numbers of the lines; blank lines are texts of no words.
     */
    public static List<Utterance> readText(Path file) throws IOException {
        List<String> lines = lines(file);
        List<Utterance> all = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            all.add(new Utterance("line-" + (i + 1), lines.get(i).strip()));
        }
        return all;
    }

    /**
     * Reads Kaldi's {@code text}: an id and the words a line.
     *
     * @throws ScoreException with all lines that repeat an id
     */
    public static List<Utterance> readKaldi(Path file) throws IOException {
        return distinct(file, read(file, line -> {
            String[] columns = line.strip().split("\\s+", 2);
            return new Utterance(columns[0], columns.length > 1 ? columns[1] : "");
        }));
    }

    /**
     * Reads segments.
     *
     * @throws ScoreException with all lines that are no segment
     */
    public static List<Segment> readStm(Path file) throws IOException {
        return read(file, line -> {
            String[] columns = line.strip().split("\\s+", 6);
            if (columns.length < 5) {
                throw new IllegalArgumentException("fewer than the five columns file, channel, speaker, start, end");
            }
            String rest = columns.length > 5 ? columns[5] : "";
            String label = rest.startsWith("<") ? rest.split("\\s+", 2)[0] : "";
            return new Segment(
                    columns[0],
                    columns[1],
                    columns[2],
                    number(columns[3]),
                    number(columns[4]),
                    label,
                    rest.substring(label.length()).strip());
        });
    }

    /**
     * Reads recognised words.
     *
     * @throws ScoreException with all lines that are no word
     */
    public static List<Word> readCtm(Path file) throws IOException {
        return read(file, line -> {
            String[] columns = line.strip().split("\\s+");
            if (columns.length < 5) {
                throw new IllegalArgumentException("fewer than the five columns file, channel, start, duration, word");
            }
            boolean mark = columns[4].toUpperCase(Locale.ROOT).startsWith("<ALT");
            return new Word(
                    columns[0],
                    columns[1],
                    mark ? Double.NaN : number(columns[2]),
                    mark ? Double.NaN : number(columns[3]),
                    columns[4],
                    columns.length > 5 ? number(columns[5]) : Double.NaN);
        });
    }

    /** An utterance as a line of a trn file. */
    public static String trn(Utterance utterance) {
        return (utterance.text() + " (" + utterance.id() + ")").strip();
    }

    /** A segment as a line of an stm file; times with three decimals. */
    public static String stm(Segment segment) {
        String times = String.format(Locale.ROOT, "%.3f %.3f", segment.start(), segment.end());
        return String.join(
                        " ",
                        segment.file(),
                        segment.channel(),
                        segment.speaker(),
                        times,
                        segment.label().isEmpty() ? segment.text() : segment.label() + " " + segment.text())
                .strip();
    }

    /** A word as a line of a ctm file; times with three decimals. */
    public static String ctm(Word word) {
        String times = Double.isNaN(word.start())
                ? "* *"
                : String.format(Locale.ROOT, "%.3f %.3f", word.start(), word.duration());
        String line = String.join(" ", word.file(), word.channel(), times, word.text());
        return Double.isNaN(word.confidence()) ? line : line + String.format(Locale.ROOT, " %.4f", word.confidence());
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no number", e);
        }
    }

    private static <T> List<T> read(Path file, Function<String, T> parse) throws IOException {
        List<T> rows = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            if (line.isBlank() || line.startsWith(COMMENT)) {
                continue;
            }
            try {
                rows.add(parse.apply(line));
            } catch (IllegalArgumentException e) {
                faults.add("line " + number + ": " + e.getMessage());
            }
        }
        complain(file.toString(), faults);
        return rows;
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return TextFile.lines(file);
        } catch (CharacterCodingException e) {
            throw new ScoreException(TextFile.shown(file + ": " + e.getMessage()));
        }
    }

    private static List<Utterance> distinct(Path file, List<Utterance> utterances) {
        List<String> ids = utterances.stream().map(Utterance::id).toList();
        Set<String> seen = new HashSet<>();
        complain(
                file.toString(),
                ids.stream()
                        .filter(id -> !seen.add(id))
                        .distinct()
                        .map(id -> "the id " + id + " stands twice")
                        .toList());
        return utterances;
    }

    static void complain(String where, List<String> faults) {
        if (!faults.isEmpty()) {
            throw new ScoreException(TextFile.shown(where) + ": "
                    + faults.stream().map(TextFile::shown).collect(Collectors.joining("\n  ")));
        }
    }
}
