package org.omniscribe.datasets.corpora;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.omniscribe.datasets.Corpus;
import org.omniscribe.datasets.Detection;

/** The ten benchmarks, and which of them a folder holds. */
public final class Corpora {
    /** Folders below the one that is searched. */
    private static final int DEPTH = 2;
    /** A folder with more entries holds audio, not corpora. */
    private static final int MAX_ENTRIES = 1000;

    private static final List<Corpus> ALL = List.of(
            new AmiIhm(),
            new Chime6(),
            new CommonVoice(),
            new Fleurs(),
            Hub5.CALL_HOME,
            Hub5.SWITCHBOARD,
            new LibriSpeech(),
            new Wsj(),
            new TedLium(),
            new VoxPopuli());

    private Corpora() {}

    /**
     * What became of the search for a corpus.
     *
     * @param corpus the corpus
     * @param detection present, or incomplete with the reason
     */
    public record Finding(Corpus corpus, Detection detection) {}

    /** All ten, in the order of the paper's tables. LibriSpeech has two test parts: ten corpora give eleven figures. */
    public static List<Corpus> all() {
        return ALL;
    }

    /** The corpus of a name. */
    public static Optional<Corpus> named(String name) {
        return ALL.stream().filter(c -> c.name().equalsIgnoreCase(name)).findFirst();
    }

    /**
     * Looks for the ten in a folder and in the folders two levels below.
     *
     * @param folder where to look
     * @return one finding a corpus, in the order of {@link #all()}: the first place where it is whole, or else why it is not
     */
    public static List<Finding> find(Path folder) {
        List<Path> folders = new ArrayList<>();
        collect(folder.toAbsolutePath().normalize(), DEPTH, folders);
        return ALL.stream()
                .map(corpus -> new Finding(corpus, find(corpus, folder, folders)))
                .toList();
    }

    private static Detection find(Corpus corpus, Path folder, List<Path> folders) {
        Detection.Incomplete incomplete = null;
        for (Path candidate : folders) {
            Detection detection = corpus.detect(candidate);
            if (detection instanceof Detection.Present) {
                return detection;
            }
            if (incomplete == null && detection instanceof Detection.Incomplete first) {
                incomplete = first;
            }
        }
        return incomplete != null
                ? incomplete
                : new Detection.Incomplete("not found in " + folder + ": no " + corpus.layout());
    }

    /** The folder and those below, nearer ones first within each branch, in the order of their names. */
    private static void collect(Path folder, int depth, List<Path> folders) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        folders.add(folder);
        if (depth == 0) {
            return;
        }
        List<Path> below = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            int count = 0;
            for (Path entry : entries) {
                if (++count > MAX_ENTRIES) {
                    return;
                }
                if (Files.isDirectory(entry)) {
                    below.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // A folder that may not be read holds no corpus for us; its name is in no result.
            return;
        }
        below.sort(null);
        below.forEach(b -> collect(b, depth - 1, folders));
    }
}
