package org.omniscribe.asr.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Resources of tests as files, from whichever module they come: those of a test-jar are copied to a temporary folder, once,
 * which is deleted at the end.
 */
public final class TestResources {
    private static final Map<String, Path> COPIES = new HashMap<>();

    private TestResources() {}

    /** The bundle that most tests run: a network of the usual kind, tiny, with random weights. */
    public static Path tinyModel() {
        return path("tiny-model.omni");
    }

    /**
     * A file or a folder.
     *
     * @param name from the root of the class path
     */
    public static synchronized Path path(String name) {
        return COPIES.computeIfAbsent(name, TestResources::find);
    }

    private static Path find(String name) {
        try {
            for (URL url : Collections.list(TestResources.class.getClassLoader().getResources(name))) {
                // A folder may also be a package of what is tested.
                if (url.getProtocol().equals("file") && url.getPath().contains("/test-classes/")) {
                    return Path.of(url.toURI());
                }
                if (url.getProtocol().equals("jar") && url.getPath().contains("-tests.jar!")) {
                    return copy(url, name);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalArgumentException("no test resource " + name + " on the class path");
    }

    private static Path copy(URL url, String name) throws IOException, URISyntaxException {
        URI jar = ((JarURLConnection) url.openConnection()).getJarFileURL().toURI();
        Path target = Files.createTempDirectory("omniscribe-test");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(target)));
        try (FileSystem inside = FileSystems.newFileSystem(Path.of(jar))) {
            Path from = inside.getPath(name);
            try (Stream<Path> all = Files.walk(from)) {
                for (Path one : (Iterable<Path>) all::iterator) {
                    Path to = target.resolve(one.toString());
                    if (Files.isDirectory(one)) {
                        Files.createDirectories(to);
                    } else {
                        Files.createDirectories(to.getParent());
                        Files.copy(one, to);
                    }
                }
            }
        }
        return target.resolve(name);
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path one : deepestFirst) {
                Files.deleteIfExists(one);
            }
        } catch (IOException e) {
            System.err.println(folder + " is left behind: " + e);
        }
    }
}
