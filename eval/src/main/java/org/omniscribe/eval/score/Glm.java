package org.omniscribe.eval.score;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.omniscribe.asr.io.TextFile;
import org.omniscribe.eval.score.NistFiles.Segment;
import org.omniscribe.eval.score.NistFiles.Utterance;
import org.omniscribe.eval.score.NistFiles.Word;

/**
 * The rules of a global map file (GLM), which NIST's evaluations apply to references and hypotheses before they are
 * compared: spellings, compounds, contractions, hesitations.
 *
 * <p>A rule {@code A => B / C __ D} writes B for A where C is before and D is behind; strings may stand in brackets, to hold
 * spaces at their ends. At each place of a text the first rule that fits is applied, and reading goes on behind A; contexts
 * are those of the text before any rule. After a line {@code ;; INPUT_DEPENDENT_APPLICATION = "REGEX"} rules hold for
 * kinds of files (trn, stm, ctm) and sides (ref, hyp) that match. As in {@code csrfilt.sh -dh}, texts are put in upper case
 * before, and words with hyphens are taken apart after it.
 *
 * @see <a href="https://github.com/usnistgov/SCTK/blob/master/doc/GLMRules.txt">GLMRules.txt of SCTK</a>
 */
public final class Glm {
    private static final Pattern CONDITION =
            Pattern.compile(";;\\s+INPUT_DEPENDENT_APPLICATION\\s*=\\s*\"([^\"]*)\".*");
    private static final Pattern SETTING = Pattern.compile("\\*\\s*(\\w+)[^\"']*[\"']([^\"']*)[\"'].*");
    private static final Pattern HYPHEN = Pattern.compile("([^( ])-(?=[^) ])");
    private static final Pattern TWO_OPTIONAL = Pattern.compile("(\\(\\s+[^()\\s]+\\s+)([^()\\s]+)");
    private static final Pattern ANYTHING = Pattern.compile("");

    /** Which of two transcripts is meant. */
    public enum Side {
        /** What was said. */
        REFERENCE("ref"),
        /** What was recognised. */
        HYPOTHESIS("hyp");

        private final String name;

        Side(String name) {
            this.name = name;
        }
    }

    private record Rule(Pattern condition, String from, String to, String before, String behind) {
        boolean fits(String text, int at, boolean fold) {
            return text.regionMatches(fold, at, from, 0, from.length())
                    && text.regionMatches(fold, at - before.length(), before, 0, before.length())
                    && text.regionMatches(fold, at + from.length(), behind, 0, behind.length());
        }

        boolean holdsFor(String kind, Side side) {
            return condition.matcher(kind).find()
                    || condition.matcher(side.name).find();
        }
    }

    private final String name;
    private final List<Rule> rules;
    private final boolean fold;
    private final boolean copy;
    /** By kind and side: the rules that hold there, by their first character in upper case. */
    private final Map<String, Map<Character, List<Rule>>> applying = new ConcurrentHashMap<>();

    private Glm(String name, List<Rule> rules, boolean fold, boolean copy) {
        this.name = name;
        this.rules = List.copyOf(rules);
        this.fold = fold;
        this.copy = copy;
    }

    /**
     * Reads a file. Its first line begins with what begins comments, mostly {@code ;;}.
     *
     * @throws ScoreException with all lines that are no rule
     */
    public static Glm read(Path file) throws IOException {
        return of(file.toString(), file.getFileName().toString(), lines(file));
    }

    /**
     * The rules that lines of a file hold.
     *
     * @param name the file's name
     * @throws ScoreException with all lines that are no rule
     */
    public static Glm of(String name, List<String> lines) {
        return of(name, name, lines);
    }

    private static Glm of(String file, String name, List<String> lines) {
        String comment = lines.isEmpty() ? "" : lines.get(0).strip().split("\\s+", 2)[0];
        if (comment.isEmpty() || comment.startsWith("*") || lines.get(0).contains("=>")) {
            throw new ScoreException(file + ": the first line must be a comment, such as ;; and a description");
        }
        List<Rule> rules = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        Map<String, String> settings = new HashMap<>();
        Pattern condition = ANYTHING;
        for (int i = 1; i < lines.size(); i++) {
            String place = "line " + (i + 1) + ": ";
            Matcher dependent = CONDITION.matcher(lines.get(i));
            try {
                if (dependent.matches()) {
                    condition = Pattern.compile(dependent.group(1).toLowerCase(Locale.ROOT));
                    continue;
                }
                String line = withoutComment(lines.get(i), comment).strip();
                Matcher setting = SETTING.matcher(line);
                if (setting.matches()) {
                    settings.put(setting.group(1).toUpperCase(Locale.ROOT), setting.group(2));
                } else if (!line.isEmpty()) {
                    rules.add(rule(line, condition));
                }
            } catch (PatternSyntaxException e) {
                faults.add(place + "\"" + dependent.group(1) + "\" is no regular expression");
            } catch (IllegalArgumentException e) {
                faults.add(place + e.getMessage());
            }
        }
        String format = settings.getOrDefault("FORMAT", "NIST1");
        if (!format.equals("NIST1")) {
            faults.add("the format is " + format + "; NIST1 is read");
        }
        NistFiles.complain(file, faults);
        return new Glm(
                name,
                rules,
                !isTrue(settings.getOrDefault("CASE_SENSITIVE", "T")),
                isTrue(settings.getOrDefault("COPY_NO_HIT", "T")));
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return TextFile.lines(file);
        } catch (CharacterCodingException e) {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        }
    }

    private static String withoutComment(String line, String mark) {
        int at = line.indexOf(mark);
        return at < 0 ? line : line.substring(0, at);
    }

    private static boolean isTrue(String value) {
        return value.matches("(?i)t|true|yes");
    }

    private static Rule rule(String line, Pattern condition) {
        int arrow = line.indexOf("=>");
        if (arrow < 0) {
            throw new IllegalArgumentException("no => in \"" + line + "\"");
        }
        String from = bare(line.substring(0, arrow));
        if (from.isEmpty()) {
            throw new IllegalArgumentException("nothing before =>");
        }
        String rest = line.substring(arrow + 2);
        int slash = rest.lastIndexOf('/');
        String behindSlash = slash < 0 ? "" : rest.substring(slash);
        int opening = behindSlash.indexOf('[');
        int closing = behindSlash.indexOf(']');
        if (slash < 0 || opening >= 0 && closing < opening) {
            return new Rule(condition, from, bare(rest), "", "");
        }
        // As in SCTK, the last slash ends what is written, also where no context is behind it.
        String to = bare(rest.substring(0, slash));
        int slot = rest.indexOf('_', slash);
        if (slot < 0) {
            return new Rule(condition, from, to, "", "");
        }
        int end = slot;
        while (end < rest.length() && !Character.isWhitespace(rest.charAt(end))) {
            end++;
        }
        return new Rule(condition, from, to, bare(rest.substring(slash + 1, slot)), bare(rest.substring(end)));
    }

    /** A string of a rule without the brackets or quotation marks around it. */
    private static String bare(String text) {
        String stripped = text.strip();
        boolean bounded = stripped.length() > 1
                && (stripped.startsWith("[") && stripped.endsWith("]")
                        || stripped.startsWith("\"") && stripped.endsWith("\""));
        return bounded ? stripped.substring(1, stripped.length() - 1) : stripped;
    }

    /** The name of the file. */
    public String name() {
        return name;
    }

    /** References with times, for {@link TranscriptScorer}. */
    public List<Segment> segments(List<Segment> segments) {
        Map<Character, List<Rule>> applying = applying("stm", Side.REFERENCE);
        return segments.stream()
                .map(s -> s.ignored()
                        ? s
                        : new Segment(
                                s.file(),
                                s.channel(),
                                s.speaker(),
                                s.start(),
                                s.end(),
                                s.label(),
                                filter(s.text(), applying)))
                .toList();
    }

    /** Utterances of one side. */
    public List<Utterance> utterances(List<Utterance> utterances, Side side) {
        Map<Character, List<Rule>> applying = applying("trn", side);
        return utterances.stream()
                .map(u -> new Utterance(u.id(), filter(u.text(), applying)))
                .toList();
    }

    /**
     * Recognised words. Each is filtered for itself; one that becomes several shares its time among them, one that becomes a
     * choice is put between marks {@code <ALT_BEGIN>}, and one that becomes nothing is left out.
     */
    public List<Word> words(List<Word> words) {
        Map<Character, List<Rule>> applying = applying("ctm", Side.HYPOTHESIS);
        List<Word> filtered = new ArrayList<>();
        for (Word word : words) {
            if (Double.isNaN(word.start())) {
                filtered.add(word);
                continue;
            }
            String text = filter(word.text(), applying);
            List<List<String>> choices = Arrays.stream(text.split("/"))
                    .map(part -> EditDistance.split(part.replaceAll("[{}]", " ")))
                    .toList();
            if (choices.size() == 1) {
                add(choices.get(0), word, filtered);
            } else {
                for (int i = 0; i < choices.size(); i++) {
                    filtered.add(mark(i == 0 ? "<ALT_BEGIN>" : "<ALT>", word));
                    add(choices.get(i), word, filtered);
                }
                filtered.add(mark("<ALT_END>", word));
            }
        }
        return filtered;
    }

    private static Word mark(String text, Word word) {
        return new Word(word.file(), word.channel(), Double.NaN, Double.NaN, text, Double.NaN);
    }

    private static void add(List<String> texts, Word word, List<Word> filtered) {
        double share = word.duration() / texts.size();
        for (int i = 0; i < texts.size(); i++) {
            double start = word.start() + i * share;
            filtered.add(new Word(word.file(), word.channel(), start, share, texts.get(i), word.confidence()));
        }
    }

    private Map<Character, List<Rule>> applying(String kind, Side side) {
        return applying.computeIfAbsent(kind + " " + side.name, key -> rules.stream()
                .filter(r -> r.holdsFor(kind, side))
                .collect(Collectors.groupingBy(r -> Character.toUpperCase(r.from.charAt(0)))));
    }

    private String filter(String text, Map<Character, List<Rule>> applying) {
        String spaced = (" " + text.strip().replaceAll("[ \t]+", " ") + " ").toUpperCase(Locale.ROOT);
        String apart = " " + spaced.replace("(", "( ").replace(")", " )") + " ";
        String rewritten = HYPHEN.matcher(apply(apart, applying)).replaceAll("$1 ");
        for (Matcher two = TWO_OPTIONAL.matcher(rewritten); two.find(); two = TWO_OPTIONAL.matcher(rewritten)) {
            rewritten = two.replaceFirst("$1) ( $2");
        }
        return rewritten
                .replaceAll("\\(\\s+", "(")
                .replaceAll("\\s+\\)", ")")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private String apply(String text, Map<Character, List<Rule>> applying) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int here = at;
            char first = Character.toUpperCase(text.charAt(at));
            Rule rule = applying.getOrDefault(first, List.of()).stream()
                    .filter(r -> r.fits(text, here, fold))
                    .findFirst()
                    .orElse(null);
            if (rule != null) {
                out.append(rule.to);
                at += rule.from.length();
            } else {
                if (copy) {
                    out.append(text.charAt(at));
                }
                at++;
            }
        }
        return out.toString();
    }
}
