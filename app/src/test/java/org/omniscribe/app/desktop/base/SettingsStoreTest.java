package org.omniscribe.app.desktop.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.transcript.TranscriptFormat;

/** Settings survive, and a damaged file is neither lost nor in the way. */
class SettingsStoreTest {
    @TempDir
    private Path folder;

    private final List<String> failures = new ArrayList<>();

    private SettingsStore store(Path file) {
        return new SettingsStore(file, Runnable::run, failures::add);
    }

    @Test
    void whatIsChangedIsThereAtTheNextStart() {
        Path file = folder.resolve("new/settings.json");
        Settings all = new Settings(
                Settings.Theme.DARK,
                19,
                41,
                Optional.of(Path.of("model.zip")),
                Optional.of("USB"),
                3,
                List.of(TranscriptFormat.SRT, TranscriptFormat.JSON),
                Optional.of(folder),
                0.25,
                Optional.of(new Settings.Bounds(1, 2, 900, 600, true)));
        store(file).change(settings -> all);
        assertEquals(all, store(file).get());
    }

    @Test
    void noFormatsIsAChoiceToo() {
        Path file = folder.resolve("settings.json");
        store(file).change(settings -> settings.withFormats(List.of()));
        assertEquals(List.of(), store(file).get().formats());
    }

    @Test
    void aDamagedFileIsSetAside() throws IOException {
        Path file = folder.resolve("settings.json");
        Files.writeString(file, "{\"theme\": ");
        SettingsStore store = store(file);
        assertEquals(Settings.defaults(), store.get());
        assertTrue(store.warning().orElseThrow().contains("settings.json.damaged"));
        assertEquals("{\"theme\": ", Files.readString(folder.resolve("settings.json.damaged")));
    }

    @Test
    void whatIsOutOfRangeOrUnknownIsTheDefault() throws IOException {
        Path file = folder.resolve("settings.json");
        Files.writeString(file, "{\"theme\": \"PINK\", \"fontSize\": 4000, \"doubtful\": 7, \"later\": {}}");
        Settings read = store(file).get();
        assertEquals(Settings.Theme.LIGHT, read.theme());
        assertEquals(Settings.MAX_TEXT_PIXELS, read.fontSize());
        assertEquals(Settings.defaults().doubtful(), read.doubtful());
    }

    @Test
    void aFolderThatCannotBeWrittenIsTold() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "").resolve("settings.json");
        store(file).change(settings -> settings.withThreads(2));
        assertEquals(1, failures.size());
        assertTrue(failures.get(0).contains("settings.json"));
    }

    @Test
    void aChangeThatChangesNothingIsNotTold() {
        SettingsStore store = store(folder.resolve("settings.json"));
        store.listen(settings -> failures.add("told"));
        store.change(settings -> settings.withThreads(0));
        assertEquals(List.of(), failures);
        assertFalse(Files.exists(folder.resolve("settings.json")));
    }

    @Test
    void filesLieWhereThePlatformWantsThem() {
        Path home = folder.resolve("home");
        assertEquals(
                home.resolve(".config/omniscribe/settings.json"),
                Folders.of("Linux", home, Map.of()).settings());
        assertEquals(
                home.resolve(".config/omniscribe"),
                Folders.of("Linux", home, Map.of("XDG_CONFIG_HOME", "relative")).config());
        assertEquals(
                folder.resolve("d/omniscribe/models"),
                Folders.of(
                                "Linux",
                                home,
                                Map.of("XDG_DATA_HOME", folder.resolve("d").toString()))
                        .models());
        assertEquals(
                home.resolve("Library/Application Support/Omniscribe/sessions"),
                Folders.of("Mac OS X", home, Map.of()).sessions());
        assertEquals(
                home.resolve("AppData/Roaming/Omniscribe"),
                Folders.of("Windows 11", home, Map.of()).config());
    }
}
