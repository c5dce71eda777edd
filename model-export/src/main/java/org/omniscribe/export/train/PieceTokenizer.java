package org.omniscribe.export.train;

import ai.djl.sentencepiece.SpTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.model.ModelManifest.Tokenizer.Kind;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.export.checkpoint.TokenFile;

/**
 * Pieces of a SentencePiece model (unigram or BPE). The pieces come from the vocabulary file that {@code spm_train}
 * writes beside the model, {@code X.vocab} for {@code X.model}; its control pieces are left out and the blank goes first.
 */
final class PieceTokenizer implements Tokenizer {
    private final SpTokenizer pieces;
    private final Vocabulary vocabulary;
    private final Kind kind;
    private final Map<String, Integer> ids = new HashMap<>();

    PieceTokenizer(Path model) {
        Path list = model.resolveSibling(model.getFileName().toString().replaceFirst("\\.model$", ".vocab"));
        try {
            List<String> tokens = new ArrayList<>(List.of(Vocabulary.BLANK));
            for (String line : Files.readAllLines(list)) {
                String piece = line.split("\t")[0];
                if (!piece.matches("<unk>|<s>|</s>")) {
                    tokens.add(piece);
                }
            }
            vocabulary = new Vocabulary(tokens);
            kind = TokenFile.kind(Files.readAllBytes(model));
            pieces = new SpTokenizer(model);
        } catch (IOException e) {
            throw new RecipeException(
                    "cannot read the tokens " + model + " and " + list + ": " + e.getMessage()
                            + ". spm_train --model_prefix writes both.",
                    e);
        }
        for (int i = 0; i < vocabulary.size(); i++) {
            ids.put(vocabulary.token(i), i);
        }
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public int[] encode(String text) {
        return pieces.tokenize(text).stream()
                .mapToInt(piece -> {
                    Integer id = ids.get(piece);
                    if (id == null) {
                        throw new IllegalArgumentException("\"" + text + "\" needs the piece \"" + piece
                                + "\", which the vocabulary lacks; train the pieces with character_coverage 1");
                    }
                    return id;
                })
                .toArray();
    }

    @Override
    public void close() {
        pieces.close();
    }
}
