package org.omniscribe.asr.decode;

import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.TextFile;
import org.omniscribe.asr.model.ModelException;

/**
 * Words and phrases that a recording is likely to hold, such as names.
 *
 * <p>Every time one is written, its weight is added to the score of the hypothesis; a weight of w makes it e<sup>w</sup>
 * times as likely as it would be. While it is being written, a part of the weight is lent, by the share of its
 * characters, and taken back if it goes on otherwise; so it survives in a beam until it is whole. Phrases are found
 * with an automaton after Aho and Corasick (1975). Capital letters count as small ones.
 *
 * <p>What follows itself at once earns nothing the second time, so that no weight makes a word repeat itself. Immutable and
 * thread-safe.
 */
public final class Hotwords {
    /** The weight where none is given. */
    public static final double DEFAULT_WEIGHT = 5;

    private static final double MAX_WEIGHT = 100;

    /** The state that nothing has been written in; a space then begins a word. */
    public static final int START = 0;

    /** What no weight is greater than, whatever is asked for: a word so favoured is written where nobody said it. */
    public static final double EFFECTIVE_WEIGHT = 7;

    /** Marks that are not spoken where they stand at either end of a word. */
    private static final String EDGES = ".,;:!?\u2026\"'\u201c\u201d\u2018\u2019\u00ab\u00bb()[]{}\u2013\u2014-";

    /**
     * A word or phrase.
     *
     * @param phrase its words as they are spoken: small letters, single spaces between them, not empty
     * @param weight natural logarithm of how much likelier it is to be, -100 to 100; below 0 it is rarer. What is above
     *     {@link #EFFECTIVE_WEIGHT} counts as that
     * @param written how transcripts write it: with its capitals, and with hyphens and accents that are not spoken
     */
    public record Hotword(String phrase, double weight, String written) {
        /** Checks all of them. */
        public Hotword {
            List<String> faults = new ArrayList<>();
            if (phrase.isBlank()) {
                faults.add("the phrase is blank");
            }
            if (!(Math.abs(weight) <= MAX_WEIGHT)) {
                faults.add("the weight of \"" + phrase + "\" must be from -100 to 100, not " + weight);
            }
            if (!faults.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", faults));
            }
        }

        /** A word or phrase as it is written. */
        public Hotword(String written, double weight) {
            this(spoken(written), weight, withoutEdges(written));
        }
    }

    /** The written words without the marks around them. */
    private static String withoutEdges(String written) {
        List<String> words = new ArrayList<>();
        for (String word : written.strip().split("\\s+")) {
            int from = 0;
            int to = word.length();
            while (from < to && EDGES.indexOf(word.charAt(from)) >= 0) {
                from++;
            }
            while (to > from && EDGES.indexOf(word.charAt(to - 1)) >= 0) {
                to--;
            }
            if (from < to) {
                words.add(word.substring(from, to));
            }
        }
        return String.join(" ", words);
    }

    /** What is said of a written phrase: small letters without accents; a hyphen or a stop within a word parts it. */
    private static String spoken(String written) {
        String plain = Normalizer.normalize(withoutEdges(written), Normalizer.Form.NFD)
                .replaceAll("\\p{M}+", "")
                .replace('\u2019', '\'');
        return plain.toLowerCase(Locale.ROOT).replaceAll("[-./_\\s]+", " ").strip();
    }

    private final List<Hotword> phrases;
    private final List<String> remarks;
    private final Map<Character, Integer> letters = new HashMap<>();
    /** {@code [state][letter]}; the last letter is any that no phrase has. */
    private final int[][] next;

    private final double[] reward;
    private final double[] lent;
    /** Phrase that what is lent belongs to; -1 where nothing is lent. */
    private final int[] lender;
    /** {@code [state]}: the phrases that end there. */
    private final int[][] ended;

    /** Makes an automaton of phrases; of equal ones the last counts. */
    public Hotwords(List<Hotword> phrases) {
        this(phrases, List.of());
    }

    private Hotwords(List<Hotword> phrases, List<String> remarks) {
        this.remarks = List.copyOf(remarks);
        Map<String, Hotword> distinct = new HashMap<>();
        phrases.forEach(p -> distinct.put(p.phrase, p));
        this.phrases = List.copyOf(distinct.values());
        letters.put(' ', 0);
        for (Hotword p : this.phrases) {
            p.phrase.chars().forEach(c -> letters.putIfAbsent((char) c, letters.size()));
        }
        List<int[]> states = new ArrayList<>();
        states.add(newState());
        List<Double> rewards = new ArrayList<>(List.of(0.0));
        List<Double> loans = new ArrayList<>(List.of(0.0));
        List<Integer> lenders = new ArrayList<>(List.of(-1));
        Map<Integer, Integer> whole = new HashMap<>();
        Set<Integer> withoutLoan = new HashSet<>();
        for (int phrase = 0; phrase < this.phrases.size(); phrase++) {
            Hotword p = this.phrases.get(phrase);
            double weight = Math.min(p.weight, EFFECTIVE_WEIGHT);
            String once = ' ' + p.phrase + ' ';
            for (String written : List.of(once, once + p.phrase + ' ')) {
                int state = START;
                for (int i = 0; i < written.length(); i++) {
                    int letter = letters.get(written.charAt(i));
                    if (states.get(state)[letter] < 0) {
                        states.get(state)[letter] = states.size();
                        states.add(newState());
                        rewards.add(0.0);
                        loans.add(0.0);
                        lenders.add(-1);
                    }
                    state = states.get(state)[letter];
                    double share = weight * (i + 1) / once.length();
                    if (i >= once.length()) {
                        withoutLoan.add(state);
                    } else if (i > 0 && i + 1 < once.length() && Math.abs(share) > Math.abs(loans.get(state))) {
                        loans.set(state, share);
                        lenders.set(state, phrase);
                    }
                }
                // Said twice in a row, it takes back what the second of them earns.
                boolean single = written.equals(once);
                rewards.set(state, rewards.get(state) + (single ? weight : -weight));
                if (single) {
                    whole.put(state, phrase);
                }
            }
        }
        next = states.toArray(int[][]::new);
        reward = rewards.stream().mapToDouble(r -> r).toArray();
        lent = loans.stream().mapToDouble(l -> l).toArray();
        lender = lenders.stream().mapToInt(l -> l).toArray();
        ended = new int[next.length][];
        Arrays.setAll(ended, s -> whole.containsKey(s) ? new int[] {whole.get(s)} : new int[0]);
        close(withoutLoan);
    }

    /** These and others, or these alone where the others are null; of equal ones these count. */
    Hotwords and(Hotwords others) {
        if (others == null) {
            return this;
        }
        List<Hotword> all = new ArrayList<>(others.phrases);
        all.addAll(phrases);
        return new Hotwords(all);
    }

    private int[] newState() {
        int[] state = new int[letters.size() + 1];
        Arrays.fill(state, -1);
        return state;
    }

    /** Fills in where the automaton goes on when a phrase breaks off: to the longest beginning that ends here. */
    private void close(Set<Integer> withoutLoan) {
        int[] fallback = new int[next.length];
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int l = 0; l < next[START].length; l++) {
            if (next[START][l] < 0) {
                next[START][l] = START;
            } else {
                queue.add(next[START][l]);
            }
        }
        while (!queue.isEmpty()) {
            int state = queue.remove();
            reward[state] += reward[fallback[state]];
            int[] shorter = ended[fallback[state]];
            int own = ended[state].length;
            ended[state] = Arrays.copyOf(ended[state], own + shorter.length);
            System.arraycopy(shorter, 0, ended[state], own, shorter.length);
            if (lent[state] == 0 && !withoutLoan.contains(state)) {
                lent[state] = lent[fallback[state]];
                lender[state] = lender[fallback[state]];
            }
            for (int l = 0; l < next[state].length; l++) {
                int child = next[state][l];
                if (child < 0) {
                    next[state][l] = next[fallback[state]][l];
                } else {
                    fallback[child] = next[fallback[state]][l];
                    queue.add(child);
                }
            }
        }
    }

    /**
     * Reads a file with a word or phrase a line, and behind a tab its weight if it is not {@value #DEFAULT_WEIGHT}. Blank
     * lines and those that begin with {@code #} are skipped. Lines that cannot be used are left out; {@link #remarks} tells.
     *
     * @throws ModelException if it cannot be read or has faulty lines; all are named
     */
    public static Hotwords read(Path file) {
        List<String> lines;
        try {
            lines = TextFile.lines(file);
        } catch (IOException e) {
            throw new ModelException(
                    "cannot read the hot words " + TextFile.shown(file.toString()) + " (" + FailureText.reason(e)
                            + "). Check the path; it is UTF-8 text.",
                    e);
        }
        Map<String, Hotword> words = new LinkedHashMap<>();
        List<String> faults = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] columns = line.split("\t");
            String at = "line " + (i + 1) + ": ";
            try {
                double weight = columns.length > 1 ? Double.parseDouble(columns[1].strip()) : DEFAULT_WEIGHT;
                add(columns.length == 0 ? "" : columns[0], weight, at, words, remarks);
            } catch (NumberFormatException e) {
                faults.add(at + "\"" + TextFile.shown(columns[1]) + "\" is no number");
            } catch (IllegalArgumentException e) {
                faults.add(at + e.getMessage());
            }
        }
        if (!faults.isEmpty()) {
            throw new ModelException("the hot words " + TextFile.shown(file.toString()) + " cannot be used: "
                    + String.join("; ", faults)
                    + ". A line is a word or phrase, and behind a tab its weight if it shall have one.");
        }
        return new Hotwords(List.copyOf(words.values()), remarks);
    }

    private static void add(
            String written, double weight, String at, Map<String, Hotword> words, List<String> remarks) {
        String shown = "\"" + TextFile.shown(written.strip()) + "\"";
        String said = spoken(written);
        if (!written.isBlank() && !said.matches("[a-z' ]*[a-z][a-z' ]*")) {
            remarks.add(
                    at + shown + " is left out: it has characters that are no letters of English words; write it as it"
                            + " is spoken, such as \"three m\" or \"c plus plus\"");
            return;
        }
        Hotword word = new Hotword(written, weight);
        if (!word.written().equals(written.strip().replaceAll("\\s+", " "))) {
            remarks.add(at + shown + " is taken as \"" + word.written() + "\", without the marks around its words");
        }
        if (weight > EFFECTIVE_WEIGHT) {
            remarks.add(at + "the weight of " + shown + " counts as " + EFFECTIVE_WEIGHT
                    + ", which is the most: more would write it where nobody said it");
        }
        if (words.put(word.phrase(), word) != null) {
            remarks.add(at + shown + " is there again; this line counts");
        }
    }

    /** What of the file was not taken as it stands, with line and reason. */
    public List<String> remarks() {
        return remarks;
    }

    /** The words and phrases, without repeats. */
    public List<Hotword> phrases() {
        return phrases;
    }

    /** Whether a character is in one of the phrases, or a space. */
    public boolean knows(char c) {
        return letters.containsKey(c);
    }

    /** The state after one more character, which is a small letter if there is one. */
    public int next(int state, char c) {
        Integer letter = letters.get(c);
        return next[state][letter == null ? letters.size() : letter];
    }

    /** What a hypothesis earns for good on entering a state: the weights of the phrases that end there. */
    double reward(int state) {
        return reward[state];
    }

    /**
     * The phrases that end in a state, as places in {@link #phrases}.
     *
     * @return not to be changed
     */
    public int[] ended(int state) {
        return ended[state];
    }

    /** The phrase that has begun in a state, and for which {@link #lent} is lent; -1 if none has. */
    public int lender(int state) {
        return lender[state];
    }

    /** What is lent in a state for a phrase that has begun. */
    public double lent(int state) {
        return lent[state];
    }
}
