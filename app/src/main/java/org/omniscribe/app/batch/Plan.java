package org.omniscribe.app.batch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.omniscribe.app.batch.AudioFiles.Input;
import org.omniscribe.app.batch.Job.Output;
import org.omniscribe.app.batch.Journal.Line;
import org.omniscribe.app.batch.Journal.Written;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.transcript.TranscriptFormat;

/**
 * What is to be done of a batch.
 *
 * @param jobs what is to be done, in the order of the recordings
 * @param already number of recordings that are done already
 * @param inTheWay outputs that are there, though not by this batch, and are not to be replaced
 * @param otherwise of these, whether they came from this program with another model or other options
 */
public record Plan(List<Job> jobs, int already, List<Path> inTheWay, boolean otherwise) {
    /** What to do where an output is there already. */
    public enum Existing {
        /** Nothing at all is done. */
        FAIL,
        /** It stays; what is missing is written. */
        SKIP,
        /** It is written anew. */
        REPLACE
    }

    /**
     * Plans a batch.
     *
     * <p>A recording is done if the journal says so, nothing that its transcript depends on has changed since, and its
     * outputs are there. Outputs that are to be written anew, as the recording has changed, are not in the way if the
     * journal knows them and nobody has changed them.
     *
     * @param inputs the recordings
     * @param formats what is wanted of each
     * @param folder where it is to be written; null for beside each recording
     * @param journal the memory of the batch, if it has one
     * @param settings hash of all that transcripts depend on, besides the recordings
     */
    public static Plan of(
            List<Input> inputs,
            List<TranscriptFormat> formats,
            Path folder,
            Existing existing,
            Optional<Journal> journal,
            String settings) {
        return of(inputs, formats, folder, Optional.empty(), existing, journal, settings);
    }

    /**
     * As {@link #of(List, List, Path, Existing, Optional, String)}, where the output may have a name of its own.
     *
     * @param file of the only recording in the only format; else empty
     */
    public static Plan of(
            List<Input> inputs,
            List<TranscriptFormat> formats,
            Path folder,
            Optional<Path> file,
            Existing existing,
            Optional<Journal> journal,
            String settings) {
        List<Input> open = new ArrayList<>();
        for (Input input : inputs) {
            boolean done = journal.flatMap(known -> known.find(input.path())
                            .filter(line -> isDone(known, line, Stamp.of(input.path()), formats, settings)))
                    .isPresent();
            if (!done) {
                open.add(input);
            }
        }
        List<Path> names = OutputNames.of(
                open, folder, (name, recording) -> journal.filter(known -> known.belongsToAnother(name, recording))
                        .isPresent());
        List<Job> jobs = new ArrayList<>();
        List<Path> inTheWay = new ArrayList<>();
        boolean otherwise = false;
        int already = inputs.size() - open.size();
        for (int i = 0; i < open.size(); i++) {
            Path recording = open.get(i).path();
            Optional<Line> line = journal.flatMap(known -> known.find(recording));
            Set<Path> own = journal.isPresent() && line.isPresent() ? untouched(journal.get(), line.get()) : Set.of();
            Stamp stamp = Stamp.of(recording);
            boolean sameSettings = line.map(l -> l.settings().equals(settings)).orElse(true);
            boolean current = sameSettings
                    && line.filter(l -> l.done() && l.stamp().equals(stamp)).isPresent();
            List<Output> outputs = new ArrayList<>();
            for (TranscriptFormat format : formats) {
                Path name = names.get(i);
                Path output = file.orElseGet(() -> name.resolveSibling(name.getFileName() + "." + format.extension()));
                boolean known = own.contains(output.toAbsolutePath().normalize());
                boolean foreign = Files.exists(output) && !(sameSettings && known);
                if (foreign && existing == Existing.FAIL) {
                    inTheWay.add(output);
                    otherwise |= !sameSettings;
                }
                boolean stays = foreign || known && current;
                if (!stays || existing != Existing.SKIP) {
                    outputs.add(new Output(format, output));
                }
            }
            if (outputs.isEmpty()) {
                already++;
            } else {
                jobs.add(new Job(recording, stamp, outputs));
            }
        }
        return new Plan(List.copyOf(jobs), already, inTheWay, otherwise);
    }

    private static boolean isDone(
            Journal journal, Line line, Stamp stamp, List<TranscriptFormat> formats, String settings) {
        Set<String> extensions = line.outputs().stream()
                .map(output -> output.file().substring(output.file().lastIndexOf('.') + 1))
                .collect(Collectors.toSet());
        return line.done()
                && line.settings().equals(settings)
                && line.stamp().equals(stamp)
                && formats.stream().map(TranscriptFormat::extension).allMatch(extensions::contains)
                && line.outputs().stream().allMatch(output -> Files.exists(journal.path(output)));
    }

    /** The outputs of a line that are still as they were written. */
    private static Set<Path> untouched(Journal journal, Line line) {
        Set<Path> own = new HashSet<>();
        for (Written output : line.outputs()) {
            Path file = journal.path(output).normalize();
            if (AtomicFile.holds(file, output.sha256())) {
                own.add(file);
            }
        }
        return own;
    }
}
