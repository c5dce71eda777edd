package org.omniscribe.export.train;

/** Sums over the updates since the last line of the curve. */
final class Meter {
    double loss;
    double phones;
    double intermediate;
    double balance;
    double divergence;
    /** Tokens of the teacher. */
    long places;

    double norm;
    long tokens;
    long frames;
    int updates;
    /** When this began, as {@link System#nanoTime} counts. */
    long since = System.nanoTime();
}
