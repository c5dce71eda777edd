package org.omniscribe.app.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AudioFilesTest {
    @TempDir
    Path folder;

    private void make(String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
    }

    private List<String> find(String... named) {
        return find(true, named);
    }

    private List<String> find(boolean recursive, String... named) {
        AudioFiles files = AudioFiles.find(Stream.of(named).map(folder::resolve).toList(), recursive);
        assertEquals(Map.of(), files.failures());
        return files.inputs().stream()
                .map(input -> folder.relativize(input.path()).toString().replace('\\', '/'))
                .toList();
    }

    @Test
    void foldersGiveTheirAudioFilesAtAnyDepthInOrder() throws IOException {
        make("b.WAV", "a/z.flac", "a/y.txt", "a/deep/er/x.Mp3", "notes.md", "c.sph");
        assertEquals(List.of("a/deep/er/x.Mp3", "a/z.flac", "b.WAV", "c.sph"), find(""));
    }

    @Test
    void hiddenFilesAndFoldersAreLeftOut() throws IOException {
        make(".hidden.wav", ".git/a.wav", "a.wav");
        assertEquals(List.of("a.wav"), find(""));
        assertEquals(List.of(".git/a.wav"), find(".git"));
    }

    @Test
    void namedFilesAreTakenWhateverTheirNameAndOnlyOnce() throws IOException {
        make("recording", "a.wav");
        assertEquals(List.of("recording", "a.wav", "missing"), find("recording", "a.wav", "missing", "", "./a.wav"));
    }

    @Test
    void linksThatGoInCirclesAreLeftOut() throws IOException {
        make("a/a.wav", "b/b.wav");
        Files.createSymbolicLink(folder.resolve("a/up"), folder);
        assertEquals(List.of("a/a.wav", "b/b.wav"), find(""));
    }

    @Test
    void oneLevelOnlyWhereThatIsAskedFor() throws IOException {
        make("a.wav", "b/b.wav");
        assertEquals(List.of("a.wav"), find(false, ""));
    }

    @Test
    void patternsGiveWhatTheyMatchAndFilesOfSuchNamesGoBeforeThem() throws IOException {
        make("a1.wav", "a2.wav", "b1.wav", "c/a3.wav", "c/d/a4.dat", "a[1].wav", ".a9.wav");
        assertEquals(List.of("a1.wav", "a2.wav", "a[1].wav"), find("a*.wav"));
        assertEquals(List.of("a2.wav"), find("a[2-9].wav"));
        assertEquals(List.of("a[1].wav"), find("a[1].wav"));
        assertEquals(List.of("c/a3.wav", "c/d/a4.dat"), find("c/**a?.{wav,dat}"));
    }

    @Test
    void patternsThatMatchNothingAreTold() {
        for (String pattern : List.of("x*.wav", "nofolder/*.wav", "a[.wav")) {
            AudioFiles files = AudioFiles.find(List.of(folder.resolve(pattern)), true);
            assertEquals(List.of(), files.inputs());
            assertEquals(false, files.failures().isEmpty(), pattern);
        }
    }
}
