package org.omniscribe.datasets;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Utterances as a user keeps them: a manifest, a Kaldi data folder, or a folder with a table of metadata.
 *
 * @param utterances at least one
 * @param warnings what is left out, in plain sentences
 */
public record UtteranceList(List<Utterance> utterances, List<String> warnings) {
    /** Copies the lists. */
    public UtteranceList {
        utterances = List.copyOf(utterances);
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads whatever is there. A folder may hold {@value Manifest#FILE_NAME}, {@value JsonlManifest#FILE_NAME}, Kaldi's
     * {@value KaldiFolder#RECORDINGS}, or {@code metadata.csv} or {@code metadata.jsonl} (also in a folder {@code test} in it);
     * a file is one of these, and by its name: {@code .jsonl} is a JSONL manifest, everything else a TSV manifest.
     *
     * @throws DatasetException naming all faults at once, or that there is nothing to read
     */
    public static UtteranceList read(Path path) {
        if (Files.isRegularFile(path.resolve(KaldiFolder.RECORDINGS))) {
            return KaldiFolder.read(path);
        }
        Optional<Path> file = Files.isDirectory(path) ? fileOf(path) : Optional.of(path);
        String name = file.map(f -> f.getFileName().toString()).orElse("");
        if (name.equals(KaldiFolder.RECORDINGS)) {
            return KaldiFolder.read(path.toAbsolutePath().getParent());
        }
        if (MetadataFolder.FILE_NAMES.contains(name)) {
            return MetadataFolder.read(file.get());
        }
        return name.endsWith(".jsonl")
                ? JsonlManifest.read(file.get())
                : new UtteranceList(Manifest.read(path), List.of());
    }

    private static Optional<Path> fileOf(Path folder) {
        return Stream.of(
                        Manifest.FILE_NAME,
                        JsonlManifest.FILE_NAME,
                        "metadata.csv",
                        "metadata.jsonl",
                        "test/metadata.csv",
                        "test/metadata.jsonl")
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
