package org.omniscribe.app.batch;

import java.util.List;
import java.util.Optional;

/** What happens in a batch; events come from several threads, but one at a time. */
public sealed interface BatchEvent {
    /** Number of the job in the batch, from 0. */
    int index();

    /** The job. */
    Job job();

    /** A recording begins. */
    record Begun(int index, Job job) implements BatchEvent {}

    /**
     * A recording has come to a time.
     *
     * @param seconds seconds of audio that are transcribed
     * @param total seconds of the whole recording as far as its header tells, NaN if it does not
     */
    record Reached(int index, Job job, double seconds, double total) implements BatchEvent {}

    /**
     * A recording is done.
     *
     * @param seconds its length
     * @param words how many words are in it
     * @param warnings what was wrong with it, in sentences
     * @param text its transcript, if that goes to standard output
     */
    record Done(int index, Job job, double seconds, int words, List<String> warnings, Optional<String> text)
            implements BatchEvent {}

    /** A recording failed; nothing was written of it. */
    record Failed(int index, Job job, Failure failure) implements BatchEvent {}

    /** Whether nothing more will be told of the job. */
    default boolean last() {
        return this instanceof Done || this instanceof Failed;
    }
}
