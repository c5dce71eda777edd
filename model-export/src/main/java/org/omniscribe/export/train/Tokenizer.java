package org.omniscribe.export.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.omniscribe.asr.model.ModelManifest.Tokenizer.Kind;
import org.omniscribe.asr.model.Vocabulary;

/** Turns normalised text into the tokens that a model is trained to write. */
public interface Tokenizer extends AutoCloseable {
    /** What the tokens are. */
    Kind kind();

    /** The tokens with their ids. */
    Vocabulary vocabulary();

    /**
     * The tokens of a text.
     *
     * @param text words of a to z and apostrophes, single spaces between them
     */
    int[] encode(String text);

    /** Frees what it holds; here, nothing. */
    @Override
    default void close() {}

    /**
     * The tokenizer that a recipe names.
     *
     * @param name {@code "characters"}, or a SentencePiece model
     * @param file the file of a name
     */
    static Tokenizer of(String name, Function<String, Path> file) {
        return name.equals("characters") ? characters() : new PieceTokenizer(file.apply(name));
    }

    /** Letters, the apostrophe, and the word mark between words. */
    static Tokenizer characters() {
        List<String> tokens = new ArrayList<>(List.of(Vocabulary.BLANK, String.valueOf(Vocabulary.WORD_MARK), "'"));
        for (char c = 'a'; c <= 'z'; c++) {
            tokens.add(String.valueOf(c));
        }
        Vocabulary vocabulary = new Vocabulary(tokens);
        return new Tokenizer() {
            @Override
            public Kind kind() {
                return Kind.CHARACTER;
            }

            @Override
            public Vocabulary vocabulary() {
                return vocabulary;
            }

            @Override
            public int[] encode(String text) {
                return text.chars()
                        .map(c -> {
                            int id = c == ' ' ? 1 : c == '\'' ? 2 : c >= 'a' && c <= 'z' ? 3 + c - 'a' : -1;
                            if (id < 0) {
                                throw new IllegalArgumentException(
                                        "\"" + text + "\" holds a character that is no token: " + (char) c);
                            }
                            return id;
                        })
                        .toArray();
            }
        };
    }
}
