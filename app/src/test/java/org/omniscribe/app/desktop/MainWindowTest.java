package org.omniscribe.app.desktop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.input.KeyCode;
import javafx.scene.text.Text;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.desktop.base.Desk;
import org.omniscribe.app.desktop.base.Engine;
import org.omniscribe.app.desktop.base.Folders;
import org.omniscribe.app.desktop.base.Fonts;
import org.omniscribe.app.desktop.base.Notices;
import org.omniscribe.app.desktop.base.Settings;
import org.omniscribe.app.desktop.base.SettingsStore;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.base.Threads;
import org.omniscribe.app.desktop.document.Document;
import org.omniscribe.app.desktop.files.QueueItem;
import org.omniscribe.app.desktop.live.CaptionWindow;
import org.omniscribe.app.desktop.sound.SoundOutput;
import org.omniscribe.app.desktop.timeline.Timeline;
import org.omniscribe.app.desktop.timeline.TimelineView;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.asr.audio.PlayedFile;
import org.omniscribe.asr.testing.TestResources;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Word;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/** The window with all its pages, without a display. */
class MainWindowTest {
    private static final Path MODEL = TestResources.tinyModel();
    private static final Path SAMPLE = Path.of("../docs/sample/river.wav").toAbsolutePath();
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    private static Path folder;

    private final FxRobot robot = new FxRobot();
    private Desk desk;
    private MainWindow window;
    private Stage stage;

    @BeforeAll
    static void toolkit() {
        System.setProperty("glass.platform", "Monocle");
        System.setProperty("monocle.platform", "Headless");
        System.setProperty("prism.order", "sw");
        System.setProperty("testfx.robot", "glass");
        System.setProperty("testfx.headless", "true");
        System.setProperty("java.awt.headless", "true");
        try {
            FxToolkit.registerPrimaryStage();
            FxToolkit.setupFixture(Fonts::load);
        } catch (TimeoutException | RuntimeException | LinkageError e) {
            // Text is drawn by libraries of the system, which a server may lack.
            Assumptions.abort("no window can be drawn here, even without a display: " + e
                    + "; install libfreetype6 and libpangoft2-1.0-0");
        }
    }

    @BeforeEach
    void open() throws TimeoutException {
        Threads threads = Threads.start(Platform::runLater);
        Folders folders = new Folders(folder.resolve("config"), folder.resolve("data"));
        SettingsStore settings = new SettingsStore(folders.settings(), threads.io(), text -> {});
        settings.change(now -> now.withModel(Optional.of(MODEL)).withThreads(1).withOutputFolder(Optional.of(folder)));
        desk = new Desk(threads, folders, settings, new Engine(), new Notices());
        SoundOutput silent = () -> {
            throw new SoundOutput.UnavailableException(new IllegalArgumentException("no loudspeaker in tests"));
        };
        FxToolkit.setupFixture(() -> {
            window = new MainWindow(desk, silent);
            stage = new Stage();
            Scene scene = new Scene(window, 1180, 780);
            scene.getStylesheets().add(MainWindow.styles());
            stage.setScene(scene);
            stage.show();
        });
    }

    @AfterEach
    void close() throws TimeoutException {
        FxToolkit.setupFixture(() -> stage.hide());
        desk.threads().close();
        desk.engine().close();
    }

    private static void until(Callable<Boolean> condition) throws TimeoutException {
        WaitForAsyncUtils.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS, () -> WaitForAsyncUtils.asyncFx(condition)
                .get());
        // The robot measures what it clicks on in its own thread, which must not happen while the window is laid out.
        WaitForAsyncUtils.waitForFxEvents();
    }

    private boolean shows(String text) {
        return !robot.lookup(text).queryAllAs(Node.class).isEmpty();
    }

    @Test
    void theKeyboardReachesEveryPageAndTheSheetOfShortcuts() throws TimeoutException {
        for (Page page : Page.values()) {
            KeyCode code = page == Page.SETTINGS ? KeyCode.COMMA : KeyCode.valueOf("DIGIT" + (page.ordinal() + 1));
            robot.push(KeyCode.CONTROL, code);
            until(() -> window.page() == page);
        }
        robot.push(KeyCode.F1);
        until(() -> shows("Keyboard shortcuts"));
        robot.push(KeyCode.ESCAPE);
        robot.push(KeyCode.CONTROL, KeyCode.D);
        until(() -> desk.settings().get().theme() == Settings.Theme.DARK);
        robot.push(KeyCode.CONTROL, KeyCode.D);
        until(() -> desk.settings().get().theme() == Settings.Theme.LIGHT);
    }

    @Test
    void captionsShowAnInvitationUntilTheFirstWord() throws TimeoutException {
        Document document = new Document("t", "m", new Timeline(List.of(), 1), Optional.empty(), List.of());
        CaptionWindow[] captions = new CaptionWindow[1];
        robot.interact(() -> {
            captions[0] = new CaptionWindow(desk, () -> {});
            captions[0].show(document);
            document.setOnPartial(captions[0]::showWords);
            captions[0].setShown(true);
        });
        until(() -> shows(Strings.get("captions.empty")));
        Word word = new Word("hello", 0, 0.4, 1);
        robot.interact(() -> document.showPartial(List.of(), List.of(word)));
        until(() -> caption(".caption-tentative").equals("hello "));
        assertEquals("", caption(".caption-earlier"));
        robot.interact(() -> document.append(new Segment(0, 0.4, List.of(word))));
        until(() -> caption(".caption-earlier").equals("hello "));
        assertEquals("", caption(".caption-tentative"));
        robot.interact(() -> captions[0].setShown(false));
    }

    private String caption(String style) {
        return robot.lookup(style).queryAs(Text.class).getText();
    }

    @Test
    void aRecordingGoesThroughTheQueueToTheViewerAndItsExperts() throws TimeoutException, IOException {
        Path recording = Files.copy(SAMPLE, folder.resolve("talk.wav"));
        robot.interact(() -> window.add(List.of(recording)));
        until(() -> !window.files().items().isEmpty()
                && window.files().items().get(0).state() == QueueItem.State.DONE);
        assertTrue(Files.exists(folder.resolve("talk.txt")));
        robot.clickOn("talk.wav").push(KeyCode.ENTER);
        until(() -> robot.lookup(".word").tryQuery().isPresent());
        robot.clickOn(robot.lookup(".time").queryAs(Node.class)).push(KeyCode.F2);
        until(() -> robot.lookup(".text-area").tryQuery().isPresent());
        robot.push(KeyCode.CONTROL, KeyCode.A);
        robot.write("corrected words");
        robot.push(KeyCode.ENTER);
        until(() -> Files.readString(folder.resolve("talk.txt")).startsWith("corrected words"));

        robot.push(KeyCode.CONTROL, KeyCode.DIGIT3);
        until(() -> robot.lookup(".chip").tryQuery().isPresent());
        TimelineView grid = robot.lookup(".timeline").queryAs(TimelineView.class);
        robot.moveTo(grid.localToScreen(grid.pointOf(1, 0)));
        until(() -> grid.hintText().contains("Layer 1: expert"));
        robot.clickOn(robot.lookup(".chip").queryAll().iterator().next());
        until(() -> shows("Words that expert 1 worked on most"));
    }

    @Test
    void aFileThatPlaysTheMicrophoneIsRecorded() throws TimeoutException {
        robot.interact(() -> window.live().start(new PlayedFile(SAMPLE, new Channel.Mix(), Double.POSITIVE_INFINITY)));
        until(() -> !window.live().state().get().active()
                && window.live().document().get() != null
                && !window.live().sessions().get().isEmpty());
        until(() -> robot.lookup(".word").tryQuery().isPresent());
        assertEquals("", window.live().message().get());
        assertFalse(window.live().document().get().lines().isEmpty());
    }
}
