package org.omniscribe.eval.experts;

import java.util.List;

/**
 * Something that can be said of a step of speech and that experts may know of.
 *
 * @param name for people
 * @param values what it can be, for people; at least one
 */
public record Property(String name, List<String> values) {
    /** The value of a step of which nothing can be said. */
    public static final int UNKNOWN = -1;

    /** Copies the list. */
    public Property {
        values = List.copyOf(values);
    }
}
