package org.omniscribe.app.desktop.base;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.FailureText;

/**
 * What every page works with.
 *
 * @param threads where work is done
 * @param folders where files are kept
 * @param settings what the user chose
 * @param engine the model
 * @param notices what is to be told above the page
 */
public record Desk(Threads threads, Folders folders, SettingsStore settings, Engine engine, Notices notices) {
    /** Something that takes time and may fail. */
    @FunctionalInterface
    public interface Task<T> {
        /** Does it; not on the window's thread. */
        T run() throws Exception;
    }

    /**
     * Does something on another thread, and goes on with the result on the window's.
     *
     * @param task what to do
     * @param done gets the result
     * @param failed gets the reason in words
     */
    public <T> void inBackground(Task<T> task, Consumer<T> done, Consumer<String> failed) {
        threads.work().execute(() -> {
            try {
                T result = task.run();
                threads.window().execute(() -> done.accept(result));
            } catch (Exception | LinkageError | OutOfMemoryError e) {
                String reason = FailureText.of(e);
                threads.window().execute(() -> failed.accept(reason));
            }
        });
    }

    /** Tells a failure above the page. */
    public void fail(String reason) {
        notices.tell(Notices.Kind.FAILURE, reason);
    }

    /** Shows a file in the system's file manager. */
    public void showInFolder(Path file) {
        inBackground(
                () -> {
                    new ProcessBuilder(revealCommand(System.getProperty("os.name"), file.toAbsolutePath()))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
                    return file;
                },
                shown -> {},
                reason ->
                        fail(Strings.get("folder.unshown", file.toAbsolutePath().getParent(), reason)));
    }

    static List<String> revealCommand(String system, Path file) {
        String kind = system.toLowerCase(Locale.ROOT);
        if (kind.contains("windows")) {
            return List.of("explorer.exe", "/select," + file);
        }
        return kind.contains("mac")
                ? List.of("open", "-R", file.toString())
                : List.of("xdg-open", file.getParent().toString());
    }

    /**
     * Writes a file on the thread for files.
     *
     * @param file where to
     * @param bytes makes all of it, on that thread, too
     * @param done told on the window's thread when it is written
     */
    public void write(Path file, Supplier<byte[]> bytes, Runnable done) {
        threads.io().execute(() -> {
            try {
                AtomicFile.writeBytes(file, bytes.get());
                threads.window().execute(done);
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                String reason = Strings.get("file.unwritten", file, FailureText.of(e));
                threads.window().execute(() -> fail(reason));
            }
        });
    }
}
