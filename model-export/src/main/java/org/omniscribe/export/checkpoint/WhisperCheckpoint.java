package org.omniscribe.export.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
import org.omniscribe.asr.model.Activation;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.AttentionSpec;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/**
 * A model of the Whisper family, in whichever form it came.
 *
 * @param dimensions its sizes
 * @param parameters its parameters, named and shaped as {@link WhisperDimensions#shapes} says
 * @param tokens the tokens with a meaning of their own
 * @param tokenizer the file {@code tokenizer.json} with all tokens
 * @param alignmentHeads heads of the decoder whose cross-attention follows the speech, {@code {layer, head}}
 * @param suppress tokens that are never written
 * @param suppressAtStart tokens that are not written first
 * @param form what it is a checkpoint of, in words
 * @param remarks what was decided, and why
 */
public record WhisperCheckpoint(
        WhisperDimensions dimensions,
        Tensors parameters,
        WhisperTokens tokens,
        Path tokenizer,
        List<List<Integer>> alignmentHeads,
        List<Integer> suppress,
        List<Integer> suppressAtStart,
        String form,
        List<String> remarks) {
    private static final String SPECIFICATION = "WhisperSpec";
    private static final String CONFIG = "config.json";
    private static final String GENERATION = "generation_config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final long MAX_CONFIG_BYTES = 1 << 20;

    /** How far a sinusoid in half precision may be from the exact one. */
    private static final float POSITION_TOLERANCE = 1e-3f;

    /** Scalars of CTranslate2's that say how the network computes, with the values of Whisper's. */
    private static final Map<String, Float> SWITCHES = Map.of(
            "decoder/activation", 3f,
            "decoder/alibi", 0f,
            "decoder/alibi_use_positive_positions", 0f,
            "decoder/alignment_layer", -1f,
            "decoder/pre_norm", 1f,
            "decoder/scale_alibi", 0f,
            "decoder/scale_embeddings", 0f,
            "decoder/start_from_zero_embedding", 0f);

    private static final List<String> HEADS = List.of("encoder/num_heads", "decoder/num_heads");
    private static final String DEFAULT_HEADS = "decoder/alignment_heads";
    private static final String EMBEDDING = "decoder.embedding.weight";

    /** Shape and tokens of its decoder, as a bundle names them. */
    public AttentionSpec decoder() {
        return new AttentionSpec(
                dimensions.decoderLayers(),
                dimensions.width(),
                dimensions.heads(),
                dimensions.mlpWidth(),
                dimensions.vocabulary(),
                dimensions.maxTokens(),
                alignmentHeads,
                tokens.start(),
                tokens.end(),
                tokens.languages(),
                tokens.transcribe(),
                tokens.translate(),
                tokens.noSpeech(),
                tokens.noTimestamps(),
                tokens.previous(),
                tokens.firstTimestamp(),
                suppress,
                suppressAtStart);
    }

    /**
     * Shape of its encoder and decoder, as a bundle names it. Positions are computed; they were compared with the stored
     * ones.
     */
    public Architecture architecture() {
        return Architecture.builder()
                .melBins(dimensions.melBins())
                .subsampling(new Subsampling.WhisperStem())
                .width(dimensions.width())
                .heads(dimensions.heads())
                .mlpWidth(dimensions.mlpWidth())
                .experts(Collections.nCopies(dimensions.encoderLayers(), 1))
                .routing(Architecture.Routing.DENSE)
                .activation(Activation.GELU)
                .position(new Position.WhisperSinusoid(false))
                .attention(new Attention.Full(Attention.Bias.QUERY_VALUE_OUTPUT))
                .decoder(decoder())
                .build();
    }

    /**
     * Whether a path looks like a Whisper model, so that {@link #open} is the way to read it: its tensors have the names of
     * one, however incomplete.
     *
     * @throws CheckpointException if it cannot be read at all
     */
    public static boolean recognises(Path path, Set<String> opaque) {
        return model(path).isPresent()
                || WhisperLayout.of(Checkpoint.open(path, Optional.empty(), opaque)
                                .tensors()
                                .shapes()
                                .keySet())
                        .isPresent();
    }

    /**
     * Opens a Whisper model; the values of its tensors are read when they are asked for.
     *
     * @param path {@code model.bin} of CTranslate2, OpenAI's {@code .pt}, the safetensors of Hugging Face's transformers,
     *     or the folder of one; {@code config.json}, {@code generation_config.json} and {@code tokenizer.json} beside it
     *     are read
     * @param tokenizer the {@code tokenizer.json} where it is not beside the checkpoint
     * @param opaque see {@link Checkpoint#open}
     * @throws CheckpointException if it cannot be read, or is no whole model of the family; all faults at once
     */
    public static WhisperCheckpoint open(Path path, Optional<Path> tokenizer, Set<String> opaque) {
        Optional<Path> binary = model(path);
        return new Opening(binary.orElse(path), tokenizer)
                .open(binary.isPresent() ? CTranslate2File.open(binary.get()) : null, opaque);
    }

    /** The model.bin of CTranslate2 at a path. */
    private static Optional<Path> model(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve("model.bin") : path;
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(file).filter(f -> CTranslate2File.recognises(head(in)));
        } catch (IOException e) {
            throw new CheckpointException(file + ": cannot be read (" + e + "); check the path", e);
        }
    }

    private static byte[] head(InputStream in) {
        try {
            return in.readNBytes(9);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    /** The work of opening one. */
    private static final class Opening {
        private final Path path;
        private final Path folder;
        private final Optional<Path> named;
        private final List<String> faults = new ArrayList<>();
        private final List<String> remarks = new ArrayList<>();

        Opening(Path path, Optional<Path> tokenizer) {
            this.path = path;
            this.named = tokenizer;
            this.folder = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
        }

        WhisperCheckpoint open(CTranslate2File binary, Set<String> opaque) {
            Checkpoint checkpoint = binary == null ? Checkpoint.open(path, Optional.empty(), opaque) : null;
            Tensors tensors = binary == null ? checkpoint.tensors() : binary;
            WhisperLayout layout = WhisperLayout.of(tensors.shapes().keySet())
                    .orElseThrow(() -> new CheckpointException(
                            path + ": is no Whisper model" + (binary == null ? "" : ", but a " + binary.specification())
                                    + ". Name a checkpoint of one"));
            JsonNode config = layout == WhisperLayout.OPENAI ? MissingNode.getInstance() : json(CONFIG);
            JsonNode generation = layout == WhisperLayout.HUGGING_FACE
                    ? json(GENERATION)
                    : layout == WhisperLayout.CTRANSLATE2 ? config : MissingNode.getInstance();
            Set<String> ignored = new HashSet<>();
            int heads =
                    switch (layout) {
                        case CTRANSLATE2 -> switches(binary, ignored);
                        case OPENAI -> dims(checkpoint.settings());
                        case HUGGING_FACE -> config(config, tensors, ignored);
                    };
            WhisperDimensions dimensions;
            Tensors parameters;
            try {
                dimensions = layout.dimensions(tensors.shapes(), heads);
            } catch (CheckpointException e) {
                throw new CheckpointException(path + ": " + e.getMessage() + ". Download or convert it anew", e);
            }
            parameters = layout.parameters(tensors, dimensions, ignored, faults);
            if (layout == WhisperLayout.OPENAI) {
                agree(dimensions, checkpoint.settings());
            }
            if (faults.isEmpty()) {
                values(parameters, dimensions);
            }
            Path tokenizer = named.orElse(folder.resolve(TOKENIZER));
            WhisperTokens tokens = tokens(tokenizer, dimensions);
            List<Integer> suppress = ids(generation, dimensions, "suppress_ids", "suppress_tokens");
            List<Integer> first = ids(generation, dimensions, "suppress_ids_begin", "begin_suppress_tokens");
            List<List<Integer>> alignment = alignment(generation.path("alignment_heads"), dimensions);
            if (!faults.isEmpty()) {
                throw new CheckpointException(path + ": cannot be imported: " + String.join("; ", faults)
                        + ". Download or convert the whole model anew");
            }
            if (suppress == null) {
                remarks.add("no list of tokens that are never written was found; it is made from " + TOKENIZER);
            }
            return new WhisperCheckpoint(
                    dimensions,
                    parameters,
                    tokens,
                    tokenizer,
                    alignment,
                    suppress == null ? tokens.nonSpeech() : suppress,
                    first == null ? start(tokens) : first,
                    form(layout),
                    List.copyOf(remarks));
        }

        /** The tokens; null where they cannot be read, which is a fault. */
        private WhisperTokens tokens(Path tokenizer, WhisperDimensions dimensions) {
            if (!Files.isRegularFile(tokenizer)) {
                faults.add(TOKENIZER + " is not beside it; name one with --tokens");
                return null;
            }
            try {
                return WhisperTokens.read(tokenizer, dimensions.vocabulary());
            } catch (CheckpointException e) {
                faults.add(e.getMessage());
                return null;
            }
        }

        private static List<Integer> start(WhisperTokens tokens) {
            return tokens.space() < 0 ? List.of(tokens.end()) : List.of(tokens.space(), tokens.end());
        }

        private static String form(WhisperLayout layout) {
            return switch (layout) {
                case CTRANSLATE2 -> "CTranslate2";
                case OPENAI -> "openai-whisper";
                case HUGGING_FACE -> "Hugging Face transformers";
            };
        }

        private JsonNode json(String name) {
            Path file = folder.resolve(name);
            try {
                if (!Files.isRegularFile(file)) {
                    remarks.add(name + " is not beside it, so the usual settings are taken");
                    return MissingNode.getInstance();
                }
                if (Files.size(file) > MAX_CONFIG_BYTES) {
                    faults.add(name + " is too long for a configuration");
                    return MissingNode.getInstance();
                }
                Faults own = new Faults();
                JsonNode node = JsonReader.of(Files.readAllBytes(file), own).node();
                own.list().forEach(fault -> faults.add(name + ": " + fault));
                return own.isEmpty() ? node : MissingNode.getInstance();
            } catch (IOException e) {
                faults.add(name + " cannot be read (" + FailureText.reason(e) + ")");
            }
            return MissingNode.getInstance();
        }

        /** Checks what CTranslate2 says of the way to compute; the number of heads, or 0. */
        private int switches(CTranslate2File binary, Set<String> ignored) {
            if (!binary.specification().equals(SPECIFICATION)) {
                faults.add("it is a " + binary.specification() + ", not a " + SPECIFICATION);
            }
            SWITCHES.forEach((name, wanted) -> {
                if (binary.shapes().containsKey(name) && scalar(binary, name) != wanted) {
                    faults.add(name + " is " + scalar(binary, name) + ", and Whisper's is " + wanted);
                }
            });
            ignored.addAll(SWITCHES.keySet());
            ignored.addAll(HEADS);
            ignored.add(DEFAULT_HEADS);
            String projection = binary.aliases().getOrDefault("decoder/projection/weight", "decoder/embeddings/weight");
            if (!projection.equals("decoder/embeddings/weight")) {
                faults.add("decoder/projection/weight is " + projection + ", and not the embedding");
            }
            TreeSet<Integer> heads = new TreeSet<>();
            for (String name : HEADS) {
                if (binary.shapes().containsKey(name)) {
                    heads.add((int) scalar(binary, name));
                } else {
                    faults.add(name + " is missing");
                }
            }
            return heads(heads);
        }

        private float scalar(CTranslate2File binary, String name) {
            float[] data = binary.read(name).data();
            return data.length == 1 ? data[0] : Float.NaN;
        }

        private int heads(Set<Integer> heads) {
            if (heads.size() > 1) {
                faults.add("encoder and decoder have different numbers of heads: " + heads);
            }
            return heads.isEmpty() ? 0 : Math.max(1, heads.iterator().next());
        }

        private int dims(Map<String, String> settings) {
            TreeSet<Integer> heads = new TreeSet<>();
            for (String name : List.of("dims.n_audio_head", "dims.n_text_head")) {
                String value = settings.get(name);
                if (value == null || !value.matches("\\d{1,4}")) {
                    faults.add(name + " is " + value + ", and not a number of heads");
                } else {
                    heads.add(Integer.parseInt(value));
                }
            }
            return heads(heads);
        }

        /** The sizes that OpenAI's file names must be those of its tensors. */
        private void agree(WhisperDimensions dimensions, Map<String, String> settings) {
            Map<String, Integer> own = Map.of(
                    "n_mels", dimensions.melBins(),
                    "n_audio_ctx", dimensions.positions(),
                    "n_audio_state", dimensions.width(),
                    "n_audio_layer", dimensions.encoderLayers(),
                    "n_vocab", dimensions.vocabulary(),
                    "n_text_ctx", dimensions.maxTokens(),
                    "n_text_state", dimensions.width(),
                    "n_text_layer", dimensions.decoderLayers());
            own.forEach((name, size) -> {
                String named = settings.get("dims." + name);
                if (named != null && !named.equals(size.toString())) {
                    faults.add("dims." + name + " is " + named + ", and its tensors are of " + size);
                }
            });
        }

        /** Checks transformers' configuration; the number of heads, or 0. */
        private int config(JsonNode config, Tensors tensors, Set<String> ignored) {
            String output = "proj_out.weight";
            String embedding = "model.decoder.embed_tokens.weight";
            if (tensors.shapes().containsKey(output)) {
                ignored.add(output);
                if (tensors.shapes().containsKey(embedding)
                        && !java.util.Arrays.equals(
                                tensors.read(output).data(),
                                tensors.read(embedding).data())) {
                    faults.add(output + " is not the embedding, to which Whisper's is tied");
                }
            }
            if (config.isMissingNode()) {
                return 0;
            }
            Map<String, String> wanted =
                    Map.of("model_type", "whisper", "activation_function", "gelu", "scale_embedding", "false");
            wanted.forEach((name, value) -> {
                if (config.has(name) && !config.get(name).asText().equals(value)) {
                    faults.add(CONFIG + ": " + name + " is " + config.get(name) + ", and Whisper's is " + value);
                }
            });
            TreeSet<Integer> heads = new TreeSet<>();
            for (String name : List.of("encoder_attention_heads", "decoder_attention_heads")) {
                if (config.path(name).isInt()) {
                    heads.add(config.get(name).intValue());
                }
            }
            return heads(heads);
        }

        /** Values must be numbers, and the positions of the encoder sinusoids. */
        private void values(Tensors parameters, WhisperDimensions dimensions) {
            for (String name : parameters.shapes().keySet()) {
                Tensor tensor = parameters.read(name);
                for (int i = 0; i < tensor.data().length; i++) {
                    if (!Float.isFinite(tensor.data()[i])) {
                        faults.add(name + " holds " + tensor.data()[i] + " at element " + i);
                        break;
                    }
                }
            }
            float[] stored = parameters.read("position.weight").data();
            float[] exact = dimensions.sinusoids();
            for (int i = 0; i < exact.length; i++) {
                if (!(Math.abs(stored[i] - exact[i]) <= POSITION_TOLERANCE)) {
                    faults.add("the positions of its encoder are not Whisper's sinusoids: " + stored[i] + " at element "
                            + i + ", not " + exact[i]);
                    break;
                }
            }
        }

        /** A list of tokens under one of several names; null where there is none. */
        private List<Integer> ids(JsonNode config, WhisperDimensions dimensions, String... names) {
            for (String name : names) {
                JsonNode list = config.path(name);
                if (list.isArray()) {
                    List<Integer> ids = new ArrayList<>();
                    for (JsonNode id : list) {
                        if (!id.isInt() || id.intValue() < -1 || id.intValue() >= dimensions.vocabulary()) {
                            faults.add(name + " names " + id + ", which is no token");
                        } else if (id.intValue() >= 0) {
                            ids.add(id.intValue());
                        }
                    }
                    return ids;
                }
            }
            return null;
        }

        private List<List<Integer>> alignment(JsonNode list, WhisperDimensions dimensions) {
            List<List<Integer>> heads = new ArrayList<>();
            for (JsonNode pair : list) {
                int layer = pair.path(0).asInt(-1);
                int head = pair.path(1).asInt(-1);
                if (layer < 0 || layer >= dimensions.decoderLayers() || head < 0 || head >= dimensions.heads()) {
                    faults.add("alignment_heads names " + pair + ", which is no head of the decoder");
                } else {
                    heads.add(List.of(layer, head));
                }
            }
            if (!heads.isEmpty()) {
                return heads;
            }
            Optional<List<List<Integer>>> known = WhisperHeads.of(dimensions);
            remarks.add("the heads that follow the speech are not named in it; "
                    + (known.isPresent()
                            ? "those of the published model of its sizes are taken"
                            : "all of the upper half of the decoder are taken"));
            return known.orElseGet(() -> WhisperHeads.upperHalf(dimensions));
        }
    }
}
