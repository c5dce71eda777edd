package org.omniscribe.datasets.corpora;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
import org.omniscribe.datasets.Corpus;
import org.omniscribe.datasets.Detection;
import org.omniscribe.datasets.Problems;
import org.omniscribe.datasets.TestPart;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.datasets.download.DownloadStep;
import org.omniscribe.datasets.download.RemoteFile;

/**
 * CHiME-6, the evaluation sessions as heard by the binaural microphones that their speakers wear: JSON and stereo WAV. The
 * transcripts of CHiME-5 are read too.
 *
 * <p>Every segment is two utterances, {@code .L} and {@code .R}, one of either channel, as in Kaldi's recipe; so every
 * word counts twice. Text: lower case, marks of punctuation, sounds in brackets and dashes dropped; redacted segments are
 * left out.
 */
final class Chime6 implements Corpus {
    private static final List<String> SESSIONS = List.of("S01", "S21");
    private static final String SOURCE = "https://www.openslr.org/resources/150/";
    private static final int SEGMENTS = 11028;
    /** The published count holds the redacted and the empty segments. */
    private static final double TOLERANCE = 0.02;

    private static final Pattern TIME = Pattern.compile("(\\d+):(\\d\\d):(\\d\\d(?:\\.\\d+)?)");

    @Override
    public String name() {
        return "chime6";
    }

    @Override
    public String title() {
        return "CHiME-6 evaluation set, binaural microphones";
    }

    @Override
    public String licence() {
        return "CC BY-SA 4.0 (SLR150); CHiME-5 by the terms of the University of Sheffield";
    }

    @Override
    public List<String> source() {
        return List.of(
                SOURCE + "CHiME6_eval.tar.gz (12 GB, of which the binaural recordings are needed) and",
                SOURCE + "CHiME6_transcriptions.tar.gz (2 MB)",
                "Unpack both in one folder: CHiME6/audio/eval/S01_P01.wav, CHiME6/transcriptions/eval/S01.json.");
    }

    @Override
    public List<DownloadStep> downloads() {
        return List.of(
                new DownloadStep.Unpack(
                        new RemoteFile(SOURCE + "CHiME6_transcriptions.tar.gz"),
                        "(?:.*/)?(transcriptions/eval/[^/]+\\.json)",
                        "CHiME6/$1"),
                new DownloadStep.Unpack(
                        new RemoteFile(SOURCE + "CHiME6_eval.tar.gz"),
                        "(?:.*/)?(audio/eval/S\\d+_P\\d+\\.wav)",
                        "CHiME6/$1"));
    }

    @Override
    public String layout() {
        return "folder transcriptions/eval with S01.json or S21.json";
    }

    @Override
    public Detection detect(Path folder) {
        Path transcripts = folder.resolve("transcriptions/eval");
        if (SESSIONS.stream().noneMatch(s -> Files.isRegularFile(transcripts.resolve(s + ".json")))) {
            return new Detection.Absent();
        }
        if (!Files.isDirectory(folder.resolve("audio/eval"))) {
            return new Detection.Incomplete(
                    folder + " has transcriptions but no audio/eval: unpack CHiME6_eval.tar.gz");
        }
        return new Detection.Present(folder, release(folder));
    }

    private static String release(Path root) {
        String name = String.valueOf(root.toAbsolutePath().normalize().getFileName());
        return name.toUpperCase(Locale.ROOT).matches("CHIME-?[56]") ? name : "release unknown";
    }

    @Override
    public List<TestPart> read(Path root) {
        Problems problems = new Problems(root);
        List<Utterance> utterances = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        int segments = 0;
        for (String session : SESSIONS) {
            Path file = root.resolve("transcriptions/eval/" + session + ".json");
            if (!Files.isRegularFile(file)) {
                absent.add(session);
                continue;
            }
            segments += read(file, root.resolve("audio/eval"), utterances, problems);
        }
        problems.warnOf("sessions without a transcript", absent);
        problems.expect("segments", SEGMENTS, TOLERANCE, segments);
        List<String> warnings = problems.finish(utterances, Folders.REMEDY);
        return List.of(new TestPart(name(), release(root), utterances, warnings));
    }

    /** Reads a session; returns how many segments it has, also those that are left out. */
    private static int read(Path file, Path audio, List<Utterance> utterances, Problems problems) {
        Faults faults = new Faults();
        JsonReader text = JsonReader.of(String.join("\n", problems.lines(file)), faults);
        text.list();
        faults.list().forEach(fault -> problems.fault(problems.name(file) + ": " + fault));
        if (!faults.isEmpty()) {
            return 0;
        }
        JsonNode list = text.node();
        for (int i = 0; i < list.size(); i++) {
            JsonNode entry = list.get(i);
            String place = problems.name(file) + " entry " + (i + 1);
            String words = entry.path("words").asText("");
            if (words.contains("[redacted]") || !entry.hasNonNull("speaker")) {
                continue;
            }
            String speaker = entry.path("speaker").asText();
            double start = time(entry.path("start_time"), "start_time", place, problems);
            double end = time(entry.path("end_time"), "end_time", place, problems);
            String name = entry.path("session_id").asText() + "_" + speaker;
            Path wav = problems.inside(audio, name + ".wav", place);
            if (wav == null || !(end > start) || !problems.isThere(wav)) {
                continue;
            }
            for (int channel = 0; channel < 2; channel++) {
                String id = String.format(
                        Locale.ROOT,
                        "%s_%s.%s-%07d-%07d",
                        speaker,
                        entry.path("session_id").asText(),
                        channel == 0 ? "L" : "R",
                        Math.round(start * 100),
                        Math.round(end * 100));
                if (problems.isNew(id, place)) {
                    utterances.add(new Utterance(id, wav, start, end, channel, speaker, clean(words)));
                }
            }
        }
        return list.size();
    }

    /** H:MM:SS.ss; CHiME-5 has one a device, of which the worn microphones' is called original. */
    private static double time(JsonNode node, String what, String place, Problems problems) {
        String text = (node.isObject() ? node.path("original") : node).asText("");
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            problems.fault(place + ": " + what + " must be H:MM:SS.ss, not \"" + text + "\"");
            return Double.NaN;
        }
        return Integer.parseInt(time.group(1)) * 3600
                + Integer.parseInt(time.group(2)) * 60
                + Double.parseDouble(time.group(3));
    }

    static String clean(String words) {
        return (" " + words.toLowerCase(Locale.ROOT) + " ")
                .replaceAll("\\[[^]]*]", " ")
                .replaceAll("[\"?.,:;!]", "")
                .replaceAll(" -(?= )", " ")
                .replace("mm-", "mm")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
