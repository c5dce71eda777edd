package org.omniscribe.app.batch;

import java.util.function.Consumer;

/** Tells on standard error how a batch comes on. */
public interface BatchReport extends Consumer<BatchEvent>, AutoCloseable {
    /** Tells something that belongs to no recording. */
    void line(String text);

    /**
     * Tells what became of it all.
     *
     * @param already recordings that had been done before
     * @param where where the results are; empty if nowhere
     */
    void end(Summary summary, int already, String where);

    /** Seconds since the start. */
    double elapsed();

    @Override
    void close();
}
