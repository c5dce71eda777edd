package org.omniscribe.app.batch;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.omniscribe.app.command.Progress;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.asr.io.TextFile;

/**
 * Tells people of a batch: a line for every recording, in the order of the recordings, whichever is done first; and
 * transcripts for standard output in the same order.
 */
public final class BatchText implements BatchReport {
    /** Recordings that are opened to guess how long a batch is. */
    private static final int SAMPLE = 1000;

    private final PrintWriter out;
    private final Progress progress;
    private final boolean idle;
    private final InOrder ended = new InOrder(this::tell);
    private final Map<Integer, Double> reached = new TreeMap<>();

    public BatchText(PrintWriter out, PrintWriter err, List<Job> jobs, Channel channel) {
        this.out = out;
        this.idle = jobs.isEmpty();
        int columns = Progress.terminalColumns();
        this.progress = new Progress(err, columns, jobs.size(), columns == 0 ? 0 : seconds(jobs, channel));
    }

    @Override
    public void accept(BatchEvent event) {
        if (event instanceof BatchEvent.Begun) {
            progress.begin();
        } else if (event instanceof BatchEvent.Reached at) {
            reached.put(at.index(), at.seconds());
        } else {
            reached.remove(event.index());
            progress.end(event instanceof BatchEvent.Done done ? done.seconds() : 0);
        }
        progress.at(reached.values().stream().mapToDouble(Double::doubleValue).sum());
        ended.accept(event);
    }

    private void tell(BatchEvent event) {
        if (event instanceof BatchEvent.Failed failed) {
            progress.line("omniscribe: " + TextFile.shown(failed.failure().message()));
        } else if (event instanceof BatchEvent.Done done) {
            done.warnings()
                    .forEach(warning -> progress.line(
                            "omniscribe: " + TextFile.shown(done.job().recording() + ": " + warning)));
            if (done.text().isPresent()) {
                progress.clear();
                out.print(done.text().get());
                out.flush();
            } else {
                progress.line(String.format(
                        Locale.ROOT,
                        "%s: %s, %d words -> %s",
                        TextFile.shown(done.job().recording().toString()),
                        time(done.seconds()),
                        done.words(),
                        done.job().outputs().stream()
                                .map(output -> TextFile.shown(output.file().toString()))
                                .collect(Collectors.joining(", "))));
            }
        }
    }

    @Override
    public void end(Summary summary, int already, String where) {
        ended.rest();
        if (idle) {
            return;
        }
        int done = summary.done();
        int all = done + summary.failed();
        progress.line(String.format(
                Locale.ROOT,
                "%s transcribed%s%s: %s of audio in %s, %s",
                all == 1 && done == 1 ? "1 recording" : done + " of " + all + " recordings",
                summary.failed() == 0 ? "" : ", " + summary.failed() + " failed (" + kinds(summary) + ")",
                already == 0 ? "" : ", " + already + " already done before",
                time(summary.audioSeconds()),
                time(progress.elapsed()),
                Progress.speed(summary.audioSeconds(), progress.elapsed())));
        if (!where.isEmpty()) {
            progress.line("results: " + where);
        }
    }

    private static String kinds(Summary summary) {
        return Arrays.stream(Failure.Kind.values())
                .filter(summary.failures()::containsKey)
                .map(kind -> summary.failures().get(kind) + " " + words(kind))
                .collect(Collectors.joining(", "));
    }

    private static String words(Failure.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    @Override
    public double elapsed() {
        return progress.elapsed();
    }

    @Override
    public void line(String text) {
        progress.line("omniscribe: " + text);
    }

    @Override
    public void close() {
        progress.close();
    }

    /** A duration for people: 4.9 s, 12:05 min, 1:02:03 h. */
    public static String time(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d h", whole / 3600, whole / 60 % 60, whole % 60);
    }

    /** The length of the batch as far as its files say, guessed from some of them where there are many. */
    private static double seconds(List<Job> jobs, Channel channel) {
        int stride = Math.max(1, jobs.size() / SAMPLE);
        double seconds = 0;
        for (int i = 0; i < jobs.size(); i += stride) {
            try (AudioReader reader = AudioReader.open(jobs.get(i).recording(), channel)) {
                seconds += Double.isNaN(reader.seconds()) ? 0 : reader.seconds();
            } catch (AudioException e) {
                // It has nothing to add; its fault is told when its turn comes.
                continue;
            }
        }
        return seconds * stride;
    }
}
