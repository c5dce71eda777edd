package org.omniscribe.eval.run;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.omniscribe.datasets.Manifest;

/** Finds short names for the test sets of manifests. */
public final class TestSets {
    private TestSets() {}

    /**
     * Short, distinct names: of {@code dev/cv/manifest.tsv} and {@code test/ls/manifest.tsv} the names are {@code cv} and
     * {@code ls}; of {@code dev/cv} and {@code test/cv} they are {@code dev/cv} and {@code test/cv}. A manifest with a file
     * name of its own brings that too.
     *
     * @param manifests manifests, or folders that hold a {@code manifest.tsv}; no two the same
     * @return the names in the same order
     * @throws IllegalArgumentException if a manifest is there twice
     */
    public static List<String> names(List<Path> manifests) {
        List<List<String>> parts = manifests.stream().map(TestSets::parts).toList();
        int longest = parts.stream().mapToInt(List::size).max().orElse(0);
        return IntStream.rangeClosed(1, Math.max(1, longest))
                .mapToObj(length -> parts.stream().map(p -> last(p, length)).toList())
                .filter(names -> new HashSet<>(names).size() == names.size())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a manifest is named twice in " + manifests));
    }

    private static List<String> parts(Path manifest) {
        Path path = manifest.toAbsolutePath().normalize();
        boolean usual = path.endsWith(Manifest.FILE_NAME) && path.getNameCount() > 1;
        Path named = usual ? path.getParent() : path;
        return StreamSupport.stream(named.spliterator(), false)
                .map(Path::toString)
                .toList();
    }

    private static String last(List<String> parts, int length) {
        return String.join("/", parts.subList(Math.max(0, parts.size() - length), parts.size()));
    }
}
