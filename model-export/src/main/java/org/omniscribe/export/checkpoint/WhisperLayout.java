package org.omniscribe.export.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/** The names under which each form of a Whisper checkpoint keeps the parameters of {@link WhisperDimensions#shapes}. */
enum WhisperLayout {
    /** {@code model.bin} of CTranslate2. */
    CTRANSLATE2(1, "encoder/conv1/weight"),
    /** OpenAI's own {@code .pt}. */
    OPENAI(2, "encoder.conv1.weight"),
    /** Hugging Face's transformers. */
    HUGGING_FACE(3, "model.encoder.conv1.weight");

    /** Stands for a bias that is not there and therefore zero. */
    private static final String ZERO = "0";

    private static final Pattern LAYER = Pattern.compile("layers\\.(\\d+)\\.");

    /**
     * A parameter, and where it is found in each form; several in one place are its rows one below the other. {@code {l}} is
     * a layer, and each line stands for a weight and a bias, unless its name says which.
     */
    private static final String TABLE =
            """
            input.conv0                        encoder/conv1    encoder.conv1    model.encoder.conv1
            input.conv1                        encoder/conv2    encoder.conv2    model.encoder.conv2
            position.weight                    encoder/position_encodings/encodings  encoder.positional_embedding\
              model.encoder.embed_positions.weight
            layers.{l}.attention.norm          encoder/layer_{l}/self_attention/layer_norm  encoder.blocks.{l}.attn_ln\
              model.encoder.layers.{l}.self_attn_layer_norm
            layers.{l}.attention.qkv           encoder/layer_{l}/self_attention/linear_0\
              encoder.blocks.{l}.attn.query+encoder.blocks.{l}.attn.key+encoder.blocks.{l}.attn.value\
              model.encoder.layers.{l}.self_attn.q_proj+model.encoder.layers.{l}.self_attn.k_proj+model.encoder.layers.{l}.self_attn.v_proj
            layers.{l}.attention.out           encoder/layer_{l}/self_attention/linear_1  encoder.blocks.{l}.attn.out\
              model.encoder.layers.{l}.self_attn.out_proj
            layers.{l}.ffn.norm                encoder/layer_{l}/ffn/layer_norm  encoder.blocks.{l}.mlp_ln\
              model.encoder.layers.{l}.final_layer_norm
            layers.{l}.ffn.experts.0.in        encoder/layer_{l}/ffn/linear_0  encoder.blocks.{l}.mlp.0\
              model.encoder.layers.{l}.fc1
            layers.{l}.ffn.experts.0.out       encoder/layer_{l}/ffn/linear_1  encoder.blocks.{l}.mlp.2\
              model.encoder.layers.{l}.fc2
            final.norm                         encoder/layer_norm  encoder.ln_post  model.encoder.layer_norm
            decoder.embedding.weight           decoder/embeddings/weight  decoder.token_embedding.weight\
              model.decoder.embed_tokens.weight
            decoder.position.weight            decoder/position_encodings/encodings  decoder.positional_embedding\
              model.decoder.embed_positions.weight
            decoder.layers.{l}.attention.norm  decoder/layer_{l}/self_attention/layer_norm  decoder.blocks.{l}.attn_ln\
              model.decoder.layers.{l}.self_attn_layer_norm
            decoder.layers.{l}.attention.qkv   decoder/layer_{l}/self_attention/linear_0\
              decoder.blocks.{l}.attn.query+decoder.blocks.{l}.attn.key+decoder.blocks.{l}.attn.value\
              model.decoder.layers.{l}.self_attn.q_proj+model.decoder.layers.{l}.self_attn.k_proj+model.decoder.layers.{l}.self_attn.v_proj
            decoder.layers.{l}.attention.out   decoder/layer_{l}/self_attention/linear_1  decoder.blocks.{l}.attn.out\
              model.decoder.layers.{l}.self_attn.out_proj
            decoder.layers.{l}.cross.norm      decoder/layer_{l}/attention/layer_norm  decoder.blocks.{l}.cross_attn_ln\
              model.decoder.layers.{l}.encoder_attn_layer_norm
            decoder.layers.{l}.cross.query     decoder/layer_{l}/attention/linear_0  decoder.blocks.{l}.cross_attn.query\
              model.decoder.layers.{l}.encoder_attn.q_proj
            decoder.layers.{l}.cross.kv        decoder/layer_{l}/attention/linear_1\
              decoder.blocks.{l}.cross_attn.key+decoder.blocks.{l}.cross_attn.value\
              model.decoder.layers.{l}.encoder_attn.k_proj+model.decoder.layers.{l}.encoder_attn.v_proj
            decoder.layers.{l}.cross.out       decoder/layer_{l}/attention/linear_2  decoder.blocks.{l}.cross_attn.out\
              model.decoder.layers.{l}.encoder_attn.out_proj
            decoder.layers.{l}.ffn.norm        decoder/layer_{l}/ffn/layer_norm  decoder.blocks.{l}.mlp_ln\
              model.decoder.layers.{l}.final_layer_norm
            decoder.layers.{l}.ffn.in          decoder/layer_{l}/ffn/linear_0  decoder.blocks.{l}.mlp.0\
              model.decoder.layers.{l}.fc1
            decoder.layers.{l}.ffn.out         decoder/layer_{l}/ffn/linear_1  decoder.blocks.{l}.mlp.2\
              model.decoder.layers.{l}.fc2
            decoder.norm                       decoder/layer_norm  decoder.ln  model.decoder.layer_norm
            """;

    private final String witness;
    /** Places in this form by parameter, with {@code {l}} in them. */
    private final Map<String, List<String>> places = new HashMap<>();

    WhisperLayout(int column, String witness) {
        this.witness = witness;
        for (String line : TABLE.lines().toList()) {
            String[] cells = line.split("\\s+");
            List<String> parts = List.of(cells[column].split("\\+"));
            if (cells[0].endsWith(".weight")) {
                places.put(cells[0], parts);
                continue;
            }
            for (String kind : List.of("weight", "bias")) {
                places.put(
                        cells[0] + "." + kind,
                        parts.stream().map(part -> place(part, kind)).toList());
            }
        }
    }

    private static String place(String part, String kind) {
        if (part.matches(".*attn\\.(key|k_proj)") && kind.equals("bias")) {
            return ZERO;
        }
        if (part.endsWith("/layer_norm")) {
            return part + (kind.equals("weight") ? "/gamma" : "/beta");
        }
        return part + (part.contains("/") ? "/" : ".") + kind;
    }

    /** The layout of these names, if it is one of them. */
    static Optional<WhisperLayout> of(Set<String> names) {
        return Arrays.stream(values())
                .filter(layout -> names.contains(layout.witness))
                .findFirst();
    }

    /**
     * The sizes of a network, by the shapes of its tensors.
     *
     * @param heads attention heads; 0 for as many as make heads of {@value WhisperDimensions#HEAD_WIDTH}
     * @throws CheckpointException if a tensor that shows them is missing or has the wrong number of axes
     */
    WhisperDimensions dimensions(Map<String, long[]> shapes, int heads) {
        List<String> faults = new ArrayList<>();
        long[] stem = shape(shapes, "input.conv0.weight", 3, faults);
        long[] positions = shape(shapes, "position.weight", 2, faults);
        long[] inner = shape(shapes, "layers.0.ffn.experts.0.in.weight", 2, faults);
        long[] embedding = shape(shapes, "decoder.embedding.weight", 2, faults);
        long[] tokens = shape(shapes, "decoder.position.weight", 2, faults);
        int encoderLayers = layers(shapes, "layers.{l}.ffn.norm.weight");
        int decoderLayers = layers(shapes, "decoder.layers.{l}.ffn.norm.weight");
        if (faults.isEmpty()) {
            try {
                return new WhisperDimensions(
                        (int) stem[1],
                        (int) positions[0],
                        (int) stem[0],
                        heads > 0 ? heads : (int) stem[0] / WhisperDimensions.HEAD_WIDTH,
                        (int) inner[0],
                        encoderLayers,
                        decoderLayers,
                        (int) embedding[0],
                        (int) tokens[0]);
            } catch (IllegalArgumentException e) {
                faults.add(e.getMessage());
            }
        }
        throw new CheckpointException("it is no whole Whisper model: " + String.join("; ", faults));
    }

    private long[] shape(Map<String, long[]> shapes, String parameter, int axes, List<String> faults) {
        String name = place(parameter, 0).get(0);
        long[] shape = shapes.get(name);
        if (shape == null) {
            faults.add(name + " is missing");
        } else if (shape.length != axes) {
            faults.add(name + " has shape " + Arrays.toString(shape) + ", which is not of " + axes + " axes");
        }
        return shape;
    }

    private int layers(Map<String, long[]> shapes, String parameter) {
        int layers = 0;
        while (shapes.containsKey(places.get(parameter).get(0).replace("{l}", Integer.toString(layers)))) {
            layers++;
        }
        return layers;
    }

    private List<String> place(String pattern, int layer) {
        String general = LAYER.matcher(pattern).replaceFirst("layers.{l}.");
        return places.get(general).stream()
                .map(place -> place.replace("{l}", Integer.toString(layer)))
                .toList();
    }

    /**
     * The parameters of a network under this project's names.
     *
     * @param source the checkpoint; every tensor must have a place
     * @param ignored names that may be there and are nothing of the network
     * @param faults where everything goes that is missing, unknown, or has the wrong shape
     */
    Tensors parameters(Tensors source, WhisperDimensions dimensions, Set<String> ignored, List<String> faults) {
        Map<String, long[]> shapes = dimensions.shapes();
        Map<String, List<String>> sources = new LinkedHashMap<>();
        Set<String> unknown = new TreeSet<>(source.shapes().keySet());
        unknown.removeAll(ignored);
        shapes.forEach((name, shape) -> {
            Matcher layer = LAYER.matcher(name);
            List<String> parts = place(name, layer.find() ? Integer.parseInt(layer.group(1)) : 0);
            sources.put(name, parts);
            long[] wanted = shape.clone();
            wanted[0] /= parts.size();
            for (String part : parts) {
                long[] found = source.shapes().get(part);
                unknown.remove(part);
                if (found == null && !part.equals(ZERO)) {
                    faults.add(part + " is missing");
                } else if (found != null && !Arrays.equals(found, wanted)) {
                    faults.add(part + " has shape " + Arrays.toString(found) + ", not " + Arrays.toString(wanted));
                }
            }
        });
        unknown.forEach(name -> faults.add(name + " has no place in a Whisper model"));
        return new Mapped(source, shapes, sources);
    }

    private record Mapped(Tensors source, Map<String, long[]> shapes, Map<String, List<String>> sources)
            implements Tensors {
        @Override
        public Tensor read(String name) {
            List<String> parts = sources.get(name);
            if (parts.size() == 1) {
                return source.read(parts.get(0));
            }
            long[] shape = shapes.get(name);
            float[] data = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
            int size = data.length / parts.size();
            for (int i = 0; i < parts.size(); i++) {
                if (!parts.get(i).equals(ZERO)) {
                    System.arraycopy(source.read(parts.get(i)).data(), 0, data, i * size, size);
                }
            }
            return new Tensor(shape, data);
        }
    }
}
