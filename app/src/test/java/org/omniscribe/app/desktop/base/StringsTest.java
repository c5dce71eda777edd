package org.omniscribe.app.desktop.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every text that the window asks for is in the bundle, and none is there for nothing. */
class StringsTest {
    private static final Pattern KEY = Pattern.compile("\"([a-z][A-Za-z0-9]*(?:\\.[A-Za-z0-9]+)+)\"");
    private static final Pattern PREFIX = Pattern.compile("\"([a-z][A-Za-z0-9.]*\\.)\"");

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/omniscribe/app/desktop"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static Set<String> matches(Pattern pattern) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path source : sources()) {
            Matcher matcher = pattern.matcher(Files.readString(source));
            while (matcher.find()) {
                found.add(matcher.group(1));
            }
        }
        return found;
    }

    @Test
    void noTextIsMissingAndNoneIsLeftOver() throws IOException {
        ResourceBundle bundle = ResourceBundle.getBundle(Strings.BUNDLE);
        Set<String> asked = matches(KEY);
        Set<String> prefixes = matches(PREFIX);
        assertTrue(asked.size() > 100, "the pattern finds the keys");
        Set<String> leftOver = new TreeSet<>(bundle.keySet());
        leftOver.removeAll(asked);
        // Made from a prefix and a name, or a name and ".hint".
        leftOver.removeIf(key -> prefixes.stream().anyMatch(key::startsWith));
        leftOver.removeIf(key -> key.endsWith(".hint") && asked.contains(key.substring(0, key.length() - 5)));
        assertEquals(Set.of(), leftOver, "texts that nobody asks for");
        Set<String> families = new TreeSet<>();
        bundle.keySet().forEach(key -> families.add(key.substring(0, key.indexOf('.'))));
        Set<String> missing = new TreeSet<>(asked);
        missing.removeIf(key -> !families.contains(key.substring(0, key.indexOf('.'))));
        missing.removeAll(bundle.keySet());
        missing.removeIf(key -> key.endsWith(".json"));
        assertEquals(Set.of(), missing, "texts that are missing");
    }

    @Test
    void apostrophesAreTypographicAsPlainOnesQuote() {
        ResourceBundle bundle = ResourceBundle.getBundle(Strings.BUNDLE);
        for (String key : bundle.keySet()) {
            assertTrue(bundle.getString(key).indexOf('\'') < 0, key);
        }
    }
}
