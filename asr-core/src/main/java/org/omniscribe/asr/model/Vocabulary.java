package org.omniscribe.asr.model;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;

/**
 * The output tokens of a model, in the order of its last layer.
 *
 * <p>Token 0 is {@link #BLANK}, the CTC blank. {@link #WORD_MARK} inside a token stands for a space, as in
 * SentencePiece; a character model has it as a token of its own. The file form ({@code tokens.txt}) is UTF-8 text with
 * one token a line, so that the line number, counted from 0, is the id.
 *
 * @param tokens all tokens, the blank included; at least two, no two equal, none empty or with white space in it
 */
public record Vocabulary(List<String> tokens) {
    /** The token that stands for "no new token here" in CTC. */
    public static final String BLANK = "<blank>";

    /** The id of {@link #BLANK}. */
    public static final int BLANK_ID = 0;

    /** U+2581, the sign for a space inside tokens. */
    public static final char WORD_MARK = '\u2581';

    private static final int FAULTS_TOLD = 20;
    private static final String REMEDY =
            "Export the model again, or fetch its bundle again; tokens.txt holds one token a line, " + BLANK
                    + " first.";

    /**
     * Checks the tokens and reports all faults at once.
     *
     * @throws IllegalArgumentException if the tokens break a rule above
     */
    public Vocabulary {
        tokens = List.copyOf(tokens);
        Faults faults = faults(tokens);
        faults.orThrow(all -> new IllegalArgumentException("Vocabulary: " + faults.text(FAULTS_TOLD)));
    }

    /**
     * Reads {@code tokens.txt}.
     *
     * @throws ModelException if the file cannot be read or is not a vocabulary; the message names every fault
     */
    public static Vocabulary read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new ModelException(file + " is not UTF-8 text. " + REMEDY, e);
        } catch (IOException e) {
            throw new ModelException(
                    "cannot read the vocabulary " + file + " (" + FailureText.reason(e) + "). " + REMEDY, e);
        }
        Faults faults = faults(lines);
        faults.orThrow(
                all -> new ModelException(file + " is not a vocabulary: " + faults.text(FAULTS_TOLD) + ". " + REMEDY));
        return new Vocabulary(lines);
    }

    private static Faults faults(List<String> tokens) {
        Faults faults = new Faults();
        if (tokens.size() < 2) {
            faults.add("it needs " + BLANK + " and at least one more token, but holds " + tokens.size());
        }
        if (!tokens.isEmpty() && !tokens.get(0).equals(BLANK)) {
            faults.add("line 1 must be " + BLANK + ", not \"" + tokens.get(0) + "\"");
        }
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            Integer first = seen.putIfAbsent(token, i);
            if (token.isEmpty()) {
                faults.add("line " + (i + 1) + " is empty");
            } else if (first != null) {
                faults.add("line " + (i + 1) + " repeats \"" + token + "\" of line " + (first + 1));
            } else if (token.codePoints().anyMatch(Vocabulary::isSpaceOrControl)) {
                faults.add("line " + (i + 1) + " has white space or a control character in \"" + token + "\", where "
                        + WORD_MARK + " stands for a space");
            }
        }
        return faults;
    }

    private static boolean isSpaceOrControl(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c) || c == '\uFEFF';
    }

    /**
     * Writes {@code tokens.txt}, with line feeds on every system so that its checksum is the same everywhere.
     *
     * @throws ModelException if the file cannot be written
     */
    public void write(Path file) {
        try {
            Files.writeString(file, String.join("\n", tokens) + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ModelException(
                    "cannot write the vocabulary " + file + " (" + FailureText.reason(e)
                            + "). Check that the folder exists and has room.",
                    e);
        }
    }

    /** Number of tokens, the blank included. */
    public int size() {
        return tokens.size();
    }

    /**
     * One token as it stands in the file.
     *
     * @param id 0 to {@code size() - 1}
     */
    public String token(int id) {
        return tokens.get(id);
    }

    /**
     * The text that tokens spell: their concatenation, blanks left out, word marks as single spaces, trimmed.
     *
     * @param ids token ids, each 0 to {@code size() - 1}; repeats are not collapsed
     */
    public String text(int[] ids) {
        StringBuilder text = new StringBuilder();
        boolean space = false;
        for (int id : ids) {
            String token = id == BLANK_ID ? "" : tokens.get(id);
            for (int i = 0; i < token.length(); i++) {
                char c = token.charAt(i);
                if (c == WORD_MARK) {
                    space = true;
                } else {
                    if (space && !text.isEmpty()) {
                        text.append(' ');
                    }
                    space = false;
                    text.append(c);
                }
            }
        }
        return text.toString();
    }

    /** The ids of the tokens that write nothing but spaces; a character model has one, other models may have none. */
    public int[] spaces() {
        return IntStream.range(BLANK_ID + 1, size())
                .filter(id -> tokens.get(id).chars().allMatch(c -> c == WORD_MARK))
                .toArray();
    }
}
