package org.omniscribe.export.onnx;

import java.util.List;
import java.util.Map;

/**
 * A typed handle of a value in an {@link OnnxGraph}; its methods add operators, so that a graph reads like its formula.
 *
 * <p>Every method fails with an IllegalArgumentException where types or shapes do not fit, or where a handle belongs to
 * another graph.
 */
final class Value {
    private final OnnxGraph graph;
    private final String name;
    private final Kind kind;

    Value(OnnxGraph graph, String name, Kind kind) {
        this.graph = graph;
        this.name = name;
        this.kind = kind;
    }

    OnnxGraph graph() {
        return graph;
    }

    String name() {
        return name;
    }

    Kind kind() {
        return kind;
    }

    ElementType type() {
        return kind.type();
    }

    List<Dim> shape() {
        return kind.shape();
    }

    Dim dim(int axis) {
        return kind.shape().get(axis);
    }

    Value add(Value other) {
        return graph.apply(Operator.ADD, this, other);
    }

    Value sub(Value other) {
        return graph.apply(Operator.SUB, this, other);
    }

    Value mul(Value other) {
        return graph.apply(Operator.MUL, this, other);
    }

    Value div(Value other) {
        return graph.apply(Operator.DIV, this, other);
    }

    Value mod(Value other) {
        return graph.apply(Operator.MOD, this, other);
    }

    Value min(Value other) {
        return graph.apply(Operator.MIN, this, other);
    }

    Value max(Value other) {
        return graph.apply(Operator.MAX, this, other);
    }

    Value relu() {
        return graph.apply(Operator.RELU, this);
    }

    Value sigmoid() {
        return graph.apply(Operator.SIGMOID, this);
    }

    Value gelu() {
        return graph.apply(Operator.GELU, this);
    }

    Value sin() {
        return graph.apply(Operator.SIN, this);
    }

    Value less(Value other) {
        return graph.apply(Operator.LESS, this, other);
    }

    Value lessOrEqual(Value other) {
        return graph.apply(Operator.LESS_OR_EQUAL, this, other);
    }

    Value equal(Value other) {
        return graph.apply(Operator.EQUAL, this, other);
    }

    Value and(Value other) {
        return graph.apply(Operator.AND, this, other);
    }

    /** Where this condition holds the first value, else the second. */
    Value choose(Value yes, Value no) {
        return graph.apply(Operator.WHERE, this, yes, no);
    }

    Value cast(ElementType to) {
        return type() == to ? this : graph.apply(Operator.CAST, Map.of("to", (long) to.code()), this);
    }

    Value matmul(Value other) {
        return graph.apply(Operator.MATMUL, this, other);
    }

    /** Product of these bytes less a zero point with bytes less another, which have a scale, or as a matrix one a column. */
    Value matmulBytes(Value other, Value scales, Value zeroPoint, Value otherZeroPoint) {
        return graph.apply(
                Operator.MATMUL_INTEGER_TO_FLOAT, this, other, graph.scalar(1f), scales, zeroPoint, otherZeroPoint);
    }

    /** Product with a matrix of half bytes that has a scale for each block. */
    Value matmulNibbles(Value other, Value scales, long columns, long block) {
        Map<String, Object> attributes =
                Map.of("K", columns, "N", other.dim(0).size(), "bits", 4L, "block_size", block);
        return graph.apply(Operator.MATMUL_N_BITS, attributes, this, other, scales);
    }

    /** Each row as bytes: divided by its scale, rounded to the nearest, and moved by its zero point. */
    Value toBytes(Value scales, Value zeroPoints) {
        return graph.apply(Operator.QUANTIZE_LINEAR, Map.of("axis", 0L), this, scales, zeroPoints);
    }

    /** Each row as bytes: divided by its scale and rounded to the nearest; what is negative becomes 0. */
    Value toBytes(Value scales) {
        return graph.apply(Operator.QUANTIZE_LINEAR, Map.of("axis", 0L), this, scales);
    }

    Value layerNorm(Value scale, Value bias, float epsilon) {
        return graph.apply(Operator.LAYER_NORMALIZATION, Map.of("axis", -1L, "epsilon", epsilon), this, scale, bias);
    }

    /** Layer norm of the sum of this and another, and that sum; runtimes do both in one go. */
    List<Value> addAndLayerNorm(Value other, Value scale, Value bias, float epsilon) {
        List<Value> inputs = List.of(this, other, scale, bias);
        List<Value> outputs = graph.apply(Operator.SKIP_LAYER_NORMALIZATION, inputs, Map.of("epsilon", epsilon), 4);
        return List.of(outputs.get(0), outputs.get(3));
    }

    Value softmax() {
        return graph.apply(Operator.SOFTMAX, Map.of("axis", -1L), this);
    }

    Value logSoftmax() {
        return graph.apply(Operator.LOG_SOFTMAX, Map.of("axis", -1L), this);
    }

    /** Index of the first largest element of the last axis, which goes. */
    Value argMax() {
        return graph.apply(Operator.ARG_MAX, Map.of("axis", -1L, "keepdims", 0L), this);
    }

    /** The largest element of the last axis, which goes. */
    Value largest() {
        return graph.apply(Operator.REDUCE_MAX, lastAxis(), this);
    }

    /** The smallest element of the last axis, which goes. */
    Value smallest() {
        return graph.apply(Operator.REDUCE_MIN, lastAxis(), this);
    }

    /** Counted from the front: ONNX Runtime 1.28 gives what it reduces of an empty input the wrong shape otherwise. */
    private Map<String, Object> lastAxis() {
        return Map.of("axes", new long[] {shape().size() - 1}, "keepdims", 0L);
    }

    /** Convolution; pads are those before each axis, then those behind. */
    Value conv(Value kernel, Value bias, long[] strides, long[] pads, long group) {
        return graph.apply(Operator.CONV, Map.of("strides", strides, "pads", pads, "group", group), this, kernel, bias);
    }

    Value transpose(long... order) {
        return graph.apply(Operator.TRANSPOSE, Map.of("perm", order), this);
    }

    /** The same elements under another shape; sizes that are not fixed are read off where the graph runs. */
    Value reshape(Dim... shape) {
        return graph.apply(Operator.RESHAPE, Map.of("allowzero", 1L), this, graph.sizes(List.of(shape)));
    }

    /** Repeated along axes of size 1. */
    Value expand(Dim... shape) {
        return graph.apply(Operator.EXPAND, this, graph.sizes(List.of(shape)));
    }

    Value unsqueeze(long... axes) {
        return graph.apply(Operator.UNSQUEEZE, this, graph.sizes(Dim.list(axes)));
    }

    Value squeeze(long... axes) {
        return graph.apply(Operator.SQUEEZE, this, graph.sizes(Dim.list(axes)));
    }

    /** Equal parts of the last axis. */
    List<Value> split(int parts) {
        return graph.apply(Operator.SPLIT, List.of(this), Map.of("axis", -1L), parts);
    }

    /** Parts of the first axis, one behind the other, of the sizes that a vector of integers says. */
    List<Value> split(int parts, Value sizes) {
        return graph.apply(Operator.SPLIT, List.of(this, sizes), Map.of("axis", 0L), parts);
    }

    /** Sum over the first axis, which goes. */
    Value sum() {
        return graph.apply(Operator.REDUCE_SUM, Map.of("keepdims", 0L), this, graph.sizes(Dim.list(0)));
    }

    /** The places of the elements of a vector, the smallest element first. */
    Value order() {
        List<Value> inputs = List.of(this, graph.sizes(shape()));
        return graph.apply(Operator.TOP_K, inputs, Map.of("axis", 0L, "largest", 0L), 2)
                .get(1);
    }

    /** The largest elements of the last axis, sorted, and their places; as many as the vector of one element says. */
    List<Value> largest(Value count) {
        return graph.apply(Operator.TOP_K, List.of(this, count), Map.of("axis", -1L, "largest", 1L), 2);
    }

    Value gather(Value indices, long axis) {
        return graph.apply(Operator.GATHER, Map.of("axis", axis), this, indices);
    }

    /** Positions of true elements, {@code [rank][found]}. */
    Value nonZero() {
        return graph.apply(Operator.NON_ZERO, this);
    }

    /** This with rows replaced. */
    Value scatterRows(Value indices, Value rows) {
        return graph.apply(Operator.SCATTER_ND, this, indices, rows);
    }

    /** With zeros around: as many as the int64 vector says, before each axis, then behind. */
    Value pad(Value pads) {
        return graph.apply(Operator.PAD, this, pads);
    }

    /** Size of one axis, as a vector of one element. */
    Value sizeOf(long axis) {
        return graph.apply(Operator.SHAPE, Map.of("start", axis, "end", axis + 1), this);
    }

    /**
     * The same value under names for sizes that the typing rules could not work out.
     *
     * @throws IllegalArgumentException if the rank differs, or a size that is known is another
     */
    Value as(Dim... shape) {
        return graph.claim(this, List.of(shape));
    }

    @Override
    public String toString() {
        return name + ": " + kind;
    }
}
