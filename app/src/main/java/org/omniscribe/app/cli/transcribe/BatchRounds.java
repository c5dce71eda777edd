package org.omniscribe.app.cli.transcribe;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.omniscribe.app.batch.AudioFiles.Input;
import org.omniscribe.app.batch.Batch;
import org.omniscribe.app.batch.BatchException;
import org.omniscribe.app.batch.BatchJson;
import org.omniscribe.app.batch.BatchReport;
import org.omniscribe.app.batch.BatchSettings;
import org.omniscribe.app.batch.BatchText;
import org.omniscribe.app.batch.Job;
import org.omniscribe.app.batch.Journal;
import org.omniscribe.app.batch.Plan;
import org.omniscribe.app.batch.Results;
import org.omniscribe.app.batch.Results.Totals;
import org.omniscribe.app.batch.Summary;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.app.life.Life;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.asr.io.OmniscribeException.Kind;
import org.omniscribe.asr.transcript.TranscriptFormat;

/** Plans batches, does them and tells what became of them, with one recognizer and one journal. */
final class BatchRounds {
    /** How far transcripts for standard output may be ahead of the one whose turn it is, for each thread. */
    private static final int AHEAD = 64;

    /** How long recordings are still worked on after a signal. */
    private static final Duration LAST = Duration.ofSeconds(5);

    /** How long the program then has to write its results. */
    private static final Duration GRACE = LAST.plusSeconds(15);

    private final Recognizer recognizer;
    private final BatchOptions options;
    private final Channel channel;
    private final List<TranscriptFormat> formats;
    private final Plan.Existing existing;
    private final Optional<Path> folder;
    private final Optional<Path> home;
    private final Optional<Journal> journal;
    private final String settings;
    private final int workers;
    private final PrintWriter out;
    private final PrintWriter err;
    private boolean threadsEnded = true;
    private Optional<Path> file = Optional.empty();

    /**
     * Prepares rounds.
     *
     * @param folder where outputs go; empty for beside each recording
     * @param home where the journal and the results are, if anywhere
     * @param settings hash of all that transcripts depend on, besides the recordings
     */
    BatchRounds(
            Recognizer recognizer,
            BatchOptions options,
            Channel channel,
            List<TranscriptFormat> formats,
            Plan.Existing existing,
            Optional<Path> folder,
            Optional<Path> home,
            Optional<Journal> journal,
            String settings,
            int workers,
            PrintWriter out,
            PrintWriter err) {
        this.recognizer = recognizer;
        this.options = options;
        this.channel = channel;
        this.formats = formats;
        this.existing = existing;
        this.folder = folder;
        this.home = home;
        this.journal = journal;
        this.settings = settings;
        this.workers = workers;
        this.out = out;
        this.err = err;
    }

    /** Writes the only transcript to this file. */
    void to(Optional<Path> only) {
        file = only;
    }

    /** Whether all threads have come to an end, so that the recognizer can be closed. */
    boolean threadsEnded() {
        return threadsEnded;
    }

    /**
     * Transcribes to standard output.
     *
     * @return whether none failed
     */
    boolean toStandardOutput(List<Input> inputs) {
        return run(
                inputs.stream()
                        .map(input -> Job.toStandardOutput(input.path(), formats.get(0)))
                        .toList(),
                List.of(),
                0);
    }

    /**
     * Transcribes to files what is not done yet.
     *
     * @return whether none failed
     * @throws CommandException if outputs are in the way; then nothing was done
     */
    boolean toFiles(List<Input> inputs) {
        Plan plan = Plan.of(inputs, formats, folder.orElse(null), file, existing, journal, settings);
        if (!plan.inTheWay().isEmpty()) {
            throw new CommandException(Kind.USAGE, inTheWay(plan));
        }
        if (plan.jobs().isEmpty()) {
            err.println("omniscribe: all " + plan.already() + " recordings are transcribed already");
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
        BatchSettings batch =
                new BatchSettings(recognizer).channel(channel).workers(workers).limits(options.limits());
        journal.ifPresent(known -> batch.journal(known, settings));
        if (home.isEmpty()) {
            batch.ahead(AHEAD * workers);
        }
        try (BatchReport report = report(jobs, already)) {
            RuntimeException failure = null;
            try {
                Batch work = new Batch(batch, jobs, event -> {
                    summary.add(event);
                    report.accept(event);
                });
                threadsEnded &= Life.during(GRACE, () -> stop(work), work::run);
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            } finally {
                writeResults(recordings, Totals.of(summary, already, report.elapsed(), home.orElse(null)), failure);
            }
            if (!jobs.isEmpty() || options.json()) {
                report.end(
                        summary,
                        already,
                        home.map(path -> path.resolve(Results.LINES).toString()).orElse(""));
            }
        }
        return summary.failed() == 0;
    }

    private void stop(Batch work) {
        err.println("omniscribe: a signal: no more recordings are begun, and those at work have " + LAST.toSeconds()
                + " s; a second signal ends at once");
        err.flush();
        work.stop(LAST);
    }

    /** Also after a failure, of which there is then more to tell than that the results cannot be written either. */
    private void writeResults(List<Path> recordings, Totals totals, RuntimeException failure) {
        try {
            journal.ifPresent(known -> Results.write(home.get(), known, recordings, totals));
        } catch (BatchException e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
    }

    private BatchReport report(List<Job> jobs, int already) {
        return options.json()
                ? new BatchJson(out, err, jobs.size(), already, workers)
                : new BatchText(out, err, jobs, channel);
    }
}
