package org.omniscribe.export.onnx;

import static org.omniscribe.export.onnx.ElementType.BOOL;
import static org.omniscribe.export.onnx.ElementType.FLOAT;
import static org.omniscribe.export.onnx.ElementType.INT32;
import static org.omniscribe.export.onnx.ElementType.INT64;
import static org.omniscribe.export.onnx.ElementType.UINT8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The operators in use: arity, attributes and typing rule of each, from the ONNX operator list at opset 17 and ONNX
 * Runtime's contributed operators ({@code com.microsoft}, version 1). The rules admit what this project writes, which is
 * sometimes less than the standard does.
 */
enum Operator {
    /** Sum, with broadcasting. */
    ADD("Add", 2, 2, TypeRules::arithmetic),
    /** Difference, with broadcasting. */
    SUB("Sub", 2, 2, TypeRules::arithmetic),
    /** Product, with broadcasting; knows the product of two known sizes. */
    MUL("Mul", 2, 2, TypeRules::product),
    /** Quotient, with broadcasting; of integers towards zero. */
    DIV("Div", 2, 2, TypeRules::arithmetic),
    /** Smaller of two, with broadcasting. */
    MIN("Min", 2, 2, TypeRules::arithmetic),
    /** Larger of two, with broadcasting. */
    MAX("Max", 2, 2, TypeRules::arithmetic),
    /** Remainder with the sign of the divisor, integers, with broadcasting. */
    MOD("Mod", 2, 2, TypeRules::arithmetic),
    /** max(x, 0). */
    RELU("Relu", 1, 1, TypeRules::activation),
    /** 1 / (1 + exp(-x)). */
    SIGMOID("Sigmoid", 1, 1, TypeRules::activation),
    /** x times the standard normal distribution function of x, exactly. */
    GELU("Gelu", "com.microsoft", 1, 1, Map.of(), List.of(), TypeRules::activation),
    /** Sine. */
    SIN("Sin", 1, 1, TypeRules::activation),
    /** a &lt; b, with broadcasting. */
    LESS("Less", 2, 2, TypeRules::comparison),
    /** a &lt;= b, with broadcasting. */
    LESS_OR_EQUAL("LessOrEqual", 2, 2, TypeRules::comparison),
    /** a = b, with broadcasting. */
    EQUAL("Equal", 2, 2, TypeRules::comparison),
    /** a and b, with broadcasting. */
    AND("And", 2, 2, call -> {
        call.checkType(0, BOOL);
        call.checkType(1, BOOL);
        return List.of(new Kind(BOOL, call.broadcastInputs()));
    }),
    /** Condition, value where true, value where false; with broadcasting. */
    WHERE("Where", 3, 3, call -> {
        call.checkType(0, BOOL);
        call.check(call.type(1) == call.type(2), "both values must be of one type");
        return List.of(new Kind(call.type(1), call.broadcastInputs()));
    }),
    /** Another element type. */
    CAST("Cast", 1, 1, Map.of("to", Long.class), List.of("to"), call -> {
        ElementType to = Arrays.stream(ElementType.values())
                .filter(type -> type.code() == call.integer("to", 0))
                .findFirst()
                .orElse(null);
        call.check(to != null, "unknown type");
        return List.of(new Kind(to, call.shape(0)));
    }),
    /** Matrix product of the last two axes; leading axes broadcast. */
    MATMUL("MatMul", 2, 2, call -> {
        call.checkType(0, FLOAT);
        call.checkType(1, FLOAT);
        return List.of(new Kind(FLOAT, TypeRules.matrixProduct(call)));
    }),
    /**
     * {@link #MATMUL} of bytes, each less its zero point (scalars, inputs 4 and 5), times the scale of the first (a scalar,
     * input 2) and the scale of the second (input 3): one for each column of a matrix, or a scalar.
     */
    MATMUL_INTEGER_TO_FLOAT("MatMulIntegerToFloat", "com.microsoft", 6, 6, Map.of(), List.of(), call -> {
        call.checkType(0, UINT8);
        call.checkType(1, UINT8);
        call.checkType(2, FLOAT);
        call.checkRank(2, 0);
        call.checkType(3, FLOAT);
        if (call.rank(3) > 0) {
            call.checkRank(1, 2);
            call.checkShape(3, call.dim(1, 1));
        }
        call.checkType(4, UINT8);
        call.checkRank(4, 0);
        call.checkType(5, UINT8);
        call.checkRank(5, 0);
        return List.of(new Kind(FLOAT, TypeRules.matrixProduct(call)));
    }),
    /**
     * {@link #MATMUL} with a matrix of few bits, {@code [N][K / block_size][bytes]} and a scale for each block (input 2).
     * Levels lie around the middle of what the bits hold; the first of two in a byte is its lower half.
     */
    MATMUL_N_BITS(
            "MatMulNBits",
            "com.microsoft",
            3,
            3,
            Map.of("K", Long.class, "N", Long.class, "bits", Long.class, "block_size", Long.class),
            List.of("K", "N", "bits", "block_size"),
            call -> {
                long inputs = call.integer("K", 0);
                long outputs = call.integer("N", 0);
                long block = call.integer("block_size", 0);
                long blocks = (inputs + block - 1) / block;
                call.checkType(0, FLOAT);
                call.checkType(1, UINT8);
                call.checkType(2, FLOAT);
                call.check(call.dim(0, call.rank(0) - 1).equals(Dim.of(inputs)), "inner size is not K");
                call.checkShape(
                        1,
                        Dim.list(outputs, blocks, block * call.integer("bits", 0) / 8)
                                .toArray(Dim[]::new));
                call.checkShape(2, Dim.of(outputs * blocks));
                List<Dim> shape = new ArrayList<>(call.shape(0));
                shape.set(shape.size() - 1, Dim.of(outputs));
                return List.of(new Kind(FLOAT, shape));
            }),
    /** round(x / scale) + zero point, cut to a byte; scale and zero point (0 if left out) are vectors along an axis. */
    QUANTIZE_LINEAR("QuantizeLinear", 2, 3, Map.of("axis", Long.class), List.of("axis"), call -> {
        Dim size = call.dim(0, call.axis(call.integer("axis", 1), call.rank(0)));
        call.checkType(0, FLOAT);
        call.checkType(1, FLOAT);
        call.checkShape(1, size);
        if (call.has(2)) {
            call.checkType(2, UINT8);
            call.checkShape(2, size);
        }
        return List.of(new Kind(UINT8, call.shape(0)));
    }),
    /** Mean 0 and variance 1 over the last axis, then scale and bias. */
    LAYER_NORMALIZATION(
            "LayerNormalization", 3, 3, Map.of("axis", Long.class, "epsilon", Float.class), List.of(), call -> {
                call.sameTypes();
                call.checkType(0, FLOAT);
                call.check(call.axis(call.integer("axis", -1), call.rank(0)) == call.rank(0) - 1, "axis must be last");
                Dim width = call.dim(0, call.rank(0) - 1);
                call.checkShape(1, width);
                call.checkShape(2, width);
                return List.of(call.in(0));
            }),
    /** {@link #LAYER_NORMALIZATION} of the sum of the first two inputs, and that sum (output 3). */
    SKIP_LAYER_NORMALIZATION(
            "SkipLayerNormalization", "com.microsoft", 4, 4, Map.of("epsilon", Float.class), List.of(), call -> {
                call.sameTypes();
                call.checkType(0, FLOAT);
                call.checkRank(0, 3);
                call.checkShape(1, call.shape(0).toArray(Dim[]::new));
                call.checkShape(2, call.dim(0, 2));
                call.checkShape(3, call.dim(0, 2));
                return Arrays.asList(call.in(0), null, null, call.in(0));
            }),
    /** Exponentials that sum to one along an axis. */
    SOFTMAX("Softmax", 1, 1, Map.of("axis", Long.class), List.of(), TypeRules::alongAxis),
    /** Logarithm of {@link #SOFTMAX}. */
    LOG_SOFTMAX("LogSoftmax", 1, 1, Map.of("axis", Long.class), List.of(), TypeRules::alongAxis),
    /** Index of the largest element along an axis; of equals the first. */
    ARG_MAX("ArgMax", 1, 1, Map.of("axis", Long.class, "keepdims", Long.class), List.of("axis"), call -> {
        int axis = call.axis(call.integer("axis", 0), call.rank(0));
        return List.of(new Kind(INT64, TypeRules.reduced(call, axis)));
    }),
    /** Largest element along one axis. */
    REDUCE_MAX(
            "ReduceMax",
            1,
            1,
            Map.of("axes", long[].class, "keepdims", Long.class),
            List.of("axes"),
            TypeRules::reducedByOne),
    /** Smallest element along one axis. */
    REDUCE_MIN(
            "ReduceMin",
            1,
            1,
            Map.of("axes", long[].class, "keepdims", Long.class),
            List.of("axes"),
            TypeRules::reducedByOne),
    /** Sum over one axis. */
    REDUCE_SUM("ReduceSum", 2, 2, Map.of("keepdims", Long.class), List.of("keepdims"), call -> {
        List<Dim> axes = call.content(1);
        call.check(axes.size() == 1, "exactly one axis");
        return List.of(new Kind(
                call.type(0), TypeRules.reduced(call, call.axis(axes.get(0).size(), call.rank(0)))));
    }),
    /** The smallest or largest elements along an axis and where they are, as many as the second input says, sorted. */
    TOP_K("TopK", 2, 2, Map.of("axis", Long.class, "largest", Long.class), List.of("axis"), call -> {
        int axis = call.axis(call.integer("axis", -1), call.rank(0));
        call.checkType(1, INT64);
        call.checkShape(1, Dim.ONE);
        List<Dim> count = call.in(1).content();
        List<Dim> shape = new ArrayList<>(call.shape(0));
        shape.set(axis, count == null ? call.fresh().get() : count.get(0));
        return List.of(new Kind(call.type(0), shape), new Kind(INT64, shape));
    }),
    /** Convolution over the axes after batch and channel. */
    CONV(
            "Conv",
            2,
            3,
            Map.of("strides", long[].class, "pads", long[].class, "group", Long.class),
            List.of("strides", "pads"),
            TypeRules::convolution),
    /** Axes in another order. */
    TRANSPOSE("Transpose", 1, 1, Map.of("perm", long[].class), List.of("perm"), call -> {
        long[] order = call.integers("perm");
        long[] sorted = order.clone();
        Arrays.sort(sorted);
        call.check(order.length == call.rank(0), "perm must name every axis once");
        List<Dim> shape = new ArrayList<>();
        for (int axis = 0; axis < order.length; axis++) {
            call.check(sorted[axis] == axis, "perm must name every axis once");
            shape.add(call.dim(0, (int) order[axis]));
        }
        return List.of(new Kind(call.type(0), shape));
    }),
    /** The same elements under another shape. */
    RESHAPE("Reshape", 2, 2, Map.of("allowzero", Long.class), List.of("allowzero"), call -> {
        List<Dim> shape = call.content(1);
        call.check(Dim.product(shape).equals(Dim.product(call.shape(0))), "shape " + shape + " holds another number");
        call.check(call.integer("allowzero", 0) == 1, "allowzero must be 1, so that empty batches pass");
        return List.of(new Kind(call.type(0), shape));
    }),
    /** Axes of size 1 put in where the second input says, counted in the result. */
    UNSQUEEZE("Unsqueeze", 2, 2, call -> {
        List<Dim> axes = call.content(1);
        int rank = call.rank(0) + axes.size();
        List<Dim> shape = new ArrayList<>(call.shape(0));
        axes.stream().map(Dim::size).sorted().forEach(axis -> shape.add(call.axis(axis, rank), Dim.ONE));
        return List.of(new Kind(call.type(0), shape));
    }),
    /** Axes of size 1 taken out. */
    SQUEEZE("Squeeze", 2, 2, call -> {
        List<Dim> shape = new ArrayList<>(call.shape(0));
        call.content(1).stream()
                .map(Dim::size)
                .sorted(Collections.reverseOrder())
                .forEach(axis -> {
                    Dim gone = shape.remove(call.axis(axis, call.rank(0)));
                    call.check(gone.equals(Dim.ONE), "axis " + axis + " has size " + gone);
                });
        return List.of(new Kind(call.type(0), shape));
    }),
    /** Inputs one behind the other along an axis. */
    CONCAT("Concat", 1, Integer.MAX_VALUE, Map.of("axis", Long.class), List.of("axis"), TypeRules::concatenation),
    /** Parts along an axis, one an output: equal ones, or of the sizes that the second input says. */
    SPLIT("Split", 1, 2, Map.of("axis", Long.class), List.of("axis"), call -> {
        int axis = call.axis(call.integer("axis", 0), call.rank(0));
        if (call.has(1)) {
            call.checkType(1, INT64);
            call.checkShape(1, Dim.of(call.outputs()));
            return Stream.generate(() -> {
                        List<Dim> part = new ArrayList<>(call.shape(0));
                        part.set(axis, call.fresh().get());
                        return new Kind(call.type(0), part);
                    })
                    .limit(call.outputs())
                    .toList();
        }
        long size = call.dim(0, axis).size();
        call.check(size % call.outputs() == 0, size + " is not a multiple of " + call.outputs());
        List<Dim> shape = new ArrayList<>(call.shape(0));
        shape.set(axis, Dim.of(size / call.outputs()));
        return Collections.nCopies(call.outputs(), new Kind(call.type(0), shape));
    }),
    /** Entries of the first input along an axis, chosen by the second. */
    GATHER("Gather", 2, 2, Map.of("axis", Long.class), List.of("axis"), call -> {
        call.checkType(1, INT32, INT64);
        int axis = call.axis(call.integer("axis", 0), call.rank(0));
        List<Dim> shape = new ArrayList<>(call.shape(0));
        shape.remove(axis);
        shape.addAll(axis, call.shape(1));
        return List.of(new Kind(call.type(0), shape));
    }),
    /** Positions of the true elements, {@code [rank][found]}, in order. */
    NON_ZERO("NonZero", 1, 1, call -> {
        call.check(call.rank(0) > 0, "a scalar has no positions");
        return List.of(
                new Kind(INT64, List.of(Dim.of(call.rank(0)), call.fresh().get())));
    }),
    /** A copy of the first input with the rows at the indices {@code [n][1]} replaced by {@code [n]...}. */
    SCATTER_ND("ScatterND", 3, 3, call -> {
        call.checkType(1, INT64);
        call.checkRank(1, 2);
        call.check(call.dim(1, 1).equals(Dim.ONE), "indices must name rows");
        call.check(call.type(0) == call.type(2), "data and updates must be of one type");
        List<Dim> updates = new ArrayList<>(call.shape(0));
        updates.set(0, call.dim(1, 0));
        call.check(call.shape(2).equals(updates), "updates must have shape " + updates);
        return List.of(new Kind(call.type(0), call.shape(0)));
    }),
    /** Sizes of the axes from start to end. */
    SHAPE("Shape", 1, 1, Map.of("start", Long.class, "end", Long.class), List.of("start", "end"), call -> {
        long start = call.integer("start", 0);
        long end = call.integer("end", 0);
        call.check(0 <= start && start <= end && end <= call.rank(0), "no such axes");
        return List.of(Kind.sizes(call.shape(0).subList((int) start, (int) end)));
    }),
    /** Integers from a start to a limit (exclusive) in steps. */
    RANGE("Range", 3, 3, call -> {
        call.sameTypes();
        for (int i = 0; i < 3; i++) {
            call.checkType(i, INT32, INT64);
            call.checkRank(i, 0);
        }
        return List.of(new Kind(call.type(0), List.of(call.fresh().get())));
    }),
    /** Zeros of a shape. */
    CONSTANT_OF_SHAPE("ConstantOfShape", 1, 1, call -> List.of(new Kind(FLOAT, call.content(0)))),
    /** A value repeated to a shape. */
    EXPAND("Expand", 2, 2, call -> {
        List<Dim> shape = call.content(1);
        call.check(call.broadcast(List.of(call.shape(0), shape)).equals(shape), "does not expand to " + shape);
        return List.of(new Kind(call.type(0), shape));
    }),
    /** Zeros put in before and behind every axis; sizes of axes that are known to stay are not, so claim them. */
    PAD("Pad", 2, 2, call -> {
        call.checkType(1, INT64);
        call.checkShape(1, Dim.of(2L * call.rank(0)));
        return List.of(new Kind(
                call.type(0), Stream.generate(call.fresh()).limit(call.rank(0)).toList()));
    }),
    /**
     * softmax(q k' scale + bias) v for every head, of query, key and value {@code [batch][step][width]}, no input
     * bias (input 3), key padding mask {@code [batch][key]} (input 4, 1 where visible) and attention bias
     * {@code [batch or 1][heads or 1][query][key]} (input 5). With keys and values of the past
     * {@code [batch][head][past][width / heads]} (inputs 6 and 7), which come first, those of past and present together are
     * outputs 1 and 2; {@code unidirectional} hides from a query the keys behind it.
     */
    MULTI_HEAD_ATTENTION(
            "MultiHeadAttention",
            "com.microsoft",
            3,
            8,
            Map.of(
                    "num_heads",
                    Long.class,
                    "mask_filter_value",
                    Float.class,
                    "scale",
                    Float.class,
                    "unidirectional",
                    Long.class),
            List.of("num_heads", "scale"),
            TypeRules::attention);

    /** Works out what a call yields, or says why it cannot. */
    private interface Rule {
        List<Kind> infer(Call call);
    }

    private final String type;
    private final String domain;
    private final int minInputs;
    private final int maxInputs;
    private final Map<String, Class<?>> attributes;
    private final List<String> required;
    private final Rule rule;

    Operator(String type, int minInputs, int maxInputs, Rule rule) {
        this(type, minInputs, maxInputs, Map.of(), List.of(), rule);
    }

    Operator(
            String type,
            int minInputs,
            int maxInputs,
            Map<String, Class<?>> attributes,
            List<String> required,
            Rule rule) {
        this(type, "", minInputs, maxInputs, attributes, required, rule);
    }

    Operator(
            String type,
            String domain,
            int minInputs,
            int maxInputs,
            Map<String, Class<?>> attributes,
            List<String> required,
            Rule rule) {
        this.type = type;
        this.domain = domain;
        this.minInputs = minInputs;
        this.maxInputs = maxInputs;
        this.attributes = attributes;
        this.required = required;
        this.rule = rule;
    }

    /** Name of the operator in the file. */
    String type() {
        return type;
    }

    /** Domain of the operator in the file. */
    String domain() {
        return domain;
    }

    /**
     * Checks a call and works out its outputs.
     *
     * @throws IllegalArgumentException if arity, attributes, types or shapes are wrong
     */
    List<Kind> infer(Call call) {
        int count = call.inputs().size();
        call.check(count >= minInputs && count <= maxInputs, "takes " + minInputs + " to " + maxInputs + " inputs");
        for (int i = 0; i < minInputs; i++) {
            call.check(call.has(i), "input " + i + " is missing");
        }
        call.attributes().forEach((name, value) -> {
            Class<?> wanted = attributes.get(name);
            call.check(wanted != null, "has no attribute " + name);
            call.check(wanted.isInstance(value), "attribute " + name + " must be a " + wanted.getSimpleName());
        });
        for (String name : required) {
            call.check(call.attributes().containsKey(name), "attribute " + name + " is missing");
        }
        List<Kind> kinds = rule.infer(call);
        call.check(kinds.size() == call.outputs(), "has " + kinds.size() + " outputs, not " + call.outputs());
        return kinds;
    }
}
