package org.omniscribe.export.checkpoint;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.model.ModelManifest.Tokenizer.Kind;
import org.omniscribe.asr.model.Vocabulary;

/**
 * The tokens of a foreign model: a SentencePiece model, or a text with a token a line.
 *
 * @param vocabulary the tokens, the blank first
 * @param kind what they are
 */
public record TokenFile(Vocabulary vocabulary, Kind kind) {
    private static final long MAX_BYTES = 64 << 20;

    // Fields of SentencePiece's sentencepiece_model.proto.
    private static final int PIECES = 1;
    private static final int PIECE_TEXT = 1;
    private static final int TRAINER_SPEC = 2;
    private static final int MODEL_TYPE = 3;

    /** Tokens that say nothing but their number, for a checkpoint whose tokens are not known. */
    public static TokenFile numbered(int size) {
        List<String> tokens = new ArrayList<>(List.of(Vocabulary.BLANK));
        IntStream.range(1, size).forEach(id -> tokens.add(Vocabulary.WORD_MARK + "#" + id));
        return new TokenFile(new Vocabulary(tokens), Kind.UNIGRAM);
    }

    /**
     * Reads the tokens of a model.
     *
     * @param file a SentencePiece model ({@code .model}) or a text, in which a line may have a score behind a tab; one of a
     *     space or {@code <space>} is the space
     * @param size outputs of the network
     * @param blank which of them is the CTC blank. A file of as many tokens has something in its place (SentencePiece: the
     *     unknown piece), a file of one fewer leaves it out
     * @throws CheckpointException if the file cannot be read, has another number of tokens, or two are the same
     */
    public static TokenFile read(Path file, int size, int blank) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new CheckpointException(file + ": is too long for a list of tokens");
            }
            byte[] bytes = Files.readAllBytes(file);
            boolean sentencePiece = file.getFileName().toString().endsWith(".model");
            List<String> tokens = sentencePiece ? pieces(file, bytes) : lines(file, bytes);
            if (tokens.size() == size - 1) {
                tokens.add(Math.min(blank, tokens.size()), Vocabulary.BLANK);
            }
            if (tokens.size() != size) {
                throw new CheckpointException(file + ": holds " + tokens.size() + " tokens, but the network has " + size
                        + " outputs; it must be as many, or one fewer without the blank");
            }
            tokens.remove(blank);
            tokens.add(0, Vocabulary.BLANK);
            boolean characters =
                    tokens.stream().skip(1).allMatch(token -> token.codePointCount(0, token.length()) == 1);
            Kind kind = sentencePiece ? kind(bytes) : characters ? Kind.CHARACTER : Kind.UNIGRAM;
            return new TokenFile(new Vocabulary(tokens), kind);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file + ": " + e.getMessage() + ". Check that --blank is right", e);
        } catch (IOException e) {
            throw new CheckpointException(file + ": cannot be read (" + FailureText.reason(e) + "); check the path", e);
        }
    }

    private static List<String> lines(Path file, byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CheckpointException(
                    file + ": is no UTF-8 text. The name of a SentencePiece model must end in .model", e);
        }
        List<String> tokens = new ArrayList<>();
        text.lines()
                .map(line -> line.replaceFirst("\t.*", ""))
                .forEach(token -> tokens.add(
                        token.equals(" ") || token.equals("<space>") ? String.valueOf(Vocabulary.WORD_MARK) : token));
        return tokens;
    }

    private static List<String> pieces(Path file, byte[] bytes) {
        try {
            List<String> tokens = new ArrayList<>();
            for (ByteString piece :
                    UnknownFieldSet.parseFrom(bytes).getField(PIECES).getLengthDelimitedList()) {
                tokens.add(UnknownFieldSet.parseFrom(piece)
                        .getField(PIECE_TEXT)
                        .getLengthDelimitedList()
                        .get(0)
                        .toStringUtf8());
            }
            return tokens;
        } catch (InvalidProtocolBufferException | IndexOutOfBoundsException e) {
            throw new CheckpointException(file + ": is no SentencePiece model (" + e.getMessage() + ")", e);
        }
    }

    /**
     * What the pieces of a SentencePiece model are, by the {@code model_type} of its {@code trainer_spec}.
     *
     * @param model the bytes of the file
     * @throws IOException if it does not say, or is neither of type unigram nor of type bpe
     */
    public static Kind kind(byte[] model) throws IOException {
        List<ByteString> spec =
                UnknownFieldSet.parseFrom(model).getField(TRAINER_SPEC).getLengthDelimitedList();
        if (spec.isEmpty()) {
            throw new IOException("the model does not say how it was trained");
        }
        List<Long> type =
                UnknownFieldSet.parseFrom(spec.get(0)).getField(MODEL_TYPE).getVarintList();
        return switch (type.isEmpty() ? 1 : type.get(0).intValue()) {
            case 1 -> Kind.UNIGRAM;
            case 2 -> Kind.BPE;
            default -> throw new IOException("the model is neither of type unigram nor of type bpe");
        };
    }
}
