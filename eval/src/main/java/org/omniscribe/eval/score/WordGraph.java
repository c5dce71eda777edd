package org.omniscribe.eval.score;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.omniscribe.eval.text.Normalizer;

/**
 * A transcript with choices: words, some of which may be left out, and places where one of several texts was said.
 *
 * <p>NIST's notation (SCTK, doc/infmts.htm): <code>{ um / uh / @ }</code> is one of the texts, {@code @} being nothing,
 * and may stand in another; {@code (word)} may be left out; {@code th-} and {@code -ing} are fragments, which stand for
 * any word that begins or ends so.
 */
final class WordGraph {
    /** The word that stands for nothing. */
    static final String NULL = "@";

    /**
     * A word, and the words that can stand before it.
     *
     * @param text the word, or {@link #NULL}
     * @param optional whether leaving it out is no error
     * @param before indices of arcs, all of them smaller; in the order of the transcript, which breaks ties
     */
    record Arc(String text, boolean optional, int[] before) {
        boolean empty() {
            return text.equals(NULL);
        }

        /** Whether it is a part of a word; {@code (-ing)} is none in sclite, though {@code (th-)} is. */
        boolean fragment() {
            return text.endsWith("-") || !optional && text.startsWith("-");
        }
    }

    private final List<Arc> arcs = new ArrayList<>();
    private final List<String> notation = new ArrayList<>();
    private List<Integer> ends;

    private WordGraph() {
        // The start: no word, and nothing before it.
        arcs.add(new Arc("", false, new int[0]));
        ends = List.of(0);
    }

    /** The arcs; the first is the start and no word. */
    List<Arc> arcs() {
        return arcs;
    }

    /** Indices of the arcs that can come last. */
    int[] ends() {
        return ends.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Whether there is neither choice, nor word that may be left out, nor fragment. */
    boolean linear() {
        return arcs.stream().skip(1).noneMatch(a -> a.optional() || a.empty() || a.fragment())
                && IntStream.range(1, arcs.size())
                        .allMatch(i ->
                                arcs.get(i).before().length == 1 && arcs.get(i).before()[0] == i - 1);
    }

    /** All of it in NIST's notation, with single spaces; what is read from that is the same graph. */
    String notation() {
        return String.join(" ", notation);
    }

    /** The words of a graph without choices. */
    List<String> words() {
        return arcs.stream().skip(1).map(Arc::text).toList();
    }

    /**
     * Reads a transcript without notation.
     *
     * @param text the words
     * @param normalizer what they go through
     */
    static WordGraph plain(String text, Normalizer normalizer) {
        WordGraph graph = new WordGraph();
        graph.add(EditDistance.split(normalizer.normalize(text)), false);
        return graph;
    }

    /**
     * Reads a transcript with NIST's notation. What lies between its marks is normalised piece by piece, so that no word
     * of one choice melts with one of another.
     *
     * @param text the transcript
     * @param normalizer what the words go through
     * @throws IllegalArgumentException if braces do not match or a choice is empty
     */
    static WordGraph parse(String text, Normalizer normalizer) {
        List<String> tokens =
                EditDistance.split(text.replace("{", " { ").replace("}", " } ").replaceAll("(^|\\s)/(?=\\s|$)", " / "));
        Parser parser = new Parser(tokens, normalizer);
        parser.sequence(false);
        return parser.graph;
    }

    /**
     * Appends alternatives, each of them words in order; one without words is the null word.
     *
     * @param alternatives at least one
     */
    void addChoice(List<List<String>> alternatives) {
        List<Integer> start = ends;
        List<Integer> reached = new ArrayList<>();
        for (List<String> words : alternatives) {
            notation.add(reached.isEmpty() ? "{" : "/");
            ends = start;
            add(words.isEmpty() ? List.of(NULL) : words, false);
            reached.addAll(ends);
        }
        notation.add("}");
        ends = reached;
    }

    static WordGraph empty() {
        return new WordGraph();
    }

    void add(List<String> words, boolean optional) {
        for (String word : words) {
            arcs.add(new Arc(word, optional, ends()));
            notation.add(optional ? "(" + word + ")" : word);
            ends = List.of(arcs.size() - 1);
        }
    }

    /** Choices in choices; transcribers write one or two. */
    private static final int DEEPEST = 50;

    /** Descends into choices; the graph grows on the way. */
    private static final class Parser {
        private final WordGraph graph = new WordGraph();
        private final List<String> tokens;
        private final Normalizer normalizer;
        private int at;
        private int depth;

        Parser(List<String> tokens, Normalizer normalizer) {
            this.tokens = tokens;
            this.normalizer = normalizer;
        }

        /** Words and choices up to the end or, inside a choice, up to a slash or brace that is not of an inner one. */
        private void sequence(boolean inside) {
            int first = at;
            int before = graph.arcs.size();
            List<String> run = new ArrayList<>();
            while (at < tokens.size()) {
                String token = tokens.get(at);
                if (token.equals("{")) {
                    flush(run);
                    choice();
                } else if (inside && (token.equals("/") || token.equals("}"))) {
                    break;
                } else if (token.equals("}")) {
                    throw new IllegalArgumentException("a } without a {");
                } else if (token.equals(NULL)) {
                    flush(run);
                    graph.add(List.of(NULL), false);
                    at++;
                } else if (optional(token)) {
                    flush(run);
                    graph.add(normalized(token.substring(1, token.length() - 1)), true);
                    at++;
                } else {
                    run.add(token);
                    at++;
                }
            }
            if (inside && at == first) {
                throw new IllegalArgumentException("a choice without words between { / }; write @ for nothing");
            }
            flush(run);
            if (inside && graph.arcs.size() == before) {
                // Nothing of the text was left over.
                graph.add(List.of(NULL), false);
            }
        }

        private void choice() {
            depth++;
            if (depth > DEEPEST) {
                throw new IllegalArgumentException("choices in choices, more than " + DEEPEST + " deep");
            }
            List<Integer> start = graph.ends;
            List<Integer> reached = new ArrayList<>();
            do {
                graph.notation.add(tokens.get(at));
                at++;
                graph.ends = start;
                sequence(true);
                reached.addAll(graph.ends);
                if (at == tokens.size()) {
                    throw new IllegalArgumentException("a { without a }");
                }
            } while (tokens.get(at).equals("/"));
            graph.notation.add("}");
            at++;
            depth--;
            graph.ends = reached;
        }

        private void flush(List<String> run) {
            graph.add(normalized(String.join(" ", run)), false);
            run.clear();
        }

        private List<String> normalized(String text) {
            return EditDistance.split(normalizer.normalize(text));
        }

        private static boolean optional(String token) {
            return token.length() > 2 && token.startsWith("(") && token.endsWith(")");
        }
    }
}
