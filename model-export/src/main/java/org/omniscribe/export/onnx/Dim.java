package org.omniscribe.export.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The size of one axis: a number times any number of named sizes that are known only when the graph runs.
 *
 * @param factor the number, at least 0
 * @param symbols the names, sorted
 */
record Dim(long factor, List<String> symbols) {
    static final Dim ONE = of(1);

    Dim {
        if (factor < 0) {
            throw new IllegalArgumentException("a size cannot be " + factor);
        }
        symbols = List.copyOf(symbols);
    }

    static Dim of(long size) {
        return new Dim(size, List.of());
    }

    static Dim of(String symbol) {
        return new Dim(1, List.of(symbol));
    }

    static List<Dim> list(long... sizes) {
        return Arrays.stream(sizes).mapToObj(Dim::of).toList();
    }

    /** Product of sizes; 1 for none. */
    static Dim product(List<Dim> sizes) {
        return sizes.stream().reduce(ONE, Dim::times);
    }

    Dim times(Dim other) {
        List<String> all = new ArrayList<>(symbols);
        all.addAll(other.symbols);
        Collections.sort(all);
        return new Dim(Math.multiplyExact(factor, other.factor), all);
    }

    boolean fixed() {
        return symbols.isEmpty();
    }

    /** The number of a fixed size. */
    long size() {
        if (!fixed()) {
            throw new IllegalArgumentException("size " + this + " is known only when the graph runs");
        }
        return factor;
    }

    @Override
    public String toString() {
        String names = String.join("*", symbols);
        return fixed() ? Long.toString(factor) : factor == 1 ? names : factor + "*" + names;
    }
}
