package org.omniscribe.app.desktop.models;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.omniscribe.app.desktop.base.Desk;
import org.omniscribe.app.desktop.base.DeskException;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.TemporaryName;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelException;

/** The built-in model and those that were imported. Used by the window's thread alone. */
public final class ModelsModel {
    /**
     * A model.
     *
     * @param path its bundle; empty for the built-in one
     * @param bundle the bundle; empty if it cannot be used
     * @param fault why it cannot be used; empty if it can
     */
    public record Entry(Optional<Path> path, Optional<ModelBundle> bundle, String fault) {
        /** What people call it. */
        public String name() {
            return bundle.map(b -> b.manifest().name())
                    .orElseGet(() -> path.map(p -> p.getFileName().toString()).orElse(""));
        }
    }

    private final Desk desk;
    private final ObservableList<Entry> entries = FXCollections.observableArrayList();
    private final ObservableList<Entry> shown = FXCollections.unmodifiableObservableList(entries);
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper("");

    /** No models yet; {@link #find} looks for them. */
    public ModelsModel(Desk desk) {
        this.desk = desk;
    }

    /** The models, the built-in one first; to be watched and not to be changed. */
    public ObservableList<Entry> entries() {
        return shown;
    }

    /** Whether models are being read or copied. */
    public ReadOnlyBooleanProperty busy() {
        return busy.getReadOnlyProperty();
    }

    /** What went wrong last; mostly empty. */
    public ReadOnlyStringProperty message() {
        return message.getReadOnlyProperty();
    }

    /** The model that is in use. */
    public Optional<Path> chosen() {
        return desk.settings().get().model();
    }

    /** Looks for models: the built-in one, the imported ones, and the one in use. */
    public void find() {
        busy.set(true);
        Optional<Path> used = chosen();
        desk.inBackground(
                () -> read(used),
                found -> {
                    busy.set(false);
                    entries.setAll(found);
                },
                this::fail);
    }

    private void fail(String reason) {
        busy.set(false);
        message.set(reason);
    }

    private List<Entry> read(Optional<Path> used) throws IOException {
        List<Entry> found = new ArrayList<>();
        found.add(entry(Optional.empty()));
        List<Path> paths = new ArrayList<>();
        if (Files.isDirectory(desk.folders().models())) {
            try (Stream<Path> files = Files.list(desk.folders().models())) {
                files.filter(path -> !path.getFileName().toString().startsWith("."))
                        .sorted()
                        .forEach(paths::add);
            }
        }
        used.filter(path -> !paths.contains(path)).ifPresent(paths::add);
        paths.forEach(path -> found.add(entry(Optional.of(path))));
        return found;
    }

    private static Entry entry(Optional<Path> path) {
        try {
            ModelBundle bundle = path.map(ModelBundle::open).orElseGet(ModelBundle::openDefault);
            return new Entry(path, Optional.of(bundle), "");
        } catch (ModelException e) {
            return new Entry(path, Optional.empty(), e.getMessage());
        }
    }

    /** Works with another model from now on; what is being transcribed ends with the one before. */
    public void choose(Entry entry) {
        desk.settings().change(settings -> settings.withModel(entry.path()));
    }

    /**
     * Checks a bundle and copies it to where models are kept.
     *
     * @param bundle a folder or a zip file
     */
    public void importBundle(Path bundle) {
        busy.set(true);
        message.set("");
        desk.inBackground(
                () -> {
                    ModelBundle.open(bundle);
                    Path target =
                            desk.folders().models().resolve(bundle.getFileName().toString());
                    if (Files.exists(target)) {
                        throw new DeskException(Strings.get("models.there", target));
                    }
                    Files.createDirectories(target.getParent());
                    Path part = TemporaryName.hidden(target);
                    delete(part);
                    copy(bundle, part);
                    AtomicFile.move(part, target);
                    return target;
                },
                target -> find(),
                this::fail);
    }

    /** Deletes an imported model; if it is in use, the built-in one is used from now on. */
    public void delete(Entry entry) {
        Path path = entry.path().orElseThrow();
        if (chosen().equals(entry.path())) {
            desk.settings().change(settings -> settings.withModel(Optional.empty()));
        }
        desk.inBackground(
                () -> {
                    delete(path);
                    return path;
                },
                done -> find(),
                this::fail);
    }

    /** Whether a model lies where imported ones are kept, so that it may be deleted. */
    public boolean imported(Entry entry) {
        return entry.path()
                .filter(path -> path.startsWith(desk.folders().models()))
                .isPresent();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(
                        file,
                        file.equals(from)
                                ? to
                                : to.resolve(from.relativize(file).toString()));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
