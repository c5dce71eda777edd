package org.omniscribe.export.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One use of an operator, as its typing rule sees it; checks the call and works out what it yields.
 *
 * @param operator the operator
 * @param inputs kinds of the inputs; null where an optional one is left out
 * @param attributes the attributes, of the types that {@link Operator} names
 * @param outputs number of outputs wanted
 * @param fresh makes sizes that nothing is known of
 */
record Call(Operator operator, List<Kind> inputs, Map<String, Object> attributes, int outputs, Supplier<Dim> fresh) {
    Kind in(int index) {
        return inputs.get(index);
    }

    boolean has(int index) {
        return index < inputs.size() && inputs.get(index) != null;
    }

    ElementType type(int index) {
        return in(index).type();
    }

    List<Dim> shape(int index) {
        return in(index).shape();
    }

    int rank(int index) {
        return shape(index).size();
    }

    Dim dim(int index, int axis) {
        return shape(index).get(axis);
    }

    long integer(String attribute, long otherwise) {
        return (Long) attributes.getOrDefault(attribute, otherwise);
    }

    long[] integers(String attribute, long... otherwise) {
        return (long[]) attributes.getOrDefault(attribute, otherwise);
    }

    /** The axis that an attribute names, counted from the front. */
    int axis(long axis, int rank) {
        check(axis >= -rank && axis < rank, "axis " + axis + " is not one of " + rank);
        return (int) (axis < 0 ? axis + rank : axis);
    }

    /** The known elements of an int64 input. */
    List<Dim> content(int index) {
        check(in(index).content() != null, "input " + index + " must be known while building");
        return in(index).content();
    }

    void check(boolean condition, String fault) {
        if (!condition) {
            throw new IllegalArgumentException(operator + inputs.toString() + describe(attributes) + ": " + fault);
        }
    }

    void checkType(int index, ElementType... allowed) {
        check(
                Arrays.asList(allowed).contains(type(index)),
                "input " + index + " must be one of " + Arrays.toString(allowed));
    }

    void checkRank(int index, int rank) {
        check(rank(index) == rank, "input " + index + " must have rank " + rank);
    }

    void checkShape(int index, Dim... shape) {
        check(shape(index).equals(List.of(shape)), "input " + index + " must have shape " + Arrays.toString(shape));
    }

    void sameTypes() {
        check(inputs.stream().map(Kind::type).distinct().count() == 1, "inputs must be of one type");
    }

    /** The shape that inputs take together: sizes are equal or one of them is 1, missing leading axes are 1. */
    List<Dim> broadcast(List<List<Dim>> shapes) {
        int rank = shapes.stream().mapToInt(List::size).max().orElse(0);
        List<Dim> together = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            Dim size = Dim.ONE;
            for (List<Dim> shape : shapes) {
                int own = axis - rank + shape.size();
                Dim next = own < 0 ? Dim.ONE : shape.get(own);
                check(
                        size.equals(next) || size.equals(Dim.ONE) || next.equals(Dim.ONE),
                        "sizes " + size + " and " + next + " do not broadcast");
                size = size.equals(Dim.ONE) ? next : size;
            }
            together.add(size);
        }
        return together;
    }

    List<Dim> broadcastInputs() {
        return broadcast(inputs.stream().map(Kind::shape).toList());
    }

    private static String describe(Map<String, Object> attributes) {
        List<String> parts = new ArrayList<>();
        attributes.forEach((name, value) ->
                parts.add(name + "=" + (value instanceof long[] longs ? Arrays.toString(longs) : value)));
        return parts.isEmpty() ? "" : parts.toString();
    }
}
