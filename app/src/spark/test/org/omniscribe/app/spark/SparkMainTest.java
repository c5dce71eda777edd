package org.omniscribe.app.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.OmniscribeCommand;
import org.omniscribe.app.command.CommandLines;
import org.omniscribe.asr.testing.TestResources;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.datasets.UtteranceList;

/**
 * What the build has packed, submitted to Spark as {@code bin/spark-submit} does it, and compared with what the program
 * makes of the same recordings on one machine.
 */
class SparkMainTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path SAMPLES = Path.of("..", "docs", "sample");

    /** Random weights: it hears nonsense, but always the same. */
    private static final Path TINY = TestResources.tinyModel();

    /** Two executors, each in a process of its own with one processor and a gigabyte. */
    private static final String CLUSTER = "local-cluster[2,1,1024]";

    private static final String ALONE = "local[2]";

    @TempDir
    Path folder;

    private record Run(int exitCode, String said) {}

    /** The two steps of {@code bin/spark-class}: Spark says what to run, and that is run. */
    private Process start(String master, Path log, String... args) throws IOException, InterruptedException {
        Path spark = TARGET.resolve("spark");
        String jars;
        try (Stream<Path> files = Files.list(TARGET.resolve("lib"))) {
            jars = files.map(Path::toString).filter(f -> f.endsWith(".jar")).collect(Collectors.joining(","));
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                spark.resolve("jars") + File.separator + "*",
                "org.apache.spark.launcher.Main",
                "org.apache.spark.deploy.SparkSubmit"));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.log.level", "WARN");
        settings.put("spark.ui.enabled", "false");
        settings.put(
                "spark.hadoop.fs.viewfs.mounttable.cluster.link./data",
                folder.toUri().toString());
        settings.forEach((name, value) -> command.addAll(List.of("--conf", name + "=" + value)));
        command.addAll(List.of("--master", master, "--class", "org.omniscribe.app.spark.SparkMain", "--jars", jars));
        command.add(TARGET.resolve("omniscribe.jar").toString());
        command.addAll(List.of(args));
        Process asked = inSpark(new ProcessBuilder(command)).start();
        String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, asked.waitFor(), answer);
        List<String> told = List.of(answer.strip().split("\0"));
        // The first is empty: nothing is wrong with the command.
        return inSpark(new ProcessBuilder(told.stream()
                        .map(String::strip)
                        .filter(s -> !s.isEmpty())
                        .toList()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static ProcessBuilder inSpark(ProcessBuilder process) {
        process.environment().put("SPARK_HOME", TARGET.resolve("spark").toString());
        process.environment().put("SPARK_SCALA_VERSION", "2.13");
        process.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return process;
    }

    private Run submit(String master, String... args) throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "spark", ".log");
        Process process = start(master, log, args);
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return new Run(process.waitFor(), Files.readString(log));
    }

    /** The rows of a table in JSON, by the names of their files; a file with two rows fails. */
    private static Map<String, JsonNode> rows(Path table) throws IOException {
        Map<String, JsonNode> rows = new TreeMap<>();
        if (Files.isDirectory(table)) {
            try (Stream<Path> parts = Files.list(table)) {
                for (Path part :
                        parts.filter(f -> f.toString().endsWith(".json")).toList()) {
                    for (String line : Files.readAllLines(part)) {
                        JsonNode row = JSON.readTree(line);
                        String file = row.get("file").asText();
                        assertEquals(null, rows.put(file.substring(file.lastIndexOf('/') + 1), row), file);
                    }
                }
            }
        }
        return rows;
    }

    @Test
    void aClusterWritesWhatOneMachineWritesFromAnyFileSystem() throws Exception {
        Path in = Files.createDirectories(folder.resolve("in/a b"));
        Files.copy(SAMPLES.resolve("river.wav"), in.resolve("rivière.wav"));
        Files.copy(SAMPLES.resolve("morning.wav"), in.resolveSibling("morning.wav"));
        Files.writeString(in.resolve("bad.mp3"), "no sound");

        Run run = submit(CLUSTER, "transcribe", "viewfs://cluster/data/in", "--out", "viewfs://cluster/data/table");

        assertEquals(1, run.exitCode(), run.said());
        assertTrue(run.said().contains("2 done, 0 already, 1 failed {UNREADABLE=1}"), run.said());
        Map<String, JsonNode> rows = rows(folder.resolve("table/status=DONE"));
        assertEquals(Set.of("rivière.wav", "morning.wav"), rows.keySet());
        Path alone = folder.resolve("alone");
        CommandLines.run(
                new OmniscribeCommand(),
                "transcribe",
                folder.resolve("in").toString(),
                "-o",
                alone.toString(),
                "-f",
                "json");
        for (Map.Entry<String, JsonNode> row : rows.entrySet()) {
            Path file =
                    row.getKey().startsWith("r") ? alone.resolve("a b/rivière.json") : alone.resolve("morning.json");
            JsonNode expected = JSON.readTree(Files.readAllBytes(file));
            assertFalse(expected.get("segments").isEmpty());
            assertEquals(expected.get("segments"), row.getValue().get("segments"));
            assertEquals(expected.get("text"), row.getValue().get("text"));
            assertEquals(
                    expected.get("duration").asDouble(),
                    row.getValue().get("seconds").asDouble());
        }
        JsonNode failed = rows(folder.resolve("table/status=FAILED")).get("bad.mp3");
        assertTrue(failed.get("message").asText().contains("no kind of sound file"), failed.toString());
        JsonNode summary = JSON.readTree(Files.readAllBytes(folder.resolve("table/_summary.json")));
        assertEquals(3, summary.get("recordings").asInt());
        assertEquals(1, summary.get("failed").get("UNREADABLE").asInt());
    }

    @Test
    void aJobThatWasKilledGoesOnAndNoRecordingHasTwoRows() throws Exception {
        Path in = Files.createDirectories(folder.resolve("in"));
        for (int i = 0; i < 60; i++) {
            Files.copy(SAMPLES.resolve("river.wav"), in.resolve("r" + i + ".wav"));
        }
        Path done = folder.resolve("table/status=DONE");
        String[] command = {
            "transcribe",
            in.toUri().toString(),
            "--out",
            folder.resolve("table").toUri().toString(),
            "--model",
            TINY.toString(),
            "--task-megabytes",
            "1"
        };
        Process killed = start(ALONE, folder.resolve("killed.log"), command);
        while (rows(done).isEmpty() && !killed.waitFor(20, TimeUnit.MILLISECONDS)) {}
        killed.destroyForcibly().waitFor();
        Map<String, JsonNode> before = rows(done);
        assertTrue(!before.isEmpty() && before.size() < 60, before.size() + " rows; " + folder);

        Run again = submit(ALONE, command);

        assertEquals(0, again.exitCode(), again.said());
        assertTrue(again.said().contains(before.size() + " already, 0 failed"), again.said());
        Map<String, JsonNode> after = rows(done);
        assertEquals(60, after.size());
        before.forEach((file, row) -> assertEquals(row, after.get(file)));
        String[] otherwise =
                Stream.concat(Stream.of(command), Stream.of("--channel", "1")).toArray(String[]::new);
        Run other = submit(ALONE, otherwise);
        assertEquals(2, other.exitCode(), other.said());
        assertTrue(other.said().contains("was made with another model or other options"), other.said());
    }

    @Test
    void labelsOfAClusterAreThoseOfOneMachine() throws Exception {
        Path in = Files.createDirectories(folder.resolve("in"));
        Files.copy(SAMPLES.resolve("river.wav"), in.resolve("a.wav"));
        Files.copy(SAMPLES.resolve("river.wav"), in.resolve("copy.wav"));
        Files.copy(SAMPLES.resolve("morning.wav"), in.resolve("m.wav"));
        List<String> rules = List.of(
                "--min-confidence",
                "0",
                "--min-speech",
                "0",
                "--min-seconds",
                "0.3",
                "--max-repeats",
                "1",
                "--max-seconds",
                "3",
                "--model",
                TINY.toString(),
                "--agree-with",
                TINY.toString());
        Path manifest = folder.resolve("alone/manifest.jsonl");
        List<String> alone = new ArrayList<>(List.of("pseudo-label", in.toString(), "--out", manifest.toString()));
        alone.addAll(rules);
        assertEquals(0, CommandLines.run(new OmniscribeCommand(), alone.toArray(String[]::new)));

        List<String> cluster =
                new ArrayList<>(List.of("pseudo-label", in.toUri().toString(), "--out"));
        cluster.add(folder.resolve("cluster").toUri().toString());
        cluster.addAll(rules);
        Run run = submit(ALONE, cluster.toArray(String[]::new));

        assertEquals(0, run.exitCode(), run.said());
        assertTrue(run.said().contains("1 recordings are the same sound"), run.said());
        assertEquals(stretches(manifest), stretches(folder.resolve("cluster/manifest.jsonl")));
    }

    private static Set<List<Object>> stretches(Path manifest) throws IOException {
        Set<List<Object>> stretches = new HashSet<>();
        for (Utterance one : UtteranceList.read(manifest).utterances()) {
            stretches.add(List.of(one.audio().toRealPath(), one.start(), one.end(), one.text()));
        }
        assertFalse(stretches.isEmpty());
        return stretches;
    }
}
