package org.omniscribe.export.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.checkpoint.Float16;
import org.omniscribe.export.checkpoint.OmniRouterParameters;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.checkpoint.Tensors;
import org.omniscribe.export.onnx.OmniRouterGraph.Options;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;

/**
 * The network of a bundle, taken apart, so that it can be changed without the run that it was trained in.
 *
 * @param architecture its shape; the experts are those that the routers know, whether or not they are stored
 * @param parameters the weights that are stored, in single precision, named as in {@code OmniRouterParameters}
 * @param precision how they lay in the file
 * @param plan which of them do which expert's work
 */
public record BundleNetwork(
        Architecture architecture, Map<String, Tensor> parameters, Precision precision, ExpertPlan plan) {

    /**
     * Takes the network of a bundle apart.
     *
     * @throws CheckpointException if it was not written by this project, or its weights are stored in another way; the message
     *     names all that is missing
     */
    public static BundleNetwork read(ModelBundle bundle) {
        return read(bundle.network(), bundle.architecture(), bundle.location());
    }

    static BundleNetwork read(byte[] onnx, Architecture architecture, String location) {
        ModelProto model;
        try {
            model = ModelProto.parseFrom(onnx);
        } catch (InvalidProtocolBufferException e) {
            throw new CheckpointException(
                    "the network of model bundle " + location + " is no ONNX file (" + e.getMessage()
                            + "). Fetch or export the bundle again",
                    e);
        }
        ExpertPlan plan = model.getMetadataPropsList().stream()
                .filter(entry -> entry.getKey().equals(ExpertPlan.KEY))
                .findFirst()
                .map(entry -> ExpertPlan.fromJson(entry.getValue(), architecture))
                .orElse(ExpertPlan.trained(architecture));
        if (model.getGraph().getInitializerList().stream()
                .anyMatch(tensor -> tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL)) {
            throw new CheckpointException("the weights of model bundle " + location
                    + " lie beside the graph, because they are many, and are not read back. Import its checkpoint"
                    + " again with another --precision");
        }
        Map<String, TensorProto> initializers = new HashMap<>();
        model.getGraph().getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        Faults faults = new Faults();
        plan.shapes(architecture).forEach((name, shape) -> {
            float[] data = data(initializers, name, shape, faults);
            if (data != null) {
                parameters.put(name, new Tensor(shape, data));
            }
        });
        OmniRouterParameters.optional(architecture).forEach((name, shape) -> {
            if (name.endsWith(".qkv.bias") && initializers.containsKey(name.replace("qkv", "q"))) {
                parameters.put(name, new Tensor(shape, queryKeyValueBias(initializers, name, shape, faults)));
            } else if (initializers.containsKey(name)) {
                parameters.put(name, new Tensor(shape, values(initializers, name, shape, faults)));
            }
        });
        faults.orThrow(all -> new CheckpointException("the weights of model bundle " + location
                + " cannot be read back: " + all
                + ". Export it anew, in half or single precision"));
        return new BundleNetwork(architecture, parameters, precision(model), plan);
    }

    private static Precision precision(ModelProto model) {
        Set<String> operators = model.getGraph().getNodeList().stream()
                .map(NodeProto::getOpType)
                .collect(Collectors.toSet());
        if (operators.contains(Operator.MATMUL_N_BITS.type())) {
            return Precision.INT4;
        }
        Set<Integer> types = model.getGraph().getInitializerList().stream()
                .map(TensorProto::getDataType)
                .collect(Collectors.toSet());
        // Bundles of the first versions multiply by the standard's operator and scale afterwards.
        if (operators.contains(Operator.MATMUL_INTEGER_TO_FLOAT.type()) || operators.contains("MatMulInteger")) {
            return Precision.INT8_DYNAMIC;
        }
        if (types.contains(ElementType.INT8.code())) {
            return Precision.INT8;
        }
        return types.contains(ElementType.FLOAT16.code()) ? Precision.FLOAT16 : Precision.FLOAT32;
    }

    /** This network with other experts. */
    public BundleNetwork with(ExpertPlan changed) {
        return with(changed, parameters);
    }

    /** This network with other experts and other weights; those that nobody uses are left out. */
    public BundleNetwork with(ExpertPlan changed, Map<String, Tensor> weights) {
        Map<String, Tensor> used = new LinkedHashMap<>(weights);
        Set<String> stored = new HashSet<>(changed.shapes(architecture).keySet());
        stored.addAll(OmniRouterParameters.optional(architecture).keySet());
        used.keySet().retainAll(stored);
        return new BundleNetwork(architecture, used, precision, changed);
    }

    /** This network with its weights stored in another way. */
    public BundleNetwork stored(Precision as) {
        return new BundleNetwork(architecture, parameters, as, plan);
    }

    /** The ONNX file of this network as bundles have it: routed as trained, and with state where it can keep it. */
    public byte[] write() {
        return plan.unchanged()
                ? OmniRouterGraph.write(architecture, Tensors.of(parameters), Options.bundle(architecture, precision))
                : write(RoutingMode.TOP_ONE);
    }

    /** The ONNX file of this network. */
    public byte[] write(RoutingMode mode) {
        return OmniRouterGraph.write(
                architecture, Tensors.of(parameters), Options.of(precision).withExperts(plan, mode));
    }

    /** Query, key and value lie apart in the file. */
    private static float[] queryKeyValue(
            Map<String, TensorProto> initializers, String prefix, long[] shape, Faults faults) {
        float[] data = new float[Math.toIntExact(shape[0] * shape[1])];
        long[] third = {shape[0] / 3, shape[1]};
        for (int i = 0; i < 3; i++) {
            float[] part = matrix(initializers, prefix + "qkv".charAt(i), third, faults);
            if (part == null) {
                return null;
            }
            System.arraycopy(part, 0, data, i * part.length, part.length);
        }
        return data;
    }

    private static float[] queryKeyValueBias(
            Map<String, TensorProto> initializers, String name, long[] shape, Faults faults) {
        float[] data = new float[(int) shape[0]];
        for (int i = 0; i < 3; i++) {
            String part = name.replace("qkv", String.valueOf("qkv".charAt(i)));
            if (i == 1 && !initializers.containsKey(part)) {
                // That of the key changes nothing and is left out where networks are known to have none.
                continue;
            }
            float[] values = values(initializers, part, new long[] {shape[0] / 3}, faults);
            if (values != null) {
                System.arraycopy(values, 0, data, i * values.length, values.length);
            }
        }
        return data;
    }

    private static float[] data(Map<String, TensorProto> initializers, String name, long[] shape, Faults faults) {
        if (name.endsWith(".qkv.weight")) {
            return queryKeyValue(initializers, name.substring(0, name.length() - "qkv.weight".length()), shape, faults);
        }
        if (name.endsWith(".qkv.bias")) {
            return queryKeyValueBias(initializers, name, shape, faults);
        }
        return shape.length == 2 && name.endsWith(".weight") && !name.equals("position.weight")
                ? matrix(initializers, name, shape, faults)
                : values(initializers, name, shape, faults);
    }

    /**
     * Matrices of linear layers lie turned around, {@code [in][out]}, and may be bytes with a scale for each column (signed,
     * or unsigned around 128); those of half bytes lie as they are.
     */
    private static float[] matrix(Map<String, TensorProto> initializers, String name, long[] shape, Faults faults) {
        long[] turned = {shape[1], shape[0]};
        TensorProto tensor = initializers.get(name);
        boolean unsigned = tensor != null && tensor.getDataType() == ElementType.UINT8.code();
        if (unsigned && tensor.getDimsCount() == 3) {
            return halves(initializers, name, shape, faults);
        }
        boolean signed = tensor != null && tensor.getDataType() == ElementType.INT8.code();
        if (!signed && !unsigned) {
            float[] data = values(initializers, name, turned, faults);
            return data == null ? null : Matrices.turn(data, (int) shape[0]);
        }
        float[] scales = values(initializers, name + ".scale", new long[] {shape[0]}, faults);
        ByteBuffer values = tensor.getRawData().asReadOnlyByteBuffer();
        if (scales == null || values.remaining() != shape[0] * shape[1]) {
            faults.add(name + " is not of " + Arrays.toString(turned) + " bytes with scales");
            return null;
        }
        float[] data = new float[values.remaining()];
        for (int i = 0; i < data.length; i++) {
            int value = signed ? values.get(i) : (values.get(i) & 0xFF) - Matrices.ZERO_POINT;
            data[i] = value * scales[i % scales.length];
        }
        return Matrices.turn(data, (int) shape[0]);
    }

    private static float[] halves(Map<String, TensorProto> initializers, String name, long[] shape, Faults faults) {
        byte[] values = initializers.get(name).getRawData().toByteArray();
        int blocks = (int) ((shape[1] + Quantizer.BLOCK - 1) / Quantizer.BLOCK);
        float[] scales = values(initializers, name + ".scale", new long[] {shape[0], blocks}, faults);
        if (scales == null || values.length != scales.length * Quantizer.BLOCK / 2) {
            faults.add(name + " is not of " + Arrays.toString(shape) + " half bytes with scales");
            return null;
        }
        return new Quantizer.Nibbles(values, scales, blocks).floats((int) shape[1]);
    }

    private static float[] values(Map<String, TensorProto> initializers, String name, long[] shape, Faults faults) {
        TensorProto tensor = initializers.get(name);
        int count = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (tensor == null) {
            faults.add("there is no " + name);
            return null;
        }
        ByteBuffer bytes = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        boolean half = tensor.getDataType() == ElementType.FLOAT16.code();
        boolean single = tensor.getDataType() == ElementType.FLOAT.code();
        if (!half && !single || bytes.remaining() != count * (half ? 2 : 4)) {
            faults.add(name + " is not of " + count + " floats");
            return null;
        }
        float[] data = new float[count];
        for (int i = 0; i < count; i++) {
            data[i] = half ? Float16.toFloat(bytes.getShort()) : bytes.getFloat();
        }
        return data;
    }
}
