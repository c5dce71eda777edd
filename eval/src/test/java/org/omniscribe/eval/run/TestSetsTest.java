package org.omniscribe.eval.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestSetsTest {
    private static List<String> names(String... manifests) {
        return TestSets.names(List.of(manifests).stream().map(Path::of).toList());
    }

    @Test
    void namesAreAsShortAsTheyCanBe() {
        assertEquals(List.of(), names());
        assertEquals(List.of("cv"), names("/data/dev/cv/manifest.tsv"));
        assertEquals(List.of("cv", "ls"), names("/data/dev/cv/manifest.tsv", "/data/test/ls"));
        assertEquals(List.of("dev/cv", "test/cv"), names("/data/dev/cv/manifest.tsv", "/data/test/cv"));
        assertEquals(List.of("cv", "mine.tsv"), names("/data/dev/cv/manifest.tsv", "/data/dev/cv/mine.tsv"));
        assertEquals(List.of("data", "b/data"), names("/data", "/a/b/data/manifest.tsv"));
    }

    @Test
    void theSameManifestTwiceIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> names("a/manifest.tsv", "b", "a/../a"));
    }
}
