package org.omniscribe.app.desktop.base;

import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A desk without a window: what would run on the window's thread is run by {@link #until}. */
public final class TestDesk {
    private static final long PATIENCE_SECONDS = 60;

    private final BlockingQueue<Runnable> window;
    private final Desk desk;

    private TestDesk(BlockingQueue<Runnable> window, Desk desk) {
        this.window = window;
        this.desk = desk;
    }

    /** A desk whose files lie in a folder, with real threads for work. */
    public static TestDesk in(Path folder) {
        BlockingQueue<Runnable> window = new LinkedBlockingQueue<>();
        return new TestDesk(window, desk(folder, Threads.start(window::add)));
    }

    private static Desk desk(Path folder, Threads threads) {
        Folders folders = new Folders(folder.resolve("config"), folder.resolve("data"));
        Notices notices = new Notices();
        SettingsStore settings = new SettingsStore(folders.settings(), threads.io(), text -> {});
        return new Desk(threads, folders, settings, new Engine(), notices);
    }

    /** The desk. */
    public Desk desk() {
        return desk;
    }

    /** Runs what is to run on the window's thread until something holds. */
    public void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Runnable task = window.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (task == null) {
                throw new AssertionError("nothing happened for " + PATIENCE_SECONDS + " s; told: "
                        + desk.notices().all());
            }
            task.run();
        }
    }
}
