package org.omniscribe.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.testing.WavFile;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.run.Evaluation;
import org.omniscribe.eval.run.RunFolder;
import org.omniscribe.eval.run.Scoring;
import org.omniscribe.eval.run.TestSet;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.text.Normalizers;

class HtmlReportTest {
    private static final int SECONDS_FOR_CHROMIUM = 60;

    @TempDir
    private Path folder;

    private Report report;

    /** A benchmark with two systems; a reference and a name try to break out of their place. */
    @BeforeEach
    void recognise() throws IOException {
        List<Utterance> utterances = List.of(
                Utterance.ofFile("a", tone("a.wav"), 1, "anna", "<script>alert(1)</script> the cat"),
                Utterance.ofFile("\"><b>b", tone("b.wav"), 1, "ben", "it's here & there"));
        TestSet set = new TestSet("fleurs", true, "en_us", utterances, List.of("645 are missing"));
        Scoring scoring = new Scoring(Normalizers.NONE, EditCosts.NIST);
        try (RunFolder run = RunFolder.open(folder.resolve("run"))) {
            new Evaluation(
                            Fixture.transcriber(Map.of("a", "<i>the</i> bat", "\"><b>b", "it's here & there")),
                            run.system(Fixture.info("parrot")))
                    .run(set, r -> {});
            new Evaluation(
                            Fixture.transcriber(Map.of("a", "", "\"><b>b", "it's hear")),
                            run.system(Fixture.info("</title>crow")))
                    .run(set, r -> {});
            report = Report.of(Fixture.CREATED, scoring, List.of(set), run.systems(), List.of());
        }
    }

    private Path tone(String name) throws IOException {
        return WavFile.tone(folder.resolve(name), 1, 500);
    }

    @Test
    void theFileLoadsNothing() throws IOException {
        String html = HtmlReport.format(report, 1_000_000);
        Matcher links = Pattern.compile("(?:src|href)\\s*=\\s*\"([^\"]*)\"|url\\(|@import")
                .matcher(html);
        int sounds = 0;
        while (links.find()) {
            String target = links.group(1);
            assertTrue(target != null && (target.startsWith("#") || target.startsWith("data:")), links.group());
            sounds += target.startsWith("data:audio/wav;base64,") ? 1 : 0;
        }
        // The parrot errs in one utterance, the crow in both.
        assertEquals(3, sounds);
        assertTrue(html.contains("default-src 'none'"), "browsers are told so");
    }

    @Test
    void soundIsBounded() throws IOException {
        int without = HtmlReport.format(report, 0).length();
        assertFalse(HtmlReport.format(report, 0).contains("data:audio"));
        int one = HtmlReport.format(report, 43_000).length();
        assertTrue(one > without && one < without + 2 * 43_000, without + " " + one);
        Files.delete(folder.resolve("a.wav"));
        assertTrue(
                HtmlReport.format(report, 1_000_000).contains("sound left out"), "audio that has gone is no failure");
    }

    @Test
    void textsAndNamesStayWhatTheyAre() throws IOException {
        String html = HtmlReport.format(report, 0);
        assertFalse(html.contains("<script>alert"), "a reference is no script");
        assertFalse(html.contains("<b>b"));
        assertFalse(html.contains("</title>crow"));
        assertTrue(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    }

    @Test
    void publishedRowsAreMarkedAndTheAverageIsRefused() throws IOException {
        String html = HtmlReport.format(report, 0);
        assertTrue(html.indexOf("Published, not measured here")
                < html.indexOf("<tr class=\"published\"><td>Omni-router 246M"));
        assertTrue(
                html.contains("parrot, &lt;/title&gt;crow: no average, ami-ihm, chime6, common-voice, callhome,"),
                html);
        assertTrue(html.contains("Not the test set as published: fleurs"));
    }

    @Test
    void aReportWithoutAnythingOddIsWhole() throws IOException {
        String html = HtmlReport.format(Fixture.report(folder), 0);
        assertFalse(html.contains("Published, not measured here"), "there is no benchmark in it");
        assertTrue(html.contains("may be chance"));
    }

    @Test
    void chromiumShowsItWithoutComplaint() throws IOException, InterruptedException {
        Optional<Path> chromium = Stream.of("chromium", "chromium-browser", "google-chrome")
                .map(name -> Path.of("/usr/bin", name))
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(chromium.isPresent(), "no Chromium in /usr/bin (Debian: apt install chromium)");
        Path page = Files.writeString(folder.resolve("report.html"), HtmlReport.format(report, 1_000_000));
        Path dom = folder.resolve("dom.html");
        Path log = folder.resolve("log.txt");
        Process process = new ProcessBuilder(
                        chromium.get().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--enable-logging=stderr",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--dump-dom",
                        page.toUri().toString())
                .redirectOutput(dom.toFile())
                .redirectError(log.toFile())
                .start();
        boolean ended = process.waitFor(SECONDS_FOR_CHROMIUM, TimeUnit.SECONDS);
        process.destroyForcibly();
        Assumptions.assumeTrue(ended, "Chromium did not end on this machine");
        String shown = Files.readString(dom);
        assertTrue(shown.contains("data-ready=\"yes\""), "its script ran to its end");
        assertTrue(
                Pattern.compile("<div id=\"worst1\"[^>]*hidden").matcher(shown).find(), "tabs hide the second system");
        assertFalse(
                Pattern.compile("<div id=\"worst0\"[^>]*hidden").matcher(shown).find(), "and show the first");
        List<String> complaints = Files.readString(log, StandardCharsets.ISO_8859_1)
                .lines()
                .filter(l -> l.contains("CONSOLE"))
                .toList();
        assertEquals(List.of(), complaints);
    }
}
