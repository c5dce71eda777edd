package org.omniscribe.app.desktop.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.desktop.base.TestDesk;
import org.omniscribe.app.desktop.document.TranscriptFile;
import org.omniscribe.app.desktop.files.QueueItem.State;
import org.omniscribe.asr.testing.TestResources;
import org.omniscribe.asr.transcript.TranscriptFormat;

/** The queue does what it is told, says what went wrong, and overwrites nothing. */
class FilesModelTest {
    private static final Path MODEL = TestResources.tinyModel();
    private static final Path SAMPLE = Path.of("../docs/sample/river.wav").toAbsolutePath();

    @TempDir
    private Path folder;

    private TestDesk desk;
    private FilesModel model;

    @BeforeEach
    void prepare() throws IOException {
        desk = TestDesk.in(folder);
        desk.desk().settings().change(settings -> settings.withModel(Optional.of(MODEL))
                .withThreads(1)
                .withFormats(List.of(TranscriptFormat.TXT, TranscriptFormat.SRT)));
        model = new FilesModel(desk.desk());
        Files.createDirectories(folder.resolve("talks"));
        Files.copy(SAMPLE, folder.resolve("talks/one.wav"));
    }

    @AfterEach
    void close() {
        desk.desk().threads().close();
        desk.desk().engine().close();
    }

    private void waitForAll() throws InterruptedException {
        desk.until(() -> !model.items().isEmpty()
                && model.items().stream().allMatch(item -> item.state().ended()));
    }

    @Test
    void aFolderIsTranscribedAndWhatCannotBeReadSaysWhy() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("talks/two.wav"), "no sound");
        Files.writeString(folder.resolve("talks/one.txt"), "mine");
        model.add(List.of(folder.resolve("talks")));
        waitForAll();
        QueueItem good = model.items().get(0);
        QueueItem bad = model.items().get(1);
        assertEquals(State.DONE, good.state(), good.message());
        assertEquals(4.9, good.total(), 0.1);
        assertEquals(List.of(folder.resolve("talks/one (2).txt"), folder.resolve("talks/one.srt")), good.outputs());
        assertEquals("mine", Files.readString(folder.resolve("talks/one.txt")));
        assertTrue(TranscriptFile.read(good.result().orElseThrow()).routing().isPresent());
        assertEquals(State.FAILED, bad.state());
        assertTrue(bad.message().contains("two.wav"), bad.message());
        assertTrue(
                model.summary().get().startsWith("1 of 2 done · 1 failed"),
                model.summary().get());
        assertFalse(model.busy().get());
    }

    @Test
    void aRestingQueueBeginsNothingAndWhatWaitsCanBeCancelled() throws InterruptedException {
        model.setPaused(true);
        model.add(List.of(folder.resolve("talks/one.wav")));
        desk.until(() ->
                model.items().size() == 1 && !Double.isNaN(model.items().get(0).total()));
        QueueItem item = model.items().get(0);
        assertEquals(State.WAITING, item.state());
        model.cancel(item);
        assertEquals(State.CANCELLED, item.state());
        model.setPaused(false);
        assertEquals(State.CANCELLED, item.state());
        model.retry(item);
        waitForAll();
        assertEquals(State.DONE, item.state(), item.message());
    }

    @Test
    void whatIsInTheQueueIsNotAddedAgain() throws InterruptedException {
        model.setPaused(true);
        Path file = folder.resolve("talks/one.wav");
        model.add(List.of(file, folder.resolve("talks"), folder.resolve("talks/../talks/one.wav")));
        desk.until(() -> model.items().size() > 0);
        assertEquals(1, model.items().size());
        model.remove(model.items().get(0));
        assertEquals(0, model.items().size());
    }

    @Test
    void aFolderWithoutRecordingsIsTold() throws IOException, InterruptedException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        model.add(List.of(empty));
        desk.until(() -> !desk.desk().notices().all().isEmpty());
    }

    @Test
    void aModelThatCannotBeUsedIsToldAtTheRecording() throws InterruptedException {
        desk.desk().settings().change(settings -> settings.withModel(Optional.of(folder.resolve("none.zip"))));
        model.add(List.of(folder.resolve("talks/one.wav")));
        waitForAll();
        assertTrue(
                model.items().get(0).message().contains("none.zip"),
                model.items().get(0).message());
    }
}
