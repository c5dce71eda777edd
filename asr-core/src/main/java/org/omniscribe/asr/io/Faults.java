package org.omniscribe.asr.io;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Collects what is wrong with a value, so that all faults are reported at once. Guards take the name of a field and its
 * value, note a fault if the value does not hold, and return whether it does. Not thread-safe.
 */
public final class Faults {
    /** Faults spelled out by {@link #text()}. */
    private static final int MAX_SHOWN = 200;
    /** Faults kept; more are counted only. */
    private static final int MAX_KEPT = 10_000;

    private final Faults parent;
    private final String path;
    private List<String> list;
    private int count;

    /** Without faults so far. */
    public Faults() {
        this(null, "");
    }

    private Faults(Faults parent, String path) {
        this.parent = parent;
        this.path = path;
    }

    /**
     * A collector for a part of the value. Its faults are faults of the whole, too, with the path in front.
     *
     * @param part name of the part
     */
    public Faults under(String part) {
        return new Faults(this, part);
    }

    /**
     * Notes a fault.
     *
     * @param fault what is wrong, without a full stop
     */
    public void add(String fault) {
        note(fault, ": ");
    }

    /** Notes faults. */
    public void addAll(Collection<String> faults) {
        faults.forEach(this::add);
    }

    /** A fault of a field, whose name begins the text. Always false. */
    private boolean field(String name, String fault) {
        note(name + " " + fault, ".");
        return false;
    }

    private void note(String fault, String separator) {
        if (count < MAX_KEPT) {
            list = list == null ? new ArrayList<>() : list;
            list.add(FailureText.visible(fault));
        }
        count++;
        if (parent != null) {
            parent.note(path + separator + fault, ".");
        }
    }

    /** Whether nothing is wrong so far. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** How many faults there are. */
    public int size() {
        return count;
    }

    /** All faults in the order in which they were noted; the first 10,000 of them. */
    public List<String> list() {
        return list == null ? List.of() : Collections.unmodifiableList(list);
    }

    /** All faults in one line, with "; " between them; of more than 200 the first ones and how many more there are. */
    public String text() {
        return text(MAX_SHOWN);
    }

    /**
     * The first faults in one line, and how many more there are.
     *
     * @param max faults that are spelled out
     */
    public String text(int max) {
        String shown = String.join("; ", list().subList(0, Math.min(max, list().size())));
        return count <= max ? shown : shown + "; and " + (count - max) + " more";
    }

    /** Notes a fault unless something holds. */
    public boolean check(boolean good, String fault) {
        if (!good) {
            add(fault);
        }
        return good;
    }

    /** Notes a fault unless something holds; the text is only made for a fault. */
    public boolean check(boolean good, Supplier<String> fault) {
        if (!good) {
            add(fault.get());
        }
        return good;
    }

    /** The value is there: not null. */
    public boolean present(String name, Object value) {
        return value != null || field(name, "is missing");
    }

    /** The text is there, and not only white space. */
    public boolean notBlank(String name, String value) {
        return present(name, value) && (!value.isBlank() || field(name, "is blank"));
    }

    /** The list is there and holds something. */
    public boolean notEmpty(String name, Collection<?> value) {
        return present(name, value) && (!value.isEmpty() || field(name, "is empty"));
    }

    /** Above 0. */
    public boolean positive(String name, long value) {
        return value > 0 || field(name, "must be positive, not " + value);
    }

    /** Above 0, and finite. */
    public boolean positive(String name, double value) {
        return value > 0 && Double.isFinite(value) || field(name, "must be positive, not " + value);
    }

    /** A number: not NaN, not infinite. */
    public boolean finite(String name, double value) {
        return Double.isFinite(value) || field(name, "must be a finite number, not " + value);
    }

    /** At least as much. */
    public boolean atLeast(String name, long value, long min) {
        return value >= min || field(name, "must be at least " + min + ", not " + value);
    }

    /** At least as much, and finite. */
    public boolean atLeast(String name, double value, double min) {
        return value >= min && Double.isFinite(value)
                || field(name, "must be at least " + plain(min) + ", not " + value);
    }

    /** From one number to another, both included. */
    public boolean range(String name, long value, long min, long max) {
        return value >= min && value <= max || field(name, "must be from " + min + " to " + max + ", not " + value);
    }

    /** From one number to another, both included. */
    public boolean range(String name, double value, double min, double max) {
        return value >= min && value <= max
                || field(name, "must be from " + plain(min) + " to " + plain(max) + ", not " + value);
    }

    /** A share: from 0 to 1, both included. */
    public boolean share(String name, double value) {
        return range(name, value, 0, 1);
    }

    /** A share that leaves something: at least 0 and less than 1. */
    public boolean shareBelowOne(String name, double value) {
        return value >= 0 && value < 1 || field(name, "must be at least 0 and less than 1, not " + value);
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? "" + (long) value : "" + value;
    }

    /**
     * Does nothing if nothing is wrong.
     *
     * @throws IllegalArgumentException with all faults
     */
    public void orThrow() {
        orThrow(IllegalArgumentException::new);
    }

    /**
     * Does nothing if nothing is wrong.
     *
     * @param where what is faulty; put in front of the faults
     * @throws IllegalArgumentException with all faults
     */
    public void orThrow(String where) {
        orThrow(text -> new IllegalArgumentException(where + ": " + text));
    }

    /**
     * Does nothing if nothing is wrong.
     *
     * @param failure makes the exception of the {@linkplain #text() text}
     * @throws E if there are faults
     */
    public <E extends RuntimeException> void orThrow(Function<String, E> failure) {
        if (!isEmpty()) {
            throw failure.apply(text());
        }
    }

    @Override
    public String toString() {
        return text();
    }
}
