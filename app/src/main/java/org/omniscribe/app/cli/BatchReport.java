package org.omniscribe.app.cli;

import java.util.function.Consumer;
import org.omniscribe.app.batch.BatchEvent;
import org.omniscribe.app.batch.Summary;

/** Tells on standard error how a batch comes on. */
interface BatchReport extends Consumer<BatchEvent>, AutoCloseable {
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
