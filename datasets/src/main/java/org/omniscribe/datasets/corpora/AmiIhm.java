package org.omniscribe.datasets.corpora;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.datasets.Corpus;
import org.omniscribe.datasets.Detection;
import org.omniscribe.datasets.Problems;
import org.omniscribe.datasets.TestPart;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.datasets.download.Checksum;
import org.omniscribe.datasets.download.DownloadStep;
import org.omniscribe.datasets.download.RemoteFile;

/**
 * AMI, the individual headset microphones of the sixteen test meetings of the partition full-corpus-ASR: NXT XML and a WAV
 * a speaker.
 *
 * <p>Segments are split at full stops, and those of more than 30 words at commas, as Kaldi's recipe does; see {@link
 * AmiSegments}. Text: upper case, letters, digits, apostrophes and hyphens.
 */
final class AmiIhm implements Corpus {
    private static final List<String> MEETINGS = Stream.of("EN2002", "ES2004", "IS1009", "TS3003")
            .flatMap(s -> Stream.of("a", "b", "c", "d").map(m -> s + m))
            .toList();
    private static final String SITE = "https://groups.inf.ed.ac.uk/ami/";
    /** Every test meeting has four people. */
    private static final int HEADSETS = 4;
    /** Kaldi's count; it splits by the times of an older release of the annotations. */
    private static final int UTTERANCES = 12643;

    private static final double TOLERANCE = 0.03;

    private record Agent(String meeting, String letter) {}

    private record Speaker(String name, int headset) {}

    @Override
    public String name() {
        return "ami-ihm";
    }

    @Override
    public String title() {
        return "AMI meetings, individual headset microphones";
    }

    @Override
    public String licence() {
        return "CC BY 4.0";
    }

    @Override
    public List<String> source() {
        return List.of(
                "https://groups.inf.ed.ac.uk/ami/download/ : meetings " + String.join(" ", MEETINGS) + ",",
                "stream \"individual headset microphones\", as amicorpus/MEETING/audio/MEETING.Headset-N.wav,",
                "and the manual annotations, unzipped beside amicorpus as ami_public_manual_1.6.2:",
                "https://groups.inf.ed.ac.uk/ami/AMICorpusAnnotations/ami_public_manual_1.6.2.zip (22 MB)");
    }

    @Override
    public List<DownloadStep> downloads() {
        List<DownloadStep> steps = new ArrayList<>();
        steps.add(new DownloadStep.Unpack(
                new RemoteFile(
                                SITE + "AMICorpusAnnotations/ami_public_manual_1.6.2.zip",
                                22_887_865,
                                Checksum.sha256("b56e5babb2496b8795deeeda7e71178d7fbc9963f94276cf2a3f4b56ebbc9f9d"))
                        .from(SITE + "download/"),
                "(?:\\./)*(.*)",
                "AMI/ami_public_manual_1.6.2/$1"));
        for (String meeting : MEETINGS) {
            for (int headset = 0; headset < HEADSETS; headset++) {
                String path = "amicorpus/" + meeting + "/audio/" + meeting + ".Headset-" + headset + ".wav";
                steps.add(new DownloadStep.Keep(
                        new RemoteFile(SITE + "AMICorpusMirror/" + path).from(SITE + "download/"), "AMI/" + path));
            }
        }
        return steps;
    }

    @Override
    public String layout() {
        return "folder amicorpus with MEETING/audio/MEETING.Headset-N.wav of a test meeting such as EN2002a";
    }

    @Override
    public Detection detect(Path folder) {
        Optional<Path> audio = audio(folder);
        Optional<Path> annotations = annotations(folder);
        if (audio.isEmpty() && annotations.isEmpty()) {
            return new Detection.Absent();
        }
        if (audio.isEmpty()) {
            return new Detection.Incomplete("annotations in " + annotations.get() + ", but no " + layout());
        }
        if (annotations.isEmpty()) {
            return new Detection.Incomplete("audio in " + audio.get() + ", but no annotations (words, segments and"
                    + " corpusResources/meetings.xml) beside it: unzip ami_public_manual_1.6.2.zip there");
        }
        return new Detection.Present(folder, release(annotations.get()));
    }

    private static Optional<Path> audio(Path root) {
        return Stream.of("amicorpus", "wav_db", ".")
                .map(p -> root.resolve(p).normalize())
                .filter(p -> MEETINGS.stream()
                        .anyMatch(m -> Files.isDirectory(p.resolve(m).resolve("audio"))))
                .findFirst();
    }

    private static Optional<Path> annotations(Path root) {
        return Stream.of("ami_public_manual_1.6.2", "ami_public_manual_1.6.1", "annotations", "amicorpus", ".")
                .map(p -> root.resolve(p).normalize())
                .filter(p -> Files.isDirectory(p.resolve("words"))
                        && Files.isDirectory(p.resolve("segments"))
                        && Files.isRegularFile(p.resolve("corpusResources/meetings.xml")))
                .findFirst();
    }

    private static String release(Path annotations) {
        String name = annotations.getFileName().toString();
        return name.startsWith("ami_public_manual_")
                ? "annotations " + name.substring("ami_public_manual_".length())
                : "annotations of unknown release";
    }

    @Override
    public List<TestPart> read(Path root) {
        Problems problems = new Problems(root);
        Path audio = audio(root).orElse(root);
        Path annotations = annotations(root).orElse(root);
        Map<Agent, Speaker> speakers = speakers(annotations.resolve("corpusResources/meetings.xml"), problems);
        List<Utterance> utterances = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (String meeting : MEETINGS) {
            List<String> letters = letters(annotations.resolve("segments"), meeting, problems);
            if (letters.isEmpty()) {
                absent.add(meeting);
            }
            for (String letter : letters) {
                Speaker speaker = speakers.get(new Agent(meeting, letter));
                if (speaker == null) {
                    problems.fault("meetings.xml does not tell who " + letter + " is in " + meeting);
                    continue;
                }
                String wav = meeting + ".Headset-" + speaker.headset + ".wav";
                Path file = audio.resolve(meeting).resolve("audio").resolve(wav);
                if (problems.isThere(file)) {
                    add(annotations, meeting + "." + letter, meeting, speaker, file, utterances, problems);
                }
            }
        }
        problems.warnOf("meetings without segments", absent);
        problems.expect("utterances", UTTERANCES, TOLERANCE, utterances.size());
        List<String> warnings = problems.finish(utterances, Folders.REMEDY);
        return List.of(new TestPart(name(), release(annotations), utterances, warnings));
    }

    private static void add(
            Path annotations,
            String stem,
            String meeting,
            Speaker speaker,
            Path file,
            List<Utterance> utterances,
            Problems problems) {
        List<AmiSegments.Segment> segments = AmiSegments.read(
                annotations.resolve("words").resolve(stem + ".words.xml"),
                annotations.resolve("segments").resolve(stem + ".segments.xml"),
                problems);
        for (AmiSegments.Segment segment : segments) {
            String id = String.format(
                    Locale.ROOT,
                    "AMI_%s_H%02d_%s_%07d_%07d",
                    meeting,
                    speaker.headset,
                    speaker.name,
                    Math.round(segment.start() * 100),
                    Math.round(segment.end() * 100));
            // Annotators marked a few stretches twice.
            if (utterances.stream()
                    .skip(Math.max(0, utterances.size() - segments.size()))
                    .noneMatch(u -> u.id().equals(id))) {
                utterances.add(new Utterance(
                        id,
                        file,
                        segment.start(),
                        segment.end(),
                        Utterance.ALL_CHANNELS,
                        speaker.name,
                        segment.text()));
            }
        }
    }

    private static Map<Agent, Speaker> speakers(Path file, Problems problems) {
        Map<Agent, Speaker> speakers = new LinkedHashMap<>();
        String[] meeting = {""};
        Xml.read(file, problems, (tag, xml) -> {
            if (tag.equals("meeting")) {
                meeting[0] = xml.getAttributeValue(null, "observation");
            } else if (tag.equals("speaker") && MEETINGS.contains(meeting[0])) {
                String name = xml.getAttributeValue(null, "global_name");
                String letter = xml.getAttributeValue(null, "nxt_agent");
                String headset = xml.getAttributeValue(null, "channel");
                if (name == null || letter == null || headset == null || !headset.matches("\\d")) {
                    problems.fault("meetings.xml: a speaker of " + meeting[0]
                            + " lacks global_name, nxt_agent or channel (a digit)");
                } else {
                    speakers.put(new Agent(meeting[0], letter), new Speaker(name, Integer.parseInt(headset)));
                }
            }
        });
        return speakers;
    }

    private static List<String> letters(Path segments, String meeting, Problems problems) {
        TreeSet<String> letters = new TreeSet<>();
        try (Stream<Path> files = Files.list(segments)) {
            files.map(f -> f.getFileName().toString())
                    .filter(n -> n.matches(meeting + "\\.[A-Z]\\.segments\\.xml"))
                    .forEach(n -> letters.add(n.substring(meeting.length() + 1, meeting.length() + 2)));
        } catch (IOException e) {
            problems.fault("segments cannot be read: " + FailureText.reason(e));
        }
        return List.copyOf(letters);
    }
}
