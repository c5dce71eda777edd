package org.omniscribe.app.desktop.base;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Where the window keeps its files, as each platform wants it.
 *
 * @param config settings
 * @param data imported models and recorded sessions
 */
public record Folders(Path config, Path data) {
    private static final String NAME = "omniscribe";

    /** Those of this user. */
    public static Folders ofUser() {
        return of(System.getProperty("os.name"), Path.of(System.getProperty("user.home")), System.getenv());
    }

    /**
     * Those of some platform: XDG base directories, {@code Library/Application Support}, or {@code %APPDATA%}.
     *
     * @param system what Java calls the operating system
     * @param home the user's home
     * @param environment environment variables
     */
    static Folders of(String system, Path home, Map<String, String> environment) {
        String kind = system.toLowerCase(Locale.ROOT);
        if (kind.contains("windows")) {
            Path roaming = absolute(environment.get("APPDATA"), home.resolve("AppData/Roaming"));
            Path local = absolute(environment.get("LOCALAPPDATA"), home.resolve("AppData/Local"));
            return new Folders(roaming.resolve("Omniscribe"), local.resolve("Omniscribe"));
        }
        if (kind.contains("mac")) {
            Path support = home.resolve("Library/Application Support/Omniscribe");
            return new Folders(support, support);
        }
        return new Folders(
                absolute(environment.get("XDG_CONFIG_HOME"), home.resolve(".config"))
                        .resolve(NAME),
                absolute(environment.get("XDG_DATA_HOME"), home.resolve(".local/share"))
                        .resolve(NAME));
    }

    /** The XDG specification says that relative paths are to be ignored. */
    private static Path absolute(String named, Path otherwise) {
        return named == null || named.isBlank() || !Path.of(named).isAbsolute() ? otherwise : Path.of(named);
    }

    /** The file with the settings. */
    public Path settings() {
        return config.resolve("settings.json");
    }

    /** The folder with imported models. */
    public Path models() {
        return data.resolve("models");
    }

    /** The folder with a folder for each live session. */
    public Path sessions() {
        return data.resolve("sessions");
    }
}
