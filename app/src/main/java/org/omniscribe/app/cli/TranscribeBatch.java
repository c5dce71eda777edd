package org.omniscribe.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.TranscriptFormat;
import org.omniscribe.asr.transcript.TranscriptWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transcribes recordings one after the other; what fails is told and left out. */
final class TranscribeBatch {
    /**
     * A recording and what is to be written of it.
     *
     * @param recording the audio file
     * @param outputs at least one
     */
    record Job(Path recording, List<Output> outputs) {}

    /**
     * A transcript in one format.
     *
     * @param format the format
     * @param file where to write it; null for standard output
     */
    record Output(TranscriptFormat format, Path file) {}

    private static final Logger LOG = LoggerFactory.getLogger(TranscribeBatch.class);

    private final Recognizer recognizer;
    private final Channel channel;
    private final PrintWriter out;
    private final PrintWriter err;

    TranscribeBatch(Recognizer recognizer, Channel channel, PrintWriter out, PrintWriter err) {
        this.recognizer = recognizer;
        this.channel = channel;
        this.out = out;
        this.err = err;
    }

    /**
     * Does all jobs.
     *
     * @return whether none failed
     * @throws ModelException if the model fails, which no other job would survive
     */
    boolean run(List<Job> jobs) {
        int columns = Progress.terminalColumns();
        int failed = 0;
        try (Progress progress = new Progress(err, columns, jobs.size(), columns == 0 ? 0 : seconds(jobs))) {
            for (Job job : jobs) {
                progress.begin();
                try {
                    transcribe(job, progress);
                } catch (ModelException e) {
                    throw e;
                } catch (AudioException e) {
                    failed++;
                    progress.line("omniscribe: " + e.getMessage());
                } catch (IOException | RuntimeException e) {
                    failed++;
                    LOG.info("{}", job.recording(), e);
                    progress.line("omniscribe: " + job.recording() + ": " + ExitCode.message(e));
                }
            }
            progress.line(summary(jobs.size(), failed, progress));
        }
        return failed == 0;
    }

    private void transcribe(Job job, Progress progress) throws IOException {
        double before = progress.elapsed();
        Transcript transcript = recognizer.transcribe(job.recording(), (done, total) -> progress.at(done));
        progress.end(transcript.duration());
        for (String warning : transcript.warnings()) {
            progress.line("omniscribe: " + job.recording() + ": " + warning);
        }
        for (Output output : job.outputs()) {
            if (output.file() == null) {
                progress.clear();
                TranscriptWriter.write(transcript, output.format(), out);
                out.flush();
            } else {
                AtomicFile.write(output.file(), writer -> TranscriptWriter.write(transcript, output.format(), writer));
            }
        }
        String files = job.outputs().stream()
                .filter(output -> output.file() != null)
                .map(output -> output.file().toString())
                .collect(Collectors.joining(", "));
        if (!files.isEmpty()) {
            progress.line(String.format(
                    Locale.ROOT,
                    "%s: %s, %d words -> %s",
                    job.recording(),
                    time(transcript.duration()),
                    transcript.words().size(),
                    files));
        }
    }

    private static String summary(int jobs, int failed, Progress progress) {
        return String.format(
                Locale.ROOT,
                "%s transcribed%s: %s of audio in %s, %s",
                jobs == 1 && failed == 0 ? "1 recording" : (jobs - failed) + " of " + jobs + " recordings",
                failed == 0 ? "" : ", " + failed + " failed",
                time(progress.finished()),
                time(progress.elapsed()),
                Progress.speed(progress.finished(), progress.elapsed()));
    }

    /** A duration for people: 4.9 s, 12:05 min, 1:02:03 h. */
    static String time(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d h", whole / 3600, whole / 60 % 60, whole % 60);
    }

    /** The length of the batch as far as its files say; one that cannot be read tells when its turn comes. */
    private double seconds(List<Job> jobs) {
        double seconds = 0;
        for (Job job : jobs) {
            try (AudioReader reader = AudioReader.open(job.recording(), channel)) {
                seconds += Double.isNaN(reader.seconds()) ? 0 : reader.seconds();
            } catch (AudioException e) {
                continue;
            }
        }
        return seconds;
    }
}
