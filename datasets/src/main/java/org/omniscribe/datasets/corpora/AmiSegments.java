package org.omniscribe.datasets.corpora;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.omniscribe.datasets.Problems;

/**
 * The segments of one speaker in one AMI meeting, cut and written as in Kaldi's {@code ami_split_segments.pl}: a segment
 * begins with its first word and ends with its last, is split at full stops and question marks, and what then has more
 * than 30 tokens is halved at the comma nearest to its middle, again and again.
 */
final class AmiSegments {
    private static final int MAX_TOKENS = 30;
    private static final Pattern ID = Pattern.compile("id\\(([^)]*)\\)");

    private AmiSegments() {}

    /** What is said between two times, in seconds. */
    record Segment(double start, double end, String text) {}

    /** A word, a punctuation mark, or (without text) a laugh, gap or the like. */
    private record Token(String text, double start, double end, boolean mark) {
        boolean stop() {
            return mark && (text.equals(".") || text.equals("?"));
        }

        boolean comma() {
            return mark && !stop() && !Double.isNaN(start);
        }
    }

    static List<Segment> read(Path words, Path segments, Problems problems) {
        List<Token> tokens = new ArrayList<>();
        Map<String, Integer> index = new HashMap<>();
        Xml.read(words, problems, (tag, xml) -> {
            String id = xml.getAttributeValue(Xml.NITE, "id");
            if (tag.equals("root") || id == null) {
                return;
            }
            double start = Xml.time(xml, "starttime");
            double end = Xml.time(xml, "endtime");
            boolean mark = "true".equals(xml.getAttributeValue(null, "punc"));
            index.put(id, tokens.size());
            tokens.add(new Token(tag.equals("w") ? Xml.text(xml) : "", start, end, mark));
        });
        List<Segment> found = new ArrayList<>();
        double[] times = new double[2];
        String[] name = {""};
        Xml.read(segments, problems, (tag, xml) -> {
            if (tag.equals("segment")) {
                times[0] = Xml.time(xml, "transcriber_start");
                times[1] = Xml.time(xml, "transcriber_end");
                name[0] = problems.name(segments) + " " + xml.getAttributeValue(Xml.NITE, "id");
            } else if (tag.equals("child")) {
                Matcher ids = ID.matcher(String.valueOf(xml.getAttributeValue(null, "href")));
                Integer from = ids.find() ? index.get(ids.group(1)) : null;
                Integer to = ids.find() ? index.get(ids.group(1)) : from;
                if (from == null || to == null || to < from) {
                    problems.fault(name[0] + ": it refers to words that are not in " + problems.name(words));
                } else {
                    split(tokens.subList(from, to + 1), times[0], times[1], found);
                }
            }
        });
        return found;
    }

    private static void split(List<Token> tokens, double marked, double markedEnd, List<Segment> found) {
        double start = tokens.stream()
                .mapToDouble(Token::start)
                .filter(t -> !Double.isNaN(t))
                .min()
                .orElse(marked);
        double end = tokens.stream()
                .mapToDouble(Token::end)
                .filter(t -> !Double.isNaN(t))
                .max()
                .orElse(markedEnd);
        List<Token> sentence = new ArrayList<>();
        for (Token token : tokens) {
            if (token.stop() && !Double.isNaN(token.start)) {
                halve(sentence, start, token.start, found);
                sentence.clear();
                start = token.start;
            } else if (!token.text.isEmpty()) {
                sentence.add(token);
            }
        }
        halve(sentence, start, end, found);
    }

    private static void halve(List<Token> tokens, double start, double end, List<Segment> found) {
        int best = -1;
        if (tokens.size() > MAX_TOKENS) {
            double middle = (start + end) / 2;
            double distance = (end - start) / 2;
            for (int i = 0; i < tokens.size(); i++) {
                Token token = tokens.get(i);
                if (token.comma() && token.start < end && Math.abs(middle - token.start) < distance) {
                    distance = Math.abs(middle - token.start);
                    best = i;
                }
            }
        }
        if (best >= 0) {
            double cut = tokens.get(best).start;
            halve(tokens.subList(0, best), start, cut, found);
            halve(tokens.subList(best + 1, tokens.size()), cut, end, found);
            return;
        }
        // Kaldi cuts off what is below 1/100 s; its names are made of these numbers.
        long from = (long) (start * 100);
        long to = (long) (end * 100);
        StringBuilder text = new StringBuilder();
        tokens.stream().filter(t -> !t.mark).forEach(t -> text.append(' ').append(t.text));
        String clean = clean(text.toString());
        if (!clean.isEmpty() && to > from) {
            found.add(new Segment(from / 100.0, to / 100.0, clean));
        }
    }

    static String clean(String text) {
        return text.toUpperCase(Locale.ROOT)
                .replaceAll("[^A-Z0-9']+", " ")
                .replaceAll("\\bMM HMM\\b", "MM-HMM")
                .replaceAll("\\bUH HUH\\b", "UH-HUH")
                .replaceAll("\\bO K\\b", "OK")
                .strip();
    }
}
