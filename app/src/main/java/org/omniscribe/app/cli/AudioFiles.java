package org.omniscribe.app.cli;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The recordings that a command line names: files as they are, folders with all audio files in and below them.
 *
 * @param inputs each recording once, files in the order given, those of a folder in the order of their paths
 * @param failures folders that could not be listed, with the reason
 */
record AudioFiles(List<Input> inputs, Map<Path, String> failures) {
    /** Extensions of audio files; only in folders does the name of a file decide, all else goes by content. */
    private static final Set<String> EXTENSIONS = Set.of(
            "aif", "aifc", "aiff", "au", "flac", "mp3", "nist", "oga", "ogg", "opus", "rf64", "snd", "sph", "wav",
            "wave");

    /**
     * A recording.
     *
     * @param path where it is
     * @param folder the folder that was named on the command line and holds it; its parent if it was named itself
     */
    record Input(Path path, Path folder) {}

    /**
     * Looks for recordings.
     *
     * @param named files and folders; a file that does not exist is taken as it is, for its reader to complain of
     */
    static AudioFiles find(List<Path> named) {
        List<Input> inputs = new ArrayList<>();
        Map<Path, String> failures = new LinkedHashMap<>();
        for (Path path : named) {
            if (Files.isDirectory(path)) {
                walk(path, inputs, failures);
            } else {
                inputs.add(new Input(path, path.toAbsolutePath().getParent()));
            }
        }
        Set<Path> seen = new HashSet<>();
        inputs.removeIf(input -> !seen.add(identity(input.path())));
        return new AudioFiles(List.copyOf(inputs), failures);
    }

    private static void walk(Path folder, List<Input> inputs, Map<Path, String> failures) {
        List<Path> found = new ArrayList<>();
        SimpleFileVisitor<Path> visitor = new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return !directory.equals(folder) && hidden(directory)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !hidden(file) && EXTENSIONS.contains(extension(file))) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                // What a link leads back to is in the list already.
                if (!(e instanceof FileSystemLoopException)) {
                    failures.put(file, "cannot be read (" + e.getClass().getSimpleName() + ")");
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) {
                if (e != null) {
                    failures.put(directory, "cannot be read to its end (" + e.getMessage() + ")");
                }
                return FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
        } catch (IOException e) {
            failures.put(folder, "cannot be read (" + e.getMessage() + ")");
        }
        found.sort(Comparator.naturalOrder());
        found.forEach(file -> inputs.add(new Input(file, folder)));
    }

    private static boolean hidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private static String extension(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** The same for two names of one file. */
    private static Path identity(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize();
        }
    }
}
