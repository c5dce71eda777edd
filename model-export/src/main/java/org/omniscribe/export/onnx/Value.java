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

    /** Product with a matrix of bytes of these bytes less a zero point. */
    Value matmulInteger(Value other, Value zeroPoint) {
        return graph.apply(Operator.MATMUL_INTEGER, this, other, zeroPoint);
    }

    Value layerNorm(Value scale, Value bias, float epsilon) {
        return graph.apply(Operator.LAYER_NORMALIZATION, Map.of("axis", -1L, "epsilon", epsilon), this, scale, bias);
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
