package org.omniscribe.datasets.corpora;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.datasets.Corpus;
import org.omniscribe.datasets.Detection;
import org.omniscribe.datasets.Problems;
import org.omniscribe.datasets.TestPart;
import org.omniscribe.datasets.Utterance;

/**
 * Common Voice, English, {@code test.tsv} of any release, and MP3.
 *
 * <p>The test set is another one in every release: a figure means something only with the release beside it. Whisper's
 * figures are of 5.1. Text as published.
 */
final class CommonVoice implements Corpus {
    private static final Pattern RELEASE = Pattern.compile("cv-corpus-(\\d+(?:\\.\\d+)?)(?:-\\d{4}-\\d\\d-\\d\\d)?");

    /** Clips in test.tsv, from the metadata of github.com/common-voice/cv-dataset. */
    private static final Map<String, Integer> CLIPS = Map.ofEntries(
            Map.entry("1", 7016),
            Map.entry("2", 13021),
            Map.entry("3", 13178),
            Map.entry("4", 15531),
            Map.entry("5", 16014),
            Map.entry("5.1", 16029),
            Map.entry("6.0", 16164),
            Map.entry("6.1", 16164),
            Map.entry("7.0", 16284),
            Map.entry("8.0", 16326),
            Map.entry("9.0", 16335),
            Map.entry("10.0", 16345),
            Map.entry("11.0", 16354),
            Map.entry("12.0", 16365),
            Map.entry("13.0", 16372),
            Map.entry("14.0", 16380),
            Map.entry("15.0", 16386),
            Map.entry("16.0", 16390),
            Map.entry("16.1", 16390),
            Map.entry("17.0", 16393),
            Map.entry("18.0", 16395),
            Map.entry("19.0", 16396),
            Map.entry("20.0", 16398),
            Map.entry("21.0", 16399),
            Map.entry("22.0", 16401),
            Map.entry("23.0", 16402),
            Map.entry("24.0", 16403),
            Map.entry("25.0", 16403));

    @Override
    public String name() {
        return "common-voice";
    }

    @Override
    public String title() {
        return "Common Voice, English test set";
    }

    @Override
    public String licence() {
        return "CC0; do not try to find out who the speakers are";
    }

    @Override
    public List<String> source() {
        return List.of(
                "https://datacollective.mozillafoundation.org : Common Voice Scripted Speech, English (an account is"
                        + " needed)",
                "Unpack it as cv-corpus-RELEASE-DATE/en/test.tsv and cv-corpus-RELEASE-DATE/en/clips.",
                "The test set changes with the release; Whisper's and the paper's figures are of 5.1.");
    }

    @Override
    public String layout() {
        return "folder en with test.tsv and clips, as in cv-corpus-RELEASE-DATE/en";
    }

    @Override
    public Detection detect(Path folder) {
        Path test = folder.resolve("test.tsv");
        if (!Files.isRegularFile(test) || !firstLine(test).startsWith("client_id\t")) {
            return new Detection.Absent();
        }
        if (!Files.isDirectory(folder.resolve("clips"))) {
            return new Detection.Incomplete(folder + " has test.tsv but no clips: unpack the audio too");
        }
        if (!name(folder).equals("en") && !languages(folder).equals(Set.of("en"))) {
            return new Detection.Incomplete(folder + " is Common Voice in another language than English");
        }
        return new Detection.Present(folder, release(folder));
    }

    private static String name(Path folder) {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    private static Set<String> languages(Path folder) {
        Set<String> languages = new HashSet<>();
        Tsv.read(folder.resolve("test.tsv"), new Problems(folder)).forEach(row -> languages.add(row.get("locale")));
        return languages;
    }

    private static String firstLine(Path file) {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            return String.valueOf(reader.readLine());
        } catch (IOException e) {
            return "";
        }
    }

    private static String release(Path root) {
        return number(root).isEmpty() ? "release unknown" : "release " + number(root);
    }

    /** The number of the release, by the name of the folder or of one above it; empty if none tells it. */
    private static String number(Path root) {
        return StreamSupport.stream(root.toAbsolutePath().normalize().spliterator(), false)
                .map(p -> RELEASE.matcher(p.toString()))
                .filter(Matcher::matches)
                .map(m -> m.group(1))
                .reduce((first, last) -> last)
                .orElse("");
    }

    @Override
    public List<TestPart> read(Path root) {
        Problems problems = new Problems(root);
        List<Tsv.Row> rows = Tsv.read(root.resolve("test.tsv"), problems, "client_id", "path", "sentence");
        Map<String, Double> lengths = lengths(root.resolve("clip_durations.tsv"), rows, problems);
        List<Utterance> utterances = new ArrayList<>();
        for (Tsv.Row row : rows) {
            String file = file(row);
            Path audio = problems.inside(root.resolve("clips"), file, row.place());
            if (audio == null || !problems.isNew(file, row.place())) {
                continue;
            }
            Double known = lengths.get(file);
            double seconds = known == null ? problems.seconds(audio) : problems.isThere(audio) ? known : Double.NaN;
            if (seconds > 0) {
                utterances.add(Utterance.ofFile(file, audio, seconds, row.get("client_id"), row.get("sentence")));
            }
        }
        String number = number(root);
        if (CLIPS.containsKey(number)) {
            problems.expect("utterances", CLIPS.get(number), 0, utterances.size());
        } else {
            problems.warn(
                    "its release is " + (number.isEmpty() ? "not told by the name of its folder" : "not known here")
                            + ", so that nothing can be said of whether it is whole");
        }
        List<String> warnings = problems.finish(utterances, Folders.REMEDY);
        return List.of(new TestPart(name(), release(root), utterances, warnings));
    }

    /** Old releases leave out the extension. */
    private static String file(Tsv.Row row) {
        String path = row.get("path");
        return path.endsWith(".mp3") ? path : path + ".mp3";
    }

    /** What newer releases tell of the clips' lengths, in seconds; the table is of all clips, millions of them. */
    private static Map<String, Double> lengths(Path file, List<Tsv.Row> rows, Problems problems) {
        Map<String, Double> lengths = new HashMap<>();
        if (!Files.isRegularFile(file)) {
            return lengths;
        }
        Set<String> wanted = new HashSet<>();
        rows.forEach(row -> wanted.add(file(row)));
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line; (line = reader.readLine()) != null; ) {
                String[] cells = line.split("\t");
                if (cells.length == 2 && wanted.contains(cells[0]) && cells[1].matches("[1-9]\\d*")) {
                    lengths.put(cells[0], Integer.parseInt(cells[1]) / 1000.0);
                }
            }
        } catch (IOException e) {
            problems.warn("clip_durations.tsv cannot be read (" + FailureText.reason(e) + "); lengths are measured");
        }
        return lengths;
    }
}
