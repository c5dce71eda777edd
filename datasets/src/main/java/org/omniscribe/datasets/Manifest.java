package org.omniscribe.datasets;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.TextFile;

/**
 * Reads {@code manifest.tsv}: UTF-8, one utterance a line, four columns with tabs between them.
 *
 * <pre>
 * audio               seconds  speaker  text
 * audio/1-2-0000.flac   15.63  1        HE TOOK A RESOLVE
 * </pre>
 *
 * <p>The audio path is relative to the folder of the manifest and is at the same time the utterance's id; an utterance
 * is the whole file, all channels mixed. Speaker and text may be empty. A first line with {@code seconds} in the second
 * column is a header. Blank lines are skipped.
 */
public final class Manifest {
    /** The file name looked for in a folder. */
    public static final String FILE_NAME = "manifest.tsv";

    private static final String REMEDY =
            "A line is: audio path (relative to the manifest), seconds, speaker, text, with tabs between them.";
    private static final int COLUMNS = 4;

    private Manifest() {}

    /**
     * Reads a manifest and checks that its audio is there.
     *
     * @param manifest the file, or the folder that holds it as {@value #FILE_NAME}
     * @return the utterances in the order of the file, at least one
     * @throws DatasetException naming all faults of the file at once: wrong columns, lengths that are no positive
     *     number, an audio file named twice or missing; or that there is nothing to read
     */
    public static List<Utterance> read(Path manifest) {
        Path file = Files.isDirectory(manifest) ? manifest.resolve(FILE_NAME) : manifest;
        List<String> lines = lines(file);
        Path folder = file.toAbsolutePath().getParent();
        List<Utterance> utterances = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank()) {
                continue;
            }
            String[] columns = line.split("\t", -1);
            if (i == 0 && columns.length > 1 && columns[1].strip().equalsIgnoreCase("seconds")) {
                continue;
            }
            String where = "line " + (i + 1) + ": ";
            if (columns.length != COLUMNS) {
                faults.add(where + columns.length + " columns instead of " + COLUMNS);
                continue;
            }
            int before = faults.size();
            String name = columns[0].strip();
            Integer first = seen.putIfAbsent(name, i + 1);
            if (first != null) {
                faults.add(where + name + " is already on line " + first);
            }
            Path audio = audio(folder, name, where, faults);
            double seconds = seconds(columns[1].strip(), where, faults);
            if (faults.size() == before) {
                utterances.add(Utterance.ofFile(name, audio, seconds, columns[2].strip(), columns[3].strip()));
            }
        }
        if (faults.isEmpty() && utterances.isEmpty()) {
            faults.add("no utterances");
        }
        if (!faults.isEmpty()) {
            throw new DatasetException(file.toString(), faults, REMEDY);
        }
        return List.copyOf(utterances);
    }

    private static List<String> lines(Path file) {
        try {
            return TextFile.lines(file);
        } catch (CharacterCodingException e) {
            throw new DatasetException(file.toString(), List.of(e.getMessage()), "Convert it to UTF-8.");
        } catch (IOException e) {
            String fault = Files.exists(file) ? "cannot be read (" + FailureText.reason(e) + ")" : "does not exist";
            throw new DatasetException(
                    file.toString(), List.of(fault), "Name a manifest, or a folder that holds a " + FILE_NAME + ".");
        }
    }

    private static Path audio(Path folder, String name, String where, List<String> faults) {
        if (name.isEmpty()) {
            faults.add(where + "no audio path");
            return folder;
        }
        try {
            Path audio = folder.resolve(name).normalize();
            if (!Files.isRegularFile(audio)) {
                faults.add(where + "audio file " + audio + " is missing");
            }
            return audio;
        } catch (InvalidPathException e) {
            faults.add(where + "audio path " + e.getMessage());
            return folder;
        }
    }

    private static double seconds(String text, String where, List<String> faults) {
        double seconds = Double.NaN;
        try {
            seconds = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            // NaN says it below, with every other number that is no length.
        }
        if (!(seconds > 0) || Double.isInfinite(seconds)) {
            faults.add(where + "seconds must be a positive number, not \"" + text + "\"");
        }
        return seconds;
    }
}
