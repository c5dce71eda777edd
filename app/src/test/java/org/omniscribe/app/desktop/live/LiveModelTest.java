package org.omniscribe.app.desktop.live;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.desktop.base.TestDesk;
import org.omniscribe.app.desktop.document.Document;
import org.omniscribe.app.desktop.live.LiveModel.State;
import org.omniscribe.app.desktop.timeline.Timeline;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.asr.audio.PlayedFile;
import org.omniscribe.asr.testing.TestResources;

/** A session is kept as it goes on, can be opened again, and is found after a crash. */
class LiveModelTest {
    private static final Path MODEL = TestResources.tinyModel();
    private static final Path SAMPLE = Path.of("../docs/sample/river.wav").toAbsolutePath();

    @TempDir
    private Path folder;

    private TestDesk desk;
    private LiveModel model;

    @BeforeEach
    void prepare() {
        desk = TestDesk.in(folder);
        desk.desk().settings().change(settings -> settings.withModel(Optional.of(MODEL))
                .withThreads(1));
        model = new LiveModel(desk.desk());
    }

    @AfterEach
    void close() {
        desk.desk().threads().close();
        desk.desk().engine().close();
    }

    private void play(Path file) throws InterruptedException {
        model.start(new PlayedFile(file, new Channel.Mix(), Double.POSITIVE_INFINITY));
        assertEquals(State.STARTING, model.state().get());
        desk.until(
                () -> !model.state().get().active() && !model.sessions().get().isEmpty());
    }

    @Test
    void aSessionIsHeardDrawnAndKept() throws InterruptedException, IOException {
        play(SAMPLE);
        Document document = model.document().get();
        assertEquals("", model.message().get());
        assertEquals(4.9, document.timeline().soundSeconds(), 0.1);
        assertTrue(
                document.timeline().steps() > 50,
                "the routing is drawn: " + document.timeline().steps());
        assertFalse(document.recording());
        Session.Summary kept = model.sessions().get().get(0);
        assertEquals(4.9, kept.seconds(), 0.1);
        assertFalse(kept.session().cutOff());
        assertTrue(Files.exists(kept.session().sound()));
    }

    @Test
    void aSessionThatIsOpenedAgainHasItsExperts() throws InterruptedException, IOException {
        play(SAMPLE);
        Timeline lived = model.document().get().timeline();
        Session session = model.session().orElseThrow();
        model.open(session);
        desk.until(() -> model.document().get().timeline() != lived);
        Timeline read = model.document().get().timeline();
        assertEquals(lived.expertCounts(), read.expertCounts());
        assertEquals(lived.stepSeconds(), read.stepSeconds());
        assertEquals(lived.steps(), read.steps());
        for (int layer = 0; layer < lived.layers(); layer++) {
            assertArrayEquals(lived.usage(layer), read.usage(layer));
            for (long step = 0; step < lived.steps(); step++) {
                assertEquals(lived.expert(layer, step), read.expert(layer, step));
                assertEquals(lived.probability(layer, step), read.probability(layer, step), 1e-6);
            }
        }

        Files.writeString(session.routing(), "omniscribe-routing 1 0.04 none");
        model.open(session);
        desk.until(() -> model.document().get().timeline() != read);
        assertTrue(
                model.message().get().contains("routing.bin is no record of experts"),
                model.message().get());
        assertEquals(0, model.document().get().timeline().layers(), "the text is opened without");
    }

    @Test
    void correctionsAreKeptToo() throws InterruptedException, IOException {
        play(SAMPLE);
        Document document = model.document().get();
        // The tiny model finds letters in anything.
        assertFalse(document.lines().isEmpty());
        document.edit(0, "the old man");
        model.save();
        desk.until(() -> !document.unsaved());
        Session session = model.session().orElseThrow();
        assertTrue(session.read().text().startsWith("the old man"));
        model.open(session);
        desk.until(() -> model.document().get() != document);
        assertEquals(
                "the old man", model.document().get().lines().get(0).segment().text());
    }

    @Test
    void aSourceThatCannotBeOpenedIsTold() throws InterruptedException {
        model.start(new PlayedFile(folder.resolve("none.wav"), new Channel.Mix(), 1));
        desk.until(() -> !model.state().get().active());
        assertTrue(model.message().get().contains("none.wav"), model.message().get());
    }

    @Test
    void aSessionThatWasCutOffIsOffered() throws IOException, InterruptedException {
        Session session = Session.begin(desk.desk().folders().sessions(), LocalDateTime.of(2026, 3, 4, 5, 6, 7));
        assertFalse(session.cutOff(), "this program still runs");
        // No process has this number.
        Files.writeString(session.folder().resolve("running"), Long.MAX_VALUE + " then");
        assertTrue(session.cutOff());
        model.findSessions();
        desk.until(() -> !desk.desk().notices().all().isEmpty());
        assertTrue(desk.desk().notices().all().get(0).text().contains("2026-03-04 05:06"));
        desk.desk().notices().all().get(0).action().orElseThrow().task().run();
        desk.until(() -> model.document().get() != null);
        assertFalse(session.cutOff(), "it is offered once");
        model.delete(session);
        desk.until(
                () -> model.document().get() == null && model.sessions().get().isEmpty());
        assertFalse(Files.exists(session.folder()));
    }

    @Test
    void twoSessionsOfOneSecondGetFoldersOfTheirOwn() throws IOException {
        LocalDateTime now = LocalDateTime.of(2026, 1, 1, 0, 0, 0);
        Session first = Session.begin(folder.resolve("s"), now);
        Session second = Session.begin(folder.resolve("s"), now);
        Files.createDirectories(folder.resolve("s/other"));
        assertFalse(first.folder().equals(second.folder()));
        assertEquals(2, Session.list(folder.resolve("s")).size());
        assertEquals(List.of(), Session.list(folder.resolve("none")));
    }
}
