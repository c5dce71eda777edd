package org.omniscribe.datasets.corpora;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.datasets.Corpus;
import org.omniscribe.datasets.DatasetException;
import org.omniscribe.datasets.Detection;
import org.omniscribe.datasets.Problems;
import org.omniscribe.datasets.TestPart;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.datasets.download.Checksum;
import org.omniscribe.datasets.download.DownloadStep;
import org.omniscribe.datasets.download.RemoteFile;

/**
 * LibriSpeech: {@code test-clean/SPEAKER/CHAPTER/SPEAKER-CHAPTER.trans.txt}, a line an utterance, and FLAC beside it. Text
 * as published: upper case, no punctuation but apostrophes.
 */
final class LibriSpeech implements Corpus {
    private static final List<Part> PARTS = List.of(
            new Part(
                    "test-clean",
                    "librispeech-clean",
                    2620,
                    40,
                    new RemoteFile(
                            "https://www.openslr.org/resources/12/test-clean.tar.gz",
                            346_663_984,
                            Checksum.sha256("39fde525e59672dc6d1551919b1478f724438a95aa55f874b576be21967e6c23"))),
            new Part(
                    "test-other",
                    "librispeech-other",
                    2939,
                    33,
                    new RemoteFile(
                            "https://www.openslr.org/resources/12/test-other.tar.gz",
                            328_757_843,
                            Checksum.sha256("d09c181bba5cf717b3dee7d4d592af11a3ee3a09e08ae025c5506f6ebe961c29"))));

    private record Part(String folder, String name, int utterances, int speakers, RemoteFile archive) {}

    @Override
    public String name() {
        return "librispeech";
    }

    @Override
    public String title() {
        return "LibriSpeech test-clean and test-other";
    }

    @Override
    public String licence() {
        return "CC BY 4.0";
    }

    @Override
    public List<String> source() {
        return List.of(
                "https://www.openslr.org/resources/12/test-clean.tar.gz (346 MB)",
                "https://www.openslr.org/resources/12/test-other.tar.gz (328 MB)",
                "Unpack both in one folder: LibriSpeech/test-clean and LibriSpeech/test-other.");
    }

    @Override
    public List<DownloadStep> downloads() {
        return PARTS.stream()
                .<DownloadStep>map(part -> new DownloadStep.Unpack(part.archive, "(?:.*/)?(LibriSpeech/.*)", "$1"))
                .toList();
    }

    @Override
    public String layout() {
        return "folder test-clean or test-other with SPEAKER/CHAPTER/*.trans.txt";
    }

    @Override
    public Detection detect(Path folder) {
        boolean none = PARTS.stream().noneMatch(p -> Files.isDirectory(folder.resolve(p.folder)));
        return none ? new Detection.Absent() : new Detection.Present(folder, "SLR12");
    }

    @Override
    public List<TestPart> read(Path root) {
        List<TestPart> parts = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (Part part : PARTS) {
            Path folder = root.resolve(part.folder);
            if (!Files.isDirectory(folder)) {
                absent.add("there is no " + part.folder + " in " + root);
                continue;
            }
            try {
                parts.add(read(part, folder));
            } catch (DatasetException e) {
                e.faults().forEach(f -> faults.add(part.folder + ": " + f));
            }
        }
        if (parts.isEmpty() && faults.isEmpty()) {
            faults.addAll(absent);
        }
        if (!faults.isEmpty()) {
            throw new DatasetException(root.toString(), faults, Folders.REMEDY);
        }
        if (!absent.isEmpty()) {
            TestPart only = parts.get(0);
            List<String> warnings = new ArrayList<>(only.warnings());
            warnings.addAll(absent);
            parts.set(0, new TestPart(only.name(), only.release(), only.utterances(), warnings));
        }
        return parts;
    }

    private static TestPart read(Part part, Path folder) {
        Problems problems = new Problems(folder);
        List<Utterance> utterances = new ArrayList<>();
        Set<Path> told = new HashSet<>();
        List<Path> recordings = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder, 3)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".trans.txt")) {
                    transcripts(file, utterances, told, problems);
                } else if (name.endsWith(".flac")) {
                    recordings.add(file.toAbsolutePath().normalize());
                }
            }
        } catch (IOException | UncheckedIOException e) {
            problems.fault("cannot be read: " + FailureText.reason(e));
        }
        problems.warnOf(
                "no transcript for",
                recordings.stream()
                        .filter(r -> !told.contains(r))
                        .map(problems::name)
                        .toList());
        problems.expect("utterances", part.utterances, 0, utterances.size());
        problems.expect("speakers", part.speakers, 0, (int)
                utterances.stream().map(Utterance::speaker).distinct().count());
        return new TestPart(part.name, "SLR12", utterances, problems.finish(utterances, Folders.REMEDY));
    }

    private static void transcripts(Path file, List<Utterance> utterances, Set<Path> told, Problems problems) {
        List<String> lines = problems.lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String place = problems.name(file) + " line " + (i + 1);
            String[] parts = lines.get(i).strip().split(" ", 2);
            if (parts[0].isEmpty()) {
                continue;
            }
            Path audio = problems.inside(file.toAbsolutePath().getParent(), parts[0] + ".flac", place);
            if (!parts[0].matches("\\d+-\\d+-\\d+")) {
                problems.fault(place + ": \"" + parts[0] + "\" is no SPEAKER-CHAPTER-NUMBER");
            } else if (problems.isNew(parts[0], place) && audio != null) {
                told.add(audio);
                double seconds = problems.seconds(audio);
                if (seconds > 0) {
                    String speaker = parts[0].substring(0, parts[0].indexOf('-'));
                    utterances.add(Utterance.ofFile(
                            parts[0], audio, seconds, speaker, parts.length > 1 ? parts[1].strip() : ""));
                }
            }
        }
    }
}
