package org.omniscribe.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the order of modules and packages, as the sources have it: arrows point down, and there is no circle. */
class PackageOrderTest {
    private static final String ROOT = "org.omniscribe.";

    /** The modules, each after all that it may use. */
    private static final List<String> MODULES = List.of("asr-core", "datasets", "eval", "model-export", "app");

    /** Ways into the program; none of them knows another. */
    private static final List<String> WAYS_IN = List.of("app.cli", "app.desktop", "app.serve", "app.spark");

    private static final Pattern NAME = Pattern.compile("\\borg\\.omniscribe((?:\\.[a-z]\\w*)+)\\.[A-Z*]");
    /** Comments, texts and characters: what is in them is no use of a package. */
    private static final Pattern NO_CODE = Pattern.compile(
            "/\\*.*?\\*/|//[^\\n]*|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'",
            Pattern.DOTALL);

    private static final Map<String, Integer> MODULE_OF = new TreeMap<>();
    private static final Map<String, Set<String>> USES = new TreeMap<>();
    private static final Map<String, String> PACKAGE_INFO = new TreeMap<>();
    private static final Map<String, String> SOURCES = new TreeMap<>();

    @BeforeAll
    static void readSources() throws IOException {
        for (int module = 0; module < MODULES.size(); module++) {
            for (String set : List.of("main", "spark")) {
                Path sources = Path.of("..", MODULES.get(module), "src", set, "java");
                if (Files.isDirectory(sources)) {
                    read(sources, module);
                }
            }
        }
        assertTrue(USES.size() > 30, "the sources are read: " + USES.keySet());
    }

    private static void read(Path sources, int module) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> {
                String name = sources.relativize(file.getParent())
                        .toString()
                        .replace(file.getFileSystem().getSeparator(), ".");
                String inside = name.substring(ROOT.length());
                String text = text(file);
                MODULE_OF.put(inside, module);
                if (file.endsWith("package-info.java")) {
                    PACKAGE_INFO.put(inside, text);
                    return;
                }
                String code = NO_CODE.matcher(text).replaceAll("");
                SOURCES.put(inside + "/" + file.getFileName(), code);
                Set<String> used = USES.computeIfAbsent(inside, p -> new TreeSet<>());
                for (Matcher use = NAME.matcher(code); use.find(); ) {
                    used.add(use.group(1).substring(1));
                }
                used.remove(inside);
            });
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyModuleUsesThoseBelowItOnly() {
        List<String> upwards = new ArrayList<>();
        USES.forEach((from, used) -> used.forEach(to -> {
            if (MODULE_OF.getOrDefault(to, 0) > MODULE_OF.get(from)) {
                upwards.add(from + " -> " + to);
            }
        }));
        assertEquals(List.of(), upwards);
    }

    @Test
    void packagesFormNoCircle() {
        for (String start : USES.keySet()) {
            Map<String, String> before = new TreeMap<>();
            Deque<String> open = new ArrayDeque<>(List.of(start));
            while (!open.isEmpty()) {
                String at = open.poll();
                for (String to : USES.getOrDefault(at, Set.of())) {
                    if (to.equals(start)) {
                        List<String> circle = new ArrayList<>(List.of(start));
                        for (String p = at; p != null; p = before.get(p)) {
                            circle.add(0, p);
                        }
                        throw new AssertionError("a circle: " + String.join(" -> ", circle));
                    }
                    if (!before.containsKey(to)) {
                        before.put(to, at);
                        open.add(to);
                    }
                }
            }
        }
    }

    @Test
    void theFoundationsUseNothingOfThisProject() {
        assertEquals(Set.of(), USES.get("asr.io"));
    }

    @Test
    void theWaysIntoTheProgramDoNotKnowEachOther() {
        List<String> known = new ArrayList<>();
        USES.forEach((from, used) -> used.forEach(to -> {
            String one = wayIn(from);
            String other = wayIn(to);
            if (one != null && other != null && !one.equals(other)) {
                known.add(from + " -> " + to);
            }
        }));
        assertEquals(List.of(), known);
    }

    private static String wayIn(String inside) {
        return WAYS_IN.stream()
                .filter(way -> inside.equals(way) || inside.startsWith(way + "."))
                .findFirst()
                .orElse(null);
    }

    @Test
    void everyPackageSaysWhatItIsForWhatItUsesAndWhoUsesIt() {
        List<String> silent = new ArrayList<>();
        for (String inside : USES.keySet()) {
            String info = PACKAGE_INFO.getOrDefault(inside, "").replaceAll("\\s+\\*\\s", " ");
            if (!info.contains("/**") || !info.contains("Uses ") || !info.contains("Used by ")) {
                silent.add(inside);
            }
        }
        assertEquals(List.of(), silent, "give each a package-info.java with these three things");
    }

    /** Whoever catches the parent of failures catches all that are meant for users. */
    @Test
    void allFailuresHaveOneParent() {
        Pattern stray =
                Pattern.compile("\\bpublic (?:static )?(?:final |sealed |abstract )*class \\w+Exception\\s+extends"
                        + " (?!OmniscribeException|\\w*TrainException)\\w+");
        List<String> strays = new ArrayList<>();
        SOURCES.forEach((file, code) -> {
            Matcher found = stray.matcher(code);
            if (!file.startsWith("asr.io/") && found.find()) {
                strays.add(file + ": " + found.group());
            }
        });
        assertEquals(List.of(), strays);
    }
}
