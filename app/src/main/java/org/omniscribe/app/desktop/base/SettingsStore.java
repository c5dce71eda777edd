package org.omniscribe.app.desktop.base;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
import org.omniscribe.asr.transcript.TranscriptFormat;

/**
 * Keeps the settings in a file. Changes are seen at once by whoever listens, and written on a background thread.
 *
 * <p>A file that cannot be understood is set aside as {@code settings.json.damaged} and told in {@link #warning()}. Used by
 * one thread.
 */
public final class SettingsStore {
    private static final ObjectMapper JSON = new ObjectMapper()
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
            .configure(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL, true);

    private final Path file;
    private final Executor background;
    private final List<Consumer<Settings>> listeners = new ArrayList<>();
    private final Consumer<String> onWriteFailure;
    private Settings settings;
    private Optional<String> warning = Optional.empty();

    /**
     * Reads the settings.
     *
     * @param file where they are kept
     * @param background writes them; must run its tasks in order
     * @param onWriteFailure told, on a background thread, when they could not be written
     */
    public SettingsStore(Path file, Executor background, Consumer<String> onWriteFailure) {
        this.file = file;
        this.background = background;
        this.onWriteFailure = onWriteFailure;
        this.settings = read();
    }

    /** What holds now. */
    public Settings get() {
        return settings;
    }

    /** What was wrong with the file, if anything. */
    public Optional<String> warning() {
        return warning;
    }

    /** Tells every change from now on, on the changing thread. */
    public void listen(Consumer<Settings> listener) {
        listeners.add(listener);
    }

    /** Changes something; does nothing if that changes nothing. */
    public void change(UnaryOperator<Settings> change) {
        Settings next = change.apply(settings);
        if (next.equals(settings)) {
            return;
        }
        settings = next;
        List.copyOf(listeners).forEach(listener -> listener.accept(next));
        background.execute(() -> write(next));
    }

    private Settings read() {
        Faults faults = new Faults();
        try {
            JsonReader json = JsonReader.of(Files.readAllBytes(file), faults);
            Settings read = fromJson(json);
            if (faults.isEmpty()) {
                return read;
            }
            setAside(faults.text());
        } catch (NoSuchFileException e) {
            return Settings.defaults();
        } catch (IOException e) {
            setAside(FailureText.reason(e));
        }
        return Settings.defaults();
    }

    private void setAside(String fault) {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            warning = Optional.of(Strings.get("settings.damaged", file, fault, aside));
        } catch (IOException e) {
            warning = Optional.of(Strings.get("settings.unreadable", file, FailureText.reason(e)));
        }
    }

    private static Settings fromJson(JsonReader json) {
        return new Settings(
                json.optional("theme")
                        .map(JsonReader::text)
                        .map(SettingsStore::theme)
                        .orElse(null),
                json.optional("fontSize").map(JsonReader::integer).orElse(0),
                json.optional("captionSize").map(JsonReader::integer).orElse(0),
                json.optional("model").map(JsonReader::file),
                json.optional("microphone").map(JsonReader::text),
                json.optional("threads").map(JsonReader::integer).orElse(0),
                json.optional("formats")
                        .map(formats -> formats.list(SettingsStore::format))
                        .filter(formats -> formats.stream().noneMatch(Objects::isNull))
                        .orElse(null),
                json.optional("outputFolder").map(JsonReader::file),
                json.optional("doubtful").map(JsonReader::number).orElse(-1.0),
                json.optional("window").map(window -> window.record(Settings.Bounds.class)));
    }

    /** A theme of a newer version is the default. */
    private static Settings.Theme theme(String name) {
        return Arrays.stream(Settings.Theme.values())
                .filter(theme -> theme.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static TranscriptFormat format(JsonReader name) {
        try {
            return TranscriptFormat.parse(name.text());
        } catch (IllegalArgumentException e) {
            name.fault(e.getMessage());
            return null;
        }
    }

    private static ObjectNode toJson(Settings settings) {
        ObjectNode node = JSON.createObjectNode();
        node.put("theme", settings.theme().name());
        node.put("fontSize", settings.fontSize());
        node.put("captionSize", settings.captionSize());
        settings.model().ifPresent(path -> node.put("model", path.toString()));
        settings.microphone().ifPresent(name -> node.put("microphone", name));
        node.put("threads", settings.threads());
        ArrayNode formats = node.putArray("formats");
        settings.formats().forEach(format -> formats.add(format.extension()));
        settings.outputFolder().ifPresent(path -> node.put("outputFolder", path.toString()));
        node.put("doubtful", settings.doubtful());
        settings.window().ifPresent(bounds -> node.set("window", JSON.valueToTree(bounds)));
        return node;
    }

    private void write(Settings value) {
        try {
            String text = toJson(value).toPrettyString();
            AtomicFile.write(file, out -> out.write(text + "\n"));
        } catch (IOException e) {
            onWriteFailure.accept(Strings.get("settings.unwritten", file, FailureText.reason(e)));
        }
    }
}
