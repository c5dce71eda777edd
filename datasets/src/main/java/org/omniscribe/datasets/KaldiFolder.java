package org.omniscribe.datasets;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads a Kaldi data folder: {@code wav.scp} and {@code text}, with or without {@code segments}, {@code utt2spk} and {@code
 * utt2dur}.
 *
 * <p>Commands in {@code wav.scp} are never run. Those that only unpack a file are understood, and the file is read here:
 * {@code sph2pipe … [-c N] FILE |}, {@code flac -cd FILE |} and {@code sox FILE -t wav - [remix N] |}. A path that is not
 * absolute is looked for in the folder and in the three above it, for Kaldi's are relative to where a recipe runs.
 */
public final class KaldiFolder {
    /** The file that makes a folder one of Kaldi's. */
    public static final String RECORDINGS = "wav.scp";

    private static final String REMEDY = "See https://kaldi-asr.org/doc/data_prep.html for the files of a data folder.";
    private static final Pattern SPH2PIPE =
            Pattern.compile("sph2pipe((?:\\s+-[pa]|\\s+-[fct]\\s*\\S+)*)\\s+(\\S+)\\s*\\|");
    private static final Pattern SIDE = Pattern.compile("-c\\s*([12])");
    private static final Pattern FLAC = Pattern.compile("flac(?:\\s+-\\S+)*\\s+([^-\\s]\\S*)\\s*\\|");
    private static final Pattern SOX =
            Pattern.compile("sox\\s+([^-\\s]\\S*)\\s+-t\\s*wav\\s+-(?:\\s+remix\\s+([1-9]\\d*))?\\s*\\|");
    private static final int FOLDERS_ABOVE = 3;

    private record Recording(Path audio, int channel) {}

    private KaldiFolder() {}

    /**
     * Reads a folder.
     *
     * @throws DatasetException naming all faults at once
     */
    public static UtteranceList read(Path folder) {
        Problems problems = new Problems(folder);
        Map<String, Recording> recordings = new LinkedHashMap<>();
        table(folder.resolve(RECORDINGS), true, problems)
                .forEach((id, value) -> recording(folder, id, value, recordings, problems));
        Tables tables = new Tables(
                recordings,
                table(folder.resolve("text"), true, problems),
                table(folder.resolve("utt2spk"), false, problems),
                problems);
        if (Files.exists(folder.resolve("segments"))) {
            table(folder.resolve("segments"), true, problems).forEach(tables::segment);
        } else {
            Map<String, String> lengths = table(folder.resolve("utt2dur"), false, problems);
            recordings.forEach((id, recording) -> tables.whole(id, recording, Optional.ofNullable(lengths.get(id))));
        }
        problems.warnOf("without a line in text, left out", tables.silent);
        return new UtteranceList(tables.utterances, problems.finish(tables.utterances, REMEDY));
    }

    /** The files of a folder, from which utterances are made. */
    private static final class Tables {
        private final Map<String, Recording> recordings;
        private final Map<String, String> texts;
        private final Map<String, String> speakers;
        private final Problems problems;
        private final List<Utterance> utterances = new ArrayList<>();
        private final List<String> silent = new ArrayList<>();

        Tables(
                Map<String, Recording> recordings,
                Map<String, String> texts,
                Map<String, String> speakers,
                Problems problems) {
            this.recordings = recordings;
            this.texts = texts;
            this.speakers = speakers;
            this.problems = problems;
        }

        /** A line of {@code segments}: recording, start and end in seconds. */
        void segment(String id, String value) {
            String[] parts = value.split("\\s+");
            String place = "segments: " + id;
            Recording recording = recordings.get(parts[0]);
            if (parts.length != 3) {
                problems.fault(place + " must be followed by recording, start and end, not \"" + value + "\"");
            } else if (!texts.containsKey(id)) {
                silent.add(id);
            } else if (recording == null) {
                problems.fault(place + ": there is no recording " + parts[0] + " in " + RECORDINGS);
            } else if (problems.isThere(recording.audio)) {
                double start = problems.number(parts[1], "start", place);
                double end = problems.number(parts[2], "end", place);
                if (start >= 0 && end > start) {
                    add(id, recording, false, start, end);
                } else {
                    problems.fault(place + " ends at " + parts[2] + " and begins at " + parts[1]);
                }
            }
        }

        /** A recording that is one utterance. */
        void whole(String id, Recording recording, Optional<String> length) {
            if (!texts.containsKey(id)) {
                silent.add(id);
            } else if (problems.isThere(recording.audio)) {
                double seconds = length.isEmpty()
                        ? problems.seconds(recording.audio)
                        : problems.number(length.get(), "the length", "utt2dur: " + id);
                if (seconds > 0) {
                    add(id, recording, true, 0, seconds);
                }
            }
        }

        private void add(String id, Recording recording, boolean whole, double start, double end) {
            String speaker = speakers.getOrDefault(id, "");
            utterances.add(
                    new Utterance(id, recording.audio, whole, start, end, recording.channel, speaker, texts.get(id)));
        }
    }

    private static Map<String, String> table(Path file, boolean needed, Problems problems) {
        Map<String, String> table = new LinkedHashMap<>();
        if (!needed && !Files.exists(file)) {
            return table;
        }
        List<String> lines = problems.lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String[] parts = lines.get(i).strip().split("\\s+", 2);
            if (!parts[0].isEmpty() && table.putIfAbsent(parts[0], parts.length > 1 ? parts[1] : "") != null) {
                problems.fault(problems.name(file) + " line " + (i + 1) + ": " + parts[0] + " is there twice");
            }
        }
        return table;
    }

    private static void recording(
            Path folder, String id, String value, Map<String, Recording> recordings, Problems problems) {
        String path = value;
        int channel = Utterance.ALL_CHANNELS;
        if (value.endsWith("|")) {
            String command = value.replaceFirst("^\\S*/(?=\\S)", "");
            Matcher sph2pipe = SPH2PIPE.matcher(command);
            Matcher flac = FLAC.matcher(command);
            Matcher sox = SOX.matcher(command);
            if (sph2pipe.matches()) {
                path = sph2pipe.group(2);
                Matcher side = SIDE.matcher(sph2pipe.group(1));
                channel = side.find() ? Integer.parseInt(side.group(1)) - 1 : channel;
            } else if (flac.matches()) {
                path = flac.group(1);
            } else if (sox.matches()) {
                path = sox.group(1);
                channel = sox.group(2) == null ? channel : Integer.parseInt(sox.group(2)) - 1;
            } else {
                problems.fault(RECORDINGS + ": " + id + " is a command that is not known here, and none is run: "
                        + value + " Write its output to a file and name that.");
                return;
            }
        }
        Path given;
        try {
            given = Path.of(path);
        } catch (InvalidPathException e) {
            problems.fault(RECORDINGS + ": " + id + " is no file name: " + e.getReason());
            return;
        }
        Path here = folder.toAbsolutePath().normalize();
        Path audio = given.isAbsolute()
                ? given
                : Stream.iterate(here, f -> f != null, Path::getParent)
                        .limit(FOLDERS_ABOVE + 1L)
                        .map(f -> f.resolve(given).normalize())
                        .filter(Files::isRegularFile)
                        .findFirst()
                        .orElse(here.resolve(given));
        recordings.put(id, new Recording(audio, channel));
    }
}
