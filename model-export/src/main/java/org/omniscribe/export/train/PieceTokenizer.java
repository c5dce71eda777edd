package org.omniscribe.export.train;

import ai.djl.sentencepiece.SpTokenizer;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.model.ModelManifest.Tokenizer.Kind;
import org.omniscribe.asr.model.Vocabulary;

/**
 * Pieces of a SentencePiece model (unigram or BPE). The pieces come from the vocabulary file that {@code spm_train}
 * writes beside the model, {@code X.vocab} for {@code X.model}; its control pieces are left out and the blank goes first.
 */
final class PieceTokenizer implements Tokenizer {
    private static final int TRAINER_SPEC = 2;
    private static final int MODEL_TYPE = 3;
    private static final int UNIGRAM = 1;
    private static final int BPE = 2;

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
            kind = kind(Files.readAllBytes(model));
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

    /** The {@code model_type} of the {@code trainer_spec} in SentencePiece's model file (sentencepiece_model.proto). */
    private static Kind kind(byte[] model) throws IOException {
        List<ByteString> spec =
                UnknownFieldSet.parseFrom(model).getField(TRAINER_SPEC).getLengthDelimitedList();
        if (spec.isEmpty()) {
            throw new IOException("the model does not say how it was trained");
        }
        List<Long> type =
                UnknownFieldSet.parseFrom(spec.get(0)).getField(MODEL_TYPE).getVarintList();
        return switch (type.isEmpty() ? UNIGRAM : type.get(0).intValue()) {
            case UNIGRAM -> Kind.UNIGRAM;
            case BPE -> Kind.BPE;
            default -> throw new IOException("the model is neither of type unigram nor of type bpe");
        };
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
