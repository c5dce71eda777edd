package org.omniscribe.app.batch;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.omniscribe.app.batch.Job.Output;
import org.omniscribe.app.life.OutputException;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.AtomicFile.Pending;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.TranscriptWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the jobs of a batch on several threads, which share one recognizer; what fails is told and left out.
 *
 * <p>Every thread works on one recording at a time, and nothing of a recording is kept when it is done: memory depends on
 * the number of threads, and not on that of the recordings. A recording that breaks a limit is abandoned: its thread is left
 * to itself, as Java cannot end one, may write nothing any more, and another takes over.
 *
 * <p>A batch runs once.
 */
public final class Batch {
    private static final Logger LOG = LoggerFactory.getLogger(Batch.class);
    private static final long MIN_FREE_BYTES = 1 << 20;
    private static final long STOPPING_MILLIS = 50;
    private static final Duration MAX_WATCH = Duration.ofSeconds(1);

    private enum State {
        READING,
        WRITING,
        ABANDONED
    }

    /** A recording is not worked on any more; whoever abandoned it has told why. */
    private static final class Abandoned extends RuntimeException {
        Abandoned() {
            super("abandoned", null, false, false);
        }
    }

    /** A recording broke a limit that its own thread has found. */
    private static final class TooLong extends RuntimeException {
        TooLong(double seconds, double limit) {
            super(
                    "has " + Math.round(seconds) + " s, more than the " + Math.round(limit)
                            + " s that --max-seconds allows",
                    null,
                    false,
                    false);
        }
    }

    /** A job on its way. */
    private final class Running {
        final int index;
        final Job job;
        final Thread thread = Thread.currentThread();
        final long begun = System.nanoTime();
        final long allocated = allocated(thread);
        volatile State state = State.READING;
        volatile long heard = begun;

        Running(int index, Job job) {
            this.index = index;
            this.job = job;
        }

        /** The thread says that it comes on. */
        void at(double seconds, double total) {
            heard = System.nanoTime();
            synchronized (lock) {
                if (state == State.ABANDONED) {
                    throw new Abandoned();
                }
                tell(new BatchEvent.Reached(index, job, seconds, total));
            }
            checkLength(seconds);
        }

        void checkLength(double seconds) {
            if (seconds > settings.limits.longest()) {
                throw new TooLong(seconds, settings.limits.longest());
            }
        }
    }

    private final BatchSettings settings;
    private final List<Job> jobs;
    private final Consumer<BatchEvent> listener;
    private final Object lock = new Object();
    private final Set<Running> running = new HashSet<>();
    private final boolean[] ended;
    private int oldest;
    private int next;
    private int left;
    private boolean abandoned;
    private boolean stopping;
    private long stopBy;
    private long heapBefore;
    private long heapBase;
    private RuntimeException fatal;
    private Error fatalError;

    /**
     * Prepares a batch.
     *
     * @param jobs what to do
     * @param listener hears what happens, in the order in which it happens
     */
    public Batch(BatchSettings settings, List<Job> jobs, Consumer<BatchEvent> listener) {
        this.settings = settings;
        this.jobs = jobs;
        this.listener = listener;
        this.ended = new boolean[jobs.size()];
        this.left = jobs.size();
    }

    /**
     * Does all jobs.
     *
     * @return whether all threads came to an end; if not, the recognizer must not be closed, as one of them may be in it
     * @throws ModelException if the model fails, which no other recording would survive
     * @throws BatchException if the disk is full or the journal cannot be written
     */
    public boolean run() {
        if (settings.limits.memory() < Long.MAX_VALUE) {
            // What nobody needs any more would be held in favour of the first recordings.
            System.gc();
        }
        heapBefore = heapInUse();
        heapBase = heapBefore;
        synchronized (lock) {
            for (int i = 0; i < Math.min(settings.workers, jobs.size()); i++) {
                start();
            }
            while (!(left == 0 || ending() && running.isEmpty())) {
                await(interval());
                watch();
            }
        }
        if (fatal != null) {
            throw fatal;
        }
        if (fatalError != null) {
            throw fatalError;
        }
        return !abandoned;
    }

    /**
     * Begins no more recordings. Those that are worked on come to their end within a time, or are left to themselves: nothing
     * is written or said of them any more.
     */
    public void stop(Duration grace) {
        synchronized (lock) {
            stopping = true;
            stopBy = System.nanoTime() + grace.toNanos();
            lock.notifyAll();
        }
    }

    private boolean ending() {
        return failed() || stopping;
    }

    private boolean failed() {
        return fatal != null || fatalError != null;
    }

    private void await(long millis) {
        try {
            lock.wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fatal = new BatchException("interrupted; what is done is kept", e);
        }
    }

    private void start() {
        Thread thread = new Thread(this::work, "transcription");
        thread.setDaemon(true);
        thread.start();
    }

    private void work() {
        Running job;
        while ((job = take()) != null) {
            try {
                transcribe(job);
            } catch (Abandoned e) {
                LOG.info("{} was abandoned and ended later", job.job.recording());
            } catch (ModelException | BatchException e) {
                stop(job, () -> fatal = e);
            } catch (OutOfMemoryError e) {
                fail(job, new Failure(Failure.Kind.MEMORY, message(job, e)));
            } catch (TooLong e) {
                fail(job, new Failure(Failure.Kind.TOO_LONG, job.job.recording() + ": " + e.getMessage()));
            } catch (AudioException e) {
                fail(job, new Failure(Failure.Kind.UNREADABLE, e.getMessage()));
            } catch (RuntimeException | StackOverflowError e) {
                LOG.info("{}", job.job.recording(), e);
                fail(job, new Failure(Failure.Kind.UNEXPECTED, message(job, e)));
            } catch (Error e) {
                stop(job, () -> fatalError = e);
            }
            if (job.state == State.ABANDONED) {
                return;
            }
        }
    }

    private String message(Running job, Throwable e) {
        return job.job.recording() + ": " + FailureText.of(e);
    }

    private Running take() {
        synchronized (lock) {
            while (!ending() && next < jobs.size() && next - oldest >= settings.ahead) {
                await(0);
            }
            if (ending() || next == jobs.size()) {
                return null;
            }
            Running job = new Running(next, jobs.get(next));
            next++;
            running.add(job);
            tell(new BatchEvent.Begun(job.index, job.job));
            return job;
        }
    }

    /** Called with the lock. Where nobody can be told any more, nothing more is done. */
    private void tell(BatchEvent event) {
        if (fatal instanceof OutputException) {
            return;
        }
        try {
            listener.accept(event);
        } catch (OutputException e) {
            fatal = e;
            stop(Duration.ZERO);
        }
    }

    private void end(Running job, BatchEvent event) {
        running.remove(job);
        ended[job.index] = true;
        while (oldest < ended.length && ended[oldest]) {
            oldest++;
        }
        left--;
        tell(event);
        lock.notifyAll();
    }

    private void stop(Running job, Runnable reason) {
        synchronized (lock) {
            if (job.state != State.ABANDONED) {
                reason.run();
                running.remove(job);
                lock.notifyAll();
            }
        }
    }

    private void fail(Running job, Failure failure) {
        synchronized (lock) {
            if (job.state == State.ABANDONED || failed()) {
                running.remove(job);
                lock.notifyAll();
                return;
            }
            try {
                settings.journal.ifPresent(
                        journal -> journal.failed(job.job, settings.hash, Result.failed(job.job, failure)));
            } catch (BatchException e) {
                fatal = e;
            }
            end(job, new BatchEvent.Failed(job.index, job.job, failure));
        }
    }

    private void transcribe(Running running) {
        Job job = running.job;
        Output first = job.outputs().get(0);
        if (first.file() != null) {
            job.outputs().forEach(output -> AtomicFile.discard(AtomicFile.part(output.file())));
        }
        Transcript transcript;
        try (AudioReader reader = AudioReader.open(job.recording(), settings.channel)) {
            running.checkLength(reader.seconds());
            transcript = settings.recognizer.transcribe(reader, job.recording().toString(), running::at);
        }
        if (!Stamp.of(job.recording()).equals(job.stamp())) {
            fail(
                    running,
                    new Failure(
                            Failure.Kind.CHANGED,
                            job.recording() + ": was changed while it was read; start again when it is complete"));
            return;
        }
        synchronized (lock) {
            if (running.state == State.ABANDONED) {
                throw new Abandoned();
            }
            running.state = State.WRITING;
        }
        Optional<String> text = Optional.empty();
        if (first.file() == null) {
            text = Optional.of(TranscriptWriter.format(transcript, first.format()));
        } else {
            try {
                write(job, transcript);
            } catch (IOException e) {
                notWritten(running, e);
                return;
            }
        }
        synchronized (lock) {
            end(
                    running,
                    new BatchEvent.Done(
                            running.index,
                            job,
                            transcript.duration(),
                            transcript.words().size(),
                            transcript.warnings(),
                            text));
        }
    }

    private void write(Job job, Transcript transcript) throws IOException {
        List<Pending> pending = new ArrayList<>();
        try {
            for (Output output : job.outputs()) {
                pending.add(AtomicFile.prepare(
                        output.file(), writer -> TranscriptWriter.write(transcript, output.format(), writer)));
            }
            if (settings.journal.isPresent()) {
                settings.journal.get().done(job, settings.hash, pending, Result.done(job, transcript));
            } else {
                for (Pending output : pending) {
                    output.commit();
                }
            }
        } finally {
            pending.forEach(Pending::close);
        }
    }

    /** A full disk ends the batch, as all that follows would be transcribed in vain; else only this one has failed. */
    private void notWritten(Running running, IOException e) {
        Path file = running.job.outputs().get(0).file().toAbsolutePath();
        LOG.info("{}", running.job.recording(), e);
        // A file system may also be out of inodes, and has room then that is of no use.
        if (usableSpace(file.getParent()) < MIN_FREE_BYTES
                || String.valueOf(e.getMessage()).contains("No space left")) {
            throw new BatchException(
                    "the disk of " + file.getParent() + " is full (" + Journal.reason(e)
                            + "). What is done is kept: make room and start again",
                    e);
        }
        fail(running, new Failure(Failure.Kind.NOT_WRITTEN, message(running, e)));
    }

    private static long usableSpace(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            LOG.debug("the free space of {} is not known", folder, e);
            return Long.MAX_VALUE;
        }
    }

    private long interval() {
        if (stopping) {
            return STOPPING_MILLIS;
        }
        Duration shortest = settings.limits.time().orElse(MAX_WATCH).dividedBy(8);
        return Math.max(1, Math.min(shortest.toMillis(), MAX_WATCH.toMillis()));
    }

    /** Abandons what breaks a limit; called with the lock. */
    private void watch() {
        long now = System.nanoTime();
        if (stopping && now - stopBy >= 0) {
            leave();
        }
        for (Running job : List.copyOf(running)) {
            Optional<Duration> time = settings.limits.time();
            if (job.state != State.READING) {
                continue;
            }
            if (time.isPresent() && now - job.begun > time.get().toNanos()) {
                abandon(
                        job,
                        Failure.Kind.STUCK,
                        "took longer than the " + seconds(time.get()) + " that --max-time allows");
            } else if (now - job.heard > settings.limits.silence().toNanos()) {
                abandon(job, Failure.Kind.STUCK, "came no further for " + seconds(settings.limits.silence()));
            }
        }
        if (settings.limits.memory() < Long.MAX_VALUE) {
            watchMemory();
        }
    }

    /** Leaves what is still being read to itself. */
    private void leave() {
        for (Running job : List.copyOf(running)) {
            if (job.state == State.READING) {
                job.state = State.ABANDONED;
                running.remove(job);
                abandoned = true;
                job.thread.interrupt();
            }
        }
    }

    private void watchMemory() {
        long allowed = settings.limits.memory() * Math.max(1, running.size());
        if (heapInUse() - heapBase <= allowed) {
            return;
        }
        System.gc();
        long used = heapInUse();
        heapBase = Math.max(heapBefore, Math.min(heapBase, used));
        if (used - heapBase <= allowed) {
            return;
        }
        // All threads run the same code; the one that needs most memory is the one that asked for most.
        running.stream()
                .filter(job -> job.state == State.READING)
                .max(Comparator.comparingLong(job -> allocated(job.thread) - job.allocated))
                .ifPresent(job -> abandon(
                        job,
                        Failure.Kind.MEMORY,
                        "needs more than the " + (settings.limits.memory() >> 20) + " MB that --max-memory allows"));
        // Until its thread lets go of it, what it holds is not held against the others.
        heapBase = used;
    }

    private void abandon(Running job, Failure.Kind kind, String reason) {
        fail(job, new Failure(kind, job.job.recording() + ": " + reason + ", and was abandoned"));
        job.state = State.ABANDONED;
        abandoned = true;
        job.thread.interrupt();
        if (!ending() && next < jobs.size()) {
            start();
        }
    }

    private static String seconds(Duration time) {
        return new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT))
                        .format(time.toMillis() / 1000.0)
                + " s";
    }

    private static long allocated(Thread thread) {
        return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                ? threads.getThreadAllocatedBytes(thread.getId())
                : 0;
    }

    private static long heapInUse() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
