package org.omniscribe.export.onnx;

import static org.omniscribe.export.onnx.ElementType.BOOL;
import static org.omniscribe.export.onnx.ElementType.FLOAT;
import static org.omniscribe.export.onnx.ElementType.INT32;

import java.util.ArrayList;
import java.util.List;

/** The typing rules that several operators share, or that are too long to stand beside the operator's name. */
final class TypeRules {
    private TypeRules() {}

    static List<Kind> arithmetic(Call call) {
        call.sameTypes();
        call.check(call.type(0).numeric(), "inputs must be numbers");
        return List.of(new Kind(call.type(0), call.broadcastInputs()));
    }

    static List<Kind> product(Call call) {
        Kind kind = arithmetic(call).get(0);
        List<Dim> a = call.in(0).content();
        List<Dim> b = call.in(1).content();
        boolean known = a != null && b != null && a.size() == 1 && b.size() == 1;
        return List.of(known ? Kind.sizes(List.of(a.get(0).times(b.get(0)))) : kind);
    }

    static List<Kind> activation(Call call) {
        call.checkType(0, FLOAT);
        return List.of(call.in(0));
    }

    static List<Kind> comparison(Call call) {
        call.sameTypes();
        call.check(call.type(0).numeric(), "inputs must be numbers");
        return List.of(new Kind(BOOL, call.broadcastInputs()));
    }

    static List<Kind> alongAxis(Call call) {
        call.checkType(0, FLOAT);
        call.axis(call.integer("axis", -1), call.rank(0));
        return List.of(call.in(0));
    }

    static List<Kind> reducedByOne(Call call) {
        long[] axes = call.integers("axes");
        call.check(axes.length == 1, "exactly one axis");
        return List.of(new Kind(call.type(0), reduced(call, call.axis(axes[0], call.rank(0)))));
    }

    static List<Dim> reduced(Call call, int axis) {
        List<Dim> shape = new ArrayList<>(call.shape(0));
        if (call.integer("keepdims", 1) == 1) {
            shape.set(axis, Dim.ONE);
        } else {
            shape.remove(axis);
        }
        return shape;
    }

    static List<Dim> matrixProduct(Call call) {
        int a = call.rank(0);
        int b = call.rank(1);
        call.check(a >= 2 && b >= 2, "both inputs must have rank 2 or more");
        call.check(call.dim(0, a - 1).equals(call.dim(1, b - 2)), "inner sizes differ");
        List<Dim> shape = new ArrayList<>(call.broadcast(
                List.of(call.shape(0).subList(0, a - 2), call.shape(1).subList(0, b - 2))));
        shape.add(call.dim(0, a - 2));
        shape.add(call.dim(1, b - 1));
        return shape;
    }

    static List<Kind> convolution(Call call) {
        call.sameTypes();
        call.checkType(0, FLOAT);
        int axes = call.rank(0) - 2;
        call.check(axes >= 1 && call.rank(1) == axes + 2, "input and kernel must have equal ranks of 3 or more");
        long[] strides = call.integers("strides");
        long[] pads = call.integers("pads");
        call.check(strides.length == axes && pads.length == 2 * axes, "strides and pads must name every axis");
        long group = call.integer("group", 1);
        long filters = call.dim(1, 0).size();
        call.check(
                call.dim(0, 1).size() == call.dim(1, 1).size() * group && filters % group == 0,
                "channels, kernel and group do not fit");
        if (call.has(2)) {
            call.checkShape(2, Dim.of(filters));
        }
        List<Dim> shape = new ArrayList<>(List.of(call.dim(0, 0), Dim.of(filters)));
        for (int axis = 0; axis < axes; axis++) {
            Dim size = call.dim(0, axis + 2);
            long extra = pads[axis] + pads[axis + axes] - call.dim(1, axis + 2).size();
            if (size.fixed()) {
                call.check(size.size() + extra >= 0, "axis " + (axis + 2) + " is shorter than the kernel");
                shape.add(Dim.of((size.size() + extra) / strides[axis] + 1));
            } else {
                shape.add(
                        strides[axis] == 1 && extra == -1 ? size : call.fresh().get());
            }
        }
        return List.of(new Kind(FLOAT, shape));
    }

    static List<Kind> concatenation(Call call) {
        call.sameTypes();
        int axis = call.axis(call.integer("axis", 0), call.rank(0));
        long total = 0;
        boolean fixed = true;
        List<Dim> content = new ArrayList<>();
        for (int i = 0; i < call.inputs().size(); i++) {
            call.checkRank(i, call.rank(0));
            for (int other = 0; other < call.rank(0); other++) {
                call.check(
                        other == axis || call.dim(i, other).equals(call.dim(0, other)),
                        "input " + i + " differs in axis " + other);
            }
            Dim size = call.dim(i, axis);
            fixed &= size.fixed();
            total += size.factor();
            if (content != null && call.in(i).content() != null) {
                content.addAll(call.in(i).content());
            } else {
                content = null;
            }
        }
        List<Dim> shape = new ArrayList<>(call.shape(0));
        if (call.inputs().size() > 1) {
            shape.set(axis, fixed ? Dim.of(total) : call.fresh().get());
        }
        return List.of(new Kind(call.type(0), shape, content));
    }

    static List<Kind> attention(Call call) {
        for (int i = 0; i < 3; i++) {
            call.checkType(i, FLOAT);
            call.checkRank(i, 3);
        }
        Dim batch = call.dim(0, 0);
        Dim query = call.dim(0, 1);
        Dim key = call.dim(1, 1);
        Dim width = call.dim(0, 2);
        Dim mixed = call.dim(2, 2);
        call.checkShape(1, batch, key, width);
        call.checkShape(2, batch, key, mixed);
        long heads = call.integer("num_heads", 0);
        call.check(
                heads > 0 && width.size() % heads == 0 && mixed.size() % heads == 0,
                "width must be a multiple of num_heads");
        call.check(!call.has(3), "no input bias here");
        if (call.has(4)) {
            call.checkType(4, INT32);
            call.checkShape(4, batch, key);
        }
        if (call.has(5)) {
            call.checkType(5, FLOAT);
            call.checkRank(5, 4);
            call.check(List.of(Dim.ONE, batch).contains(call.dim(5, 0)), "bias does not fit the batch");
            call.check(List.of(Dim.ONE, Dim.of(heads)).contains(call.dim(5, 1)), "bias does not fit the heads");
            call.check(call.dim(5, 2).equals(query) && call.dim(5, 3).equals(key), "bias does not fit the steps");
        }
        Kind mix = new Kind(FLOAT, List.of(batch, query, mixed));
        if (!call.has(6)) {
            return List.of(mix);
        }
        call.check(!call.has(4) && !call.has(5), "no mask and no bias with a past here");
        Dim all = call.fresh().get();
        List<Kind> yields = new ArrayList<>(List.of(mix));
        for (int i = 6; i < 8; i++) {
            call.checkType(i, FLOAT);
            Dim head = Dim.of((i == 6 ? width : mixed).size() / heads);
            call.checkShape(i, batch, Dim.of(heads), call.dim(6, 2), head);
            yields.add(new Kind(FLOAT, List.of(batch, Dim.of(heads), all, head)));
        }
        return yields;
    }
}
