package org.omniscribe.export.onnx;

import java.util.List;

/**
 * What is known of a value before the graph runs.
 *
 * @param type element type
 * @param shape sizes of the axes, outermost first
 * @param content the elements of an int64 vector that holds sizes or axes; null where they are unknown
 */
record Kind(ElementType type, List<Dim> shape, List<Dim> content) {
    Kind {
        shape = List.copyOf(shape);
        content = content == null ? null : List.copyOf(content);
    }

    Kind(ElementType type, List<Dim> shape) {
        this(type, shape, null);
    }

    /** An int64 vector whose elements are known. */
    static Kind sizes(List<Dim> content) {
        return new Kind(ElementType.INT64, Dim.list(content.size()), content);
    }

    @Override
    public String toString() {
        return type.name().toLowerCase(java.util.Locale.ROOT) + shape;
    }
}
