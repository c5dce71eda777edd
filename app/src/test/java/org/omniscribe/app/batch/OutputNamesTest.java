package org.omniscribe.app.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.omniscribe.app.batch.AudioFiles.Input;

class OutputNamesTest {
    private static final Path ROOT = Path.of("in").toAbsolutePath();
    private static final Path OUT = Path.of("out").toAbsolutePath();

    private static Input named(String path) {
        Path file = ROOT.resolve(path);
        return new Input(file, file.getParent());
    }

    private static Input found(String path) {
        return new Input(ROOT.resolve(path), ROOT);
    }

    private static List<String> names(Path folder, Input... inputs) {
        return OutputNames.of(List.of(inputs), folder).stream()
                .map(path -> (folder == null ? ROOT : folder)
                        .relativize(path)
                        .toString()
                        .replace('\\', '/'))
                .toList();
    }

    @Test
    void outputsAreNamedAfterInputs() {
        assertEquals(
                List.of("talk", "a.b", "noextension"),
                names(OUT, named("talk.wav"), named("x/a.b.wav"), named("noextension")));
        assertEquals(List.of("talk", "x/a.b"), names(null, named("talk.wav"), named("x/a.b.wav")));
    }

    @Test
    void foldersBelowANamedFolderAreKept() {
        assertEquals(List.of("talk", "x/y/talk"), names(OUT, found("talk.wav"), found("x/y/talk.wav")));
    }

    @Test
    void fullNamesAreKeptWhereTwoWouldCollide() {
        assertEquals(
                List.of("talk.wav", "talk.mp3", "other"),
                names(OUT, named("talk.wav"), named("talk.mp3"), named("other.wav")));
        assertEquals(List.of("Talk.wav", "talk.mp3"), names(null, named("Talk.wav"), named("talk.mp3")));
    }

    @Test
    void aFullNameThatIsAnothersShortNameIsNotUsedTwice() {
        assertEquals(
                List.of("talk.wav", "talk.mp3", "talk.wav.flac"),
                names(OUT, named("talk.wav"), named("talk.mp3"), named("talk.wav.flac")));
    }

    @Test
    void filesOfOneNameFromSeveralFoldersKeepTheirFolders() {
        assertEquals(List.of("a/talk.wav", "b/c/talk.wav"), names(OUT, named("a/talk.wav"), named("b/c/talk.wav")));
    }

    @Test
    void noTwoOutputsAreEverTheSame() {
        List<Input> inputs = Stream.of(
                        "a/t.wav", "b/t.wav", "b/t.mp3", "t.wav", "t.wav.mp3", "t.mp3", "b/t.wav.mp3", "b/b/t.wav")
                .map(OutputNamesTest::named)
                .toList();
        List<Path> names = OutputNames.of(inputs, OUT);
        assertEquals(inputs.size(), names.stream().distinct().count(), names.toString());
    }
}
