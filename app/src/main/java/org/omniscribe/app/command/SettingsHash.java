package org.omniscribe.app.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.omniscribe.asr.io.Sha256;
import org.omniscribe.asr.model.ModelManifest;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** A hash of all that a transcript depends on besides its recording, to tell whether one was made in the same way. */
public final class SettingsHash {
    private SettingsHash() {}

    /**
     * The hash of a command line.
     *
     * @param parsed the options that were given; the content of files that they name counts, too
     * @param model the model, whose files count and not its name
     * @param noMatter options that change nothing in a transcript
     */
    public static String of(ParseResult parsed, ModelManifest model, Set<String> noMatter) {
        Set<String> lines = new TreeSet<>();
        model.files().forEach((file, sha256) -> lines.add(file + "=" + sha256));
        for (OptionSpec option : parsed.matchedOptions()) {
            if (!noMatter.contains(option.longestName())) {
                Object value = option.getValue();
                lines.add(option.longestName() + "=" + (value instanceof Path file ? content(file) : value));
            }
        }
        return Sha256.of(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    private static String content(Path file) {
        try {
            return Files.isRegularFile(file) ? Sha256.of(Files.readAllBytes(file)) : file.toString();
        } catch (IOException e) {
            // Whoever opens it next tells what is wrong with it.
            return file.toString();
        }
    }
}
