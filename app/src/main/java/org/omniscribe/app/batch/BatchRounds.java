package org.omniscribe.app.batch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.omniscribe.app.batch.AudioFiles.Input;
import org.omniscribe.app.batch.Results.Totals;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.app.life.Life;
import org.omniscribe.asr.io.OmniscribeException.Kind;
import org.omniscribe.asr.transcript.TranscriptFormat;

/** Plans batches, does them and reports what became of them, with one recognizer and one journal. */
public final class BatchRounds {
    /** How long recordings are still worked on after a signal. */
    private static final Duration LAST = Duration.ofSeconds(5);

    /** How long the program then has to write its results. */
    private static final Duration GRACE = LAST.plusSeconds(15);

    private final BatchSettings batch;
    private final Outputs outputs;
    private final Memory memory;
    private final Reports reports;
    private boolean threadsEnded = true;

    /**
     * What is written of each recording.
     *
     * @param formats at least one
     * @param existing what to do where an output is there already
     * @param folder where outputs go; empty for beside each recording
     * @param file the file for the only transcript, if it has a name of its own
     */
    public record Outputs(
            List<TranscriptFormat> formats, Plan.Existing existing, Optional<Path> folder, Optional<Path> file) {}

    /**
     * What is remembered for the next start.
     *
     * @param home where the journal and the results are, if anywhere
     * @param journal what is done; there if there is a home
     * @param settings hash of all that transcripts depend on, besides the recordings
     */
    public record Memory(Optional<Path> home, Optional<Journal> journal, String settings) {}

    /** Begins the report of a round. */
    @FunctionalInterface
    public interface Reports {
        /**
         * A report to be closed by the caller.
         *
         * @param jobs what is to be done
         * @param already recordings that had been done before
         */
        BatchReport begin(List<Job> jobs, int already);
    }

    /**
     * Prepares rounds.
     *
     * @param batch what each round works with; it gets the journal
     */
    public BatchRounds(BatchSettings batch, Outputs outputs, Memory memory, Reports reports) {
        this.batch = batch;
        this.outputs = outputs;
        this.memory = memory;
        this.reports = reports;
        memory.journal().ifPresent(known -> batch.journal(known, memory.settings()));
    }

    /** Whether all threads have come to an end, so that the recognizer can be closed. */
    public boolean threadsEnded() {
        return threadsEnded;
    }

    /**
     * Transcribes to standard output.
     *
     * @return whether none failed
     */
    public boolean toStandardOutput(List<Input> inputs) {
        List<Job> jobs = inputs.stream()
                .map(input ->
                        Job.toStandardOutput(input.path(), outputs.formats().get(0)))
                .toList();
        return run(jobs, List.of(), 0);
    }

    /**
     * Transcribes to files what is not done yet.
     *
     * @return whether none failed
     * @throws CommandException if outputs are in the way; then nothing was done
     */
    public boolean toFiles(List<Input> inputs) {
        Plan plan = Plan.of(
                inputs,
                outputs.formats(),
                outputs.folder().orElse(null),
                outputs.file(),
                outputs.existing(),
                memory.journal(),
                memory.settings());
        if (!plan.inTheWay().isEmpty()) {
            throw new CommandException(Kind.USAGE, inTheWay(plan));
        }
        return run(plan.jobs(), inputs.stream().map(Input::path).toList(), plan.already());
    }

    private static String inTheWay(Plan plan) {
        Path first = plan.inTheWay().get(0);
        int more = plan.inTheWay().size() - 1;
        return (more == 0 ? first + " is" : first + " and " + more + " more outputs are") + " there already"
                + (plan.otherwise() ? ", made with another model or other options" : "")
                + "; nothing was done. Say --existing skip or --existing replace, or name another folder after -o";
    }

    private boolean run(List<Job> jobs, List<Path> recordings, int already) {
        Summary summary = new Summary();
        try (BatchReport report = reports.begin(jobs, already)) {
            if (jobs.isEmpty() && !recordings.isEmpty()) {
                report.line("all " + already + " recordings are transcribed already");
            }
            RuntimeException failure = null;
            try {
                Batch work = new Batch(batch, jobs, event -> {
                    summary.add(event);
                    report.accept(event);
                });
                threadsEnded &= Life.during(GRACE, () -> stop(work, report), work::run);
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            } finally {
                Path home = memory.home().orElse(null);
                writeResults(recordings, Totals.of(summary, already, report.elapsed(), home), failure);
            }
            report.end(
                    summary,
                    already,
                    memory.home()
                            .map(path -> path.resolve(Results.LINES).toString())
                            .orElse(""));
        }
        return summary.failed() == 0;
    }

    private static void stop(Batch work, BatchReport report) {
        report.line("a signal: no more recordings are begun, and those at work have " + LAST.toSeconds()
                + " s; a second signal ends at once");
        work.stop(LAST);
    }

    /** Also after a failure, of which there is then more to tell than that the results cannot be written either. */
    private void writeResults(List<Path> recordings, Totals totals, RuntimeException failure) {
        try {
            memory.journal().ifPresent(known -> Results.write(memory.home().orElseThrow(), known, recordings, totals));
        } catch (BatchException e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
    }
}
