package org.omniscribe.app.desktop.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.desktop.base.TestDesk;
import org.omniscribe.app.desktop.models.ModelsModel.Entry;
import org.omniscribe.asr.testing.TestResources;

/** Models are checked before they are kept, chosen, and deleted without leaving the window without one. */
class ModelsModelTest {
    private static final Path MODEL = TestResources.tinyModel();

    @TempDir
    private Path folder;

    private TestDesk desk;
    private ModelsModel model;

    @BeforeEach
    void prepare() {
        desk = TestDesk.in(folder);
        model = new ModelsModel(desk.desk());
    }

    @AfterEach
    void close() {
        desk.desk().threads().close();
    }

    @Test
    void anImportedModelCanBeChosenAndDeleted() throws InterruptedException {
        model.importBundle(MODEL);
        desk.until(() -> model.entries().size() == 2);
        Entry imported = model.entries().get(1);
        assertTrue(imported.bundle().isPresent() && model.imported(imported));
        assertFalse(model.imported(model.entries().get(0)), "the built-in one cannot be deleted");
        model.choose(imported);
        assertEquals(imported.path(), model.chosen());
        model.importBundle(MODEL);
        desk.until(() -> !model.message().get().isEmpty());
        assertTrue(model.message().get().contains("already"));
        model.delete(imported);
        desk.until(() -> model.entries().size() == 1);
        assertEquals(Optional.empty(), model.chosen());
        assertTrue(Files.exists(MODEL));
    }

    @Test
    void whatIsNoModelIsNotImported() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("bad.zip"), "no zip");
        model.importBundle(file);
        desk.until(() -> !model.message().get().isEmpty());
        assertTrue(model.message().get().contains("bad.zip"));
        assertFalse(Files.exists(desk.desk().folders().models().resolve("bad.zip")));
    }

    @Test
    void aModelInUseThatHasGoneIsListedWithTheReason() throws InterruptedException {
        Path gone = folder.resolve("gone.zip");
        desk.desk().settings().change(settings -> settings.withModel(Optional.of(gone)));
        model.find();
        desk.until(() -> model.entries().size() == 2);
        assertTrue(model.entries().get(1).fault().contains("gone.zip"));
    }
}
