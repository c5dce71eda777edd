package org.omniscribe.export.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.omniscribe.export.checkpoint.Float16;

/**
 * Builds one ONNX graph (opset 17, IR version 8) from typed handles: what does not fit by arity, type or shape fails when
 * it is added, not when a runtime loads the file.
 *
 * <p>Sizes may be named ({@link Dim}); a name means one size wherever it stands. Names of values are made here and are
 * unique. Not thread-safe.
 */
final class OnnxGraph {
    private static final long IR_VERSION = 8;
    private static final long OPSET = 17;
    private static final String CONTRIBUTED = "com.microsoft";
    private static final String UNKNOWN = "unknown_";

    private final GraphProto.Builder proto = GraphProto.newBuilder();
    private final Set<String> names = new HashSet<>();
    private final Map<String, Integer> counters = new HashMap<>();
    private final Set<String> outputs = new HashSet<>();
    private final Set<String> domains = new HashSet<>();
    private final Map<String, Value> symbols = new HashMap<>();
    private final Map<List<Dim>, Value> sizes = new HashMap<>();
    private final ExternalData data;
    private int unknowns;

    OnnxGraph(String name) {
        this(name, null);
    }

    /** A graph whose larger constants go into another file as they are added; null for none. */
    OnnxGraph(String name, ExternalData data) {
        this.data = data;
        proto.setName(name);
    }

    /** A value that is fed when the graph runs. */
    Value input(String name, ElementType type, Dim... shape) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("the name " + name + " is taken");
        }
        Value value = new Value(this, name, new Kind(type, List.of(shape)));
        proto.addInput(info(name, value.kind()));
        learn(value);
        return value;
    }

    /** Makes a value an output under a name; the type and shape are what the reader of the file is told. */
    void output(String name, Value value, ElementType type, Dim... shape) {
        own(value);
        Kind kind = new Kind(type, List.of(shape));
        if (value.type() != type || !value.shape().equals(kind.shape())) {
            throw new IllegalArgumentException("output " + name + " must be " + kind + ", not " + value);
        }
        if (!names.add(name) || !outputs.add(name)) {
            throw new IllegalArgumentException("the name " + name + " is taken");
        }
        proto.addNode(NodeProto.newBuilder()
                .setOpType("Identity")
                .setName(name)
                .addInput(value.name())
                .addOutput(name));
        proto.addOutput(info(name, kind));
    }

    /** A constant tensor of floats. */
    Value constant(String name, long[] shape, float... data) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(4, data.length)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(data);
        return initializer(name, new Kind(ElementType.FLOAT, Dim.list(shape)), shape, bytes.array(), data.length);
    }

    /**
     * A constant tensor of floats that lies in the file in half precision, with a cast behind it; runtimes carry the cast
     * out when they load the file.
     *
     * @throws IllegalArgumentException if a value is beyond {@link Float16#MAX}
     */
    Value halfConstant(String name, long[] shape, float... data) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(2, data.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : data) {
            if (Math.abs(value) > Float16.MAX) {
                throw new IllegalArgumentException(name + " holds " + value + ", too large for half precision");
            }
            bytes.putShort(Float16.toBits(value));
        }
        return initializer(name, new Kind(ElementType.FLOAT16, Dim.list(shape)), shape, bytes.array(), data.length)
                .cast(ElementType.FLOAT);
    }

    /** A constant tensor of bytes with a sign. */
    Value constant(String name, long[] shape, byte[] data) {
        return initializer(name, new Kind(ElementType.INT8, Dim.list(shape)), shape, data, data.length);
    }

    /** A constant tensor of bytes without a sign. */
    Value bytes(String name, long[] shape, byte[] data) {
        return initializer(name, new Kind(ElementType.UINT8, Dim.list(shape)), shape, data, data.length);
    }

    /** A constant scalar of floats. */
    Value scalar(float value) {
        return constant("scalar", new long[0], value);
    }

    /** A constant scalar of integers. */
    Value scalar(ElementType type, long value) {
        ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        if (type == ElementType.INT64) {
            bytes.putLong(value);
        } else if (type == ElementType.INT32) {
            bytes.putInt(Math.toIntExact(value));
        } else if (type == ElementType.UINT8 && value >= 0 && value < 256) {
            bytes.put((byte) value);
        } else {
            throw new IllegalArgumentException(value + " cannot be a " + type);
        }
        byte[] used = Arrays.copyOf(bytes.array(), bytes.position());
        return initializer("scalar", new Kind(type, List.of()), new long[0], used, 1);
    }

    /**
     * Sizes as an int64 vector: a constant where all are fixed, else put together from the values in which the names
     * appeared first.
     */
    Value sizes(List<Dim> wanted) {
        Value known = sizes.get(wanted);
        if (known == null) {
            known = wanted.stream().allMatch(Dim::fixed) ? fixedSizes(wanted) : askedSizes(wanted);
            sizes.put(List.copyOf(wanted), known);
        }
        return known;
    }

    /** Tells where a named size comes from that is worked out in the graph: an int64 vector of one element. */
    void define(Dim size, Value vector) {
        if (own(vector).type() != ElementType.INT64 || !vector.shape().equals(Dim.list(1))) {
            throw new IllegalArgumentException(vector + " is no int64 vector of one element");
        }
        if (sizes.putIfAbsent(List.of(size), new Value(this, vector.name(), Kind.sizes(List.of(size)))) != null) {
            throw new IllegalArgumentException("size " + size + " is defined already");
        }
    }

    private Value fixedSizes(List<Dim> wanted) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * wanted.size()).order(ByteOrder.LITTLE_ENDIAN);
        wanted.forEach(size -> bytes.putLong(size.size()));
        return initializer("sizes", Kind.sizes(wanted), new long[] {wanted.size()}, bytes.array(), wanted.size());
    }

    private Value askedSizes(List<Dim> wanted) {
        if (wanted.size() > 1) {
            return concat(0, wanted.stream().map(size -> sizes(List.of(size))).toList());
        }
        Dim size = wanted.get(0);
        Value product = size.factor() == 1 ? null : sizes(Dim.list(size.factor()));
        for (String symbol : size.symbols()) {
            Value asked = sizes.get(List.of(Dim.of(symbol)));
            if (asked == null) {
                Value witness = symbols.get(symbol);
                if (witness == null) {
                    throw new IllegalArgumentException("no value has an axis of size " + symbol + " yet");
                }
                asked = witness.sizeOf(witness.shape().indexOf(Dim.of(symbol)));
                sizes.put(List.of(Dim.of(symbol)), asked);
            }
            product = product == null ? asked : product.mul(asked);
        }
        return product;
    }

    /** Zeros of a shape, floats. */
    Value zeros(Dim... shape) {
        return apply(Operator.CONSTANT_OF_SHAPE, sizes(List.of(shape)));
    }

    /** Integers from {@code first}, as many as the named or fixed size. */
    Value range(ElementType type, Dim size) {
        Value limit = sizes(List.of(size)).squeeze(0).cast(type);
        return apply(Operator.RANGE, scalar(type, 0), limit, scalar(type, 1)).as(size);
    }

    /** Values one behind the other. */
    Value concat(long axis, List<Value> values) {
        return apply(Operator.CONCAT, values, Map.of("axis", axis), 1).get(0);
    }

    /** Adds an operator with one output and no attributes. */
    Value apply(Operator operator, Value... inputs) {
        return apply(operator, Map.of(), inputs);
    }

    /** Adds an operator with one output. */
    Value apply(Operator operator, Map<String, Object> attributes, Value... inputs) {
        return apply(operator, Arrays.asList(inputs), attributes, 1).get(0);
    }

    /**
     * Adds an operator.
     *
     * @param inputs the inputs; null for an optional one that is left out
     * @param attributes Long, Float or long[] by name
     * @param count number of outputs
     * @return the outputs; null for one that is left out
     * @throws IllegalArgumentException if arity, attributes, types or shapes are wrong, or a handle is another graph's
     */
    List<Value> apply(Operator operator, List<Value> inputs, Map<String, Object> attributes, int count) {
        List<Kind> kinds = new ArrayList<>();
        for (Value input : inputs) {
            kinds.add(input == null ? null : own(input).kind());
        }
        List<Kind> yields = operator.infer(new Call(operator, kinds, new TreeMap<>(attributes), count, this::unknown));
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator.type());
        if (!operator.domain().isEmpty()) {
            node.setDomain(operator.domain());
            domains.add(operator.domain());
        }
        inputs.forEach(input -> node.addInput(input == null ? "" : input.name()));
        new TreeMap<>(attributes).forEach((name, value) -> node.addAttribute(attribute(name, value)));
        List<Value> values = new ArrayList<>();
        for (Kind kind : yields) {
            Value value = kind == null ? null : new Value(this, unique(operator.type()), kind);
            node.addOutput(value == null ? "" : value.name());
            values.add(value);
        }
        proto.addNode(node.setName(values.get(0).name()));
        return values;
    }

    /** See {@link Value#as}. */
    Value claim(Value value, List<Dim> shape) {
        own(value);
        boolean fits = value.shape().size() == shape.size();
        for (int axis = 0; fits && axis < shape.size(); axis++) {
            Dim size = value.dim(axis);
            fits = size.equals(shape.get(axis)) || isUnknown(size);
        }
        if (!fits) {
            throw new IllegalArgumentException(value + " is not of shape " + shape);
        }
        Value claimed = new Value(
                this, value.name(), new Kind(value.type(), shape, value.kind().content()));
        learn(claimed);
        return claimed;
    }

    /** The whole model file, without metadata. */
    byte[] toBytes(String producer, String version) {
        return toBytes(producer, version, Map.of());
    }

    /** The whole model file. */
    byte[] toBytes(String producer, String version, Map<String, String> metadata) {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName(producer)
                .setProducerVersion(version)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET));
        if (domains.contains(CONTRIBUTED)) {
            model.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain(CONTRIBUTED).setVersion(1));
        }
        new TreeMap<>(metadata)
                .forEach((key, value) -> model.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.setGraph(proto).build().toByteArray();
    }

    private Value initializer(String name, Kind kind, long[] shape, byte[] bytes, int elements) {
        if (Dim.product(kind.shape()).size() != elements) {
            throw new IllegalArgumentException(
                    name + " of shape " + Arrays.toString(shape) + " does not hold " + elements + " values");
        }
        Value value = new Value(this, unique(name), kind);
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(value.name())
                .setDataType(kind.type().code());
        if (this.data != null && bytes.length >= ExternalData.MIN_BYTES) {
            this.data.append(tensor, bytes);
        } else {
            tensor.setRawData(ByteString.copyFrom(bytes));
        }
        Arrays.stream(shape).forEach(tensor::addDims);
        proto.addInitializer(tensor);
        return value;
    }

    private Value own(Value value) {
        if (value.graph() != this) {
            throw new IllegalArgumentException(value + " belongs to another graph");
        }
        return value;
    }

    private String unique(String hint) {
        String name = hint;
        while (!names.add(name)) {
            name = hint + "_" + counters.merge(hint, 1, Integer::sum);
        }
        return name;
    }

    private Dim unknown() {
        return Dim.of(UNKNOWN + unknowns++);
    }

    private static boolean isUnknown(Dim size) {
        return size.symbols().size() == 1 && size.symbols().get(0).startsWith(UNKNOWN);
    }

    /** Remembers where a size name can be read off. */
    private void learn(Value value) {
        for (Dim size : value.shape()) {
            if (size.factor() == 1 && size.symbols().size() == 1) {
                symbols.putIfAbsent(size.symbols().get(0), value);
            }
        }
    }

    private static AttributeProto attribute(String name, Object value) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
        if (value instanceof Long number) {
            attribute.setType(AttributeProto.AttributeType.INT).setI(number);
        } else if (value instanceof Float number) {
            attribute.setType(AttributeProto.AttributeType.FLOAT).setF(number);
        } else if (value instanceof long[] numbers) {
            attribute.setType(AttributeProto.AttributeType.INTS);
            Arrays.stream(numbers).forEach(attribute::addInts);
        } else {
            throw new IllegalArgumentException("attribute " + name + " cannot be " + value);
        }
        return attribute.build();
    }

    private static ValueInfoProto info(String name, Kind kind) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Dim size : kind.shape()) {
            TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(size.fixed() ? dimension.setDimValue(size.size()) : dimension.setDimParam(size.toString()));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(kind.type().code())
                                .setShape(shape)))
                .build();
    }
}
