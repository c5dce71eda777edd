package org.omniscribe.app.batch;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
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
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The recordings that a command line names: files as they are, folders with all audio files in and below them, and patterns
 * with what they match.
 *
 * @param inputs each recording once, files in the order given, those of a folder in the order of their paths
 * @param failures folders that could not be listed, with the reason
 */
public record AudioFiles(List<Input> inputs, Map<Path, String> failures) {
    /** Extensions of audio files; only in folders does the name of a file decide, all else goes by content. */
    private static final Set<String> EXTENSIONS = Set.of(
            "aif", "aifc", "aiff", "au", "flac", "mp3", "nist", "oga", "ogg", "opus", "rf64", "snd", "sph", "wav",
            "wave");

    private static final Pattern PATTERN = Pattern.compile("[*?\\[{]");

    /**
     * A recording.
     *
     * @param path where it is
     * @param folder the folder that was named on the command line and holds it; its parent if it was named itself
     */
    public record Input(Path path, Path folder) {}

    /**
     * Looks for recordings.
     *
     * @param named files, folders, and patterns such as {@code talks/&#42;&#42;/&#42;.mp3} for shells that do not expand them; a
     *     file that does not exist is taken as it is, for its reader to complain of
     * @param recursive whether also what is below the folders is looked for
     */
    public static AudioFiles find(List<Path> named, boolean recursive) {
        List<Input> inputs = new ArrayList<>();
        Map<Path, String> failures = new LinkedHashMap<>();
        for (Path given : named) {
            Path path = present(given);
            if (Files.isDirectory(path)) {
                walk(
                        path,
                        recursive ? Integer.MAX_VALUE : 1,
                        file -> looksLikeAudio(file.getFileName().toString()),
                        inputs,
                        failures);
            } else if (PATTERN.matcher(path.toString()).find() && !Files.exists(path)) {
                matches(path, inputs, failures);
            } else {
                inputs.add(new Input(path, path.toAbsolutePath().getParent()));
            }
        }
        Set<Path> seen = new HashSet<>();
        inputs.removeIf(input -> !seen.add(identity(input.path())));
        return new AudioFiles(List.copyOf(inputs), failures);
    }

    /**
     * The file that is meant by a name from the command line, where the name is no text in the encoding of file names: Java
     * has a mark in place of such bytes, and what is in the folder looks the same.
     */
    private static Path present(Path path) {
        if (path.toString().indexOf('\ufffd') < 0 || Files.exists(path) || path.getFileName() == null) {
            return path;
        }
        Path folder = path.toAbsolutePath().getParent();
        List<Path> same = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (entry.getFileName().toString().equals(path.getFileName().toString())) {
                    same.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return path;
        }
        return same.size() == 1 ? same.get(0) : path;
    }

    /** Whether a recording can be read once only, and has no folder of its own: a pipe, or standard input. */
    public static boolean isStream(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    /** Whether this path itself is the only recording, and neither a folder nor a pattern. */
    public boolean names(Path path) {
        return inputs.size() == 1 && inputs.get(0).path().equals(present(path));
    }

    /** What a pattern matches, hidden files left out; the folder of the inputs is the part of it without a pattern. */
    private static void matches(Path pattern, List<Input> inputs, Map<Path, String> failures) {
        int fixed = 0;
        while (!PATTERN.matcher(pattern.getName(fixed).toString()).find()) {
            fixed++;
        }
        Path root = pattern.getRoot();
        Path folder = fixed == 0 ? root : pattern.subpath(0, fixed);
        if (folder == null) {
            folder = pattern.getFileSystem().getPath("");
        } else if (root != null) {
            folder = root.resolve(folder);
        }
        int depth = pattern.toString().contains("**") ? Integer.MAX_VALUE : pattern.getNameCount() - fixed;
        int before = inputs.size();
        try {
            PathMatcher matcher = pattern.getFileSystem()
                    .getPathMatcher("glob:" + pattern.toString().replace("\\", "\\\\"));
            walk(folder, depth, matcher::matches, inputs, failures);
        } catch (PatternSyntaxException e) {
            failures.put(pattern, "is neither a file nor a pattern (" + e.getDescription() + ")");
            return;
        }
        if (inputs.size() == before) {
            failures.put(pattern, "matches no file");
        }
    }

    private static void walk(
            Path folder, int depth, Predicate<Path> wanted, List<Input> inputs, Map<Path, String> failures) {
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
                if (attributes.isRegularFile() && !hidden(file) && wanted.test(file)) {
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
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, visitor);
        } catch (IOException e) {
            failures.put(folder, "cannot be read (" + e.getMessage() + ")");
        }
        found.sort(Comparator.naturalOrder());
        found.forEach(file -> inputs.add(new Input(file, folder)));
    }

    private static boolean hidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    /** Whether a file of this name in a folder is taken for a recording. */
    public static boolean looksLikeAudio(String name) {
        return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
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
