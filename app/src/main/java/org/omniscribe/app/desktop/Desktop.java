package org.omniscribe.app.desktop;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import javafx.application.Platform;
import javafx.geometry.Rectangle2D;
import javafx.scene.Scene;
import javafx.scene.image.Image;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.stage.WindowEvent;
import org.omniscribe.app.desktop.base.Desk;
import org.omniscribe.app.desktop.base.Engine;
import org.omniscribe.app.desktop.base.Folders;
import org.omniscribe.app.desktop.base.Fonts;
import org.omniscribe.app.desktop.base.Notices;
import org.omniscribe.app.desktop.base.Settings;
import org.omniscribe.app.desktop.base.SettingsStore;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.base.Threads;
import org.omniscribe.app.desktop.sound.SoundOutput;
import org.omniscribe.app.life.Life;
import org.omniscribe.asr.audio.AudioSource;

/** Opens the window. */
public final class Desktop {
    private static final double WIDTH = 1180;
    private static final double HEIGHT = 780;

    private static final double MIN_WIDTH_PIXELS = 900;
    private static final double MIN_HEIGHT_PIXELS = 520;

    /** How long the program goes on after a signal, to complete a recording. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private Desktop() {}

    /**
     * Opens the window and waits until it is closed.
     *
     * @param recordings files and folders to put into the queue
     * @param source what to begin recording from at once, if anything
     * @throws UnsupportedOperationException if there is no display to open a window on
     */
    public static void run(List<Path> recordings, Optional<AudioSource> source) throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        AtomicReference<Stage> window = new AtomicReference<>();
        Platform.setImplicitExit(false);
        Platform.startup(() -> window.set(open(recordings, source, closed)));
        // A signal closes the window as its owner would: what is being recorded is completed.
        Life.during(GRACE, () -> Platform.runLater(() -> ask(window.get(), closed)), () -> {
            closed.await();
            return closed;
        });
        Platform.exit();
    }

    private static void ask(Stage window, CountDownLatch closed) {
        if (window == null) {
            closed.countDown();
        } else {
            window.fireEvent(new WindowEvent(window, WindowEvent.WINDOW_CLOSE_REQUEST));
        }
    }

    private static Stage open(List<Path> recordings, Optional<AudioSource> source, CountDownLatch closed) {
        Fonts.load();
        Threads threads = Threads.start(Platform::runLater);
        Folders folders = Folders.ofUser();
        Notices notices = new Notices();
        SettingsStore settings = new SettingsStore(
                folders.settings(),
                threads.io(),
                failure -> Platform.runLater(() -> notices.tell(Notices.Kind.FAILURE, failure)));
        Engine engine = new Engine();
        MainWindow window = new MainWindow(new Desk(threads, folders, settings, engine, notices), SoundOutput.SYSTEM);
        Stage stage = new Stage();
        Scene scene = new Scene(window);
        scene.getStylesheets().add(MainWindow.styles());
        stage.setScene(scene);
        stage.setTitle(Strings.get("window.title"));
        stage.getIcons().add(new Image(Desktop.class.getResource("icon.png").toExternalForm()));
        stage.setWidth(WIDTH);
        stage.setHeight(HEIGHT);
        place(stage, settings.get());
        double width = stage.getWidth();
        double height = stage.getHeight();
        stage.setOnCloseRequest(event -> {
            settings.change(now -> now.withWindow(new Settings.Bounds(
                    stage.getX(), stage.getY(), stage.getWidth(), stage.getHeight(), stage.isMaximized())));
            // What is being recorded is completed; the window is gone by then.
            stage.hide();
            event.consume();
            new Thread(() -> close(window, threads, engine, closed), "desktop-close").start();
        });
        stage.show();
        stage.setMinWidth(MIN_WIDTH_PIXELS);
        stage.setMinHeight(MIN_HEIGHT_PIXELS);
        // Some window managers give every new window its least size.
        stage.setWidth(width);
        stage.setHeight(height);
        if (!recordings.isEmpty()) {
            window.add(recordings);
        }
        source.ifPresent(window.live()::start);
        return stage;
    }

    private static void close(MainWindow window, Threads threads, Engine engine, CountDownLatch closed) {
        try {
            window.live().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.close();
        engine.close();
        closed.countDown();
    }

    /** Where it was, if that is on a screen that is there. */
    private static void place(Stage stage, Settings settings) {
        settings.window().ifPresent(was -> {
            if (!Screen.getScreensForRectangle(was.x(), was.y(), was.width(), was.height())
                    .isEmpty()) {
                Rectangle2D screen = Screen.getScreensForRectangle(was.x(), was.y(), was.width(), was.height())
                        .get(0)
                        .getVisualBounds();
                stage.setX(was.x());
                stage.setY(was.y());
                stage.setWidth(Math.min(was.width(), screen.getWidth()));
                stage.setHeight(Math.min(was.height(), screen.getHeight()));
                stage.setMaximized(was.maximized());
            }
        });
    }
}
