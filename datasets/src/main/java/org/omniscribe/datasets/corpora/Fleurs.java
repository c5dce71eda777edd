package org.omniscribe.datasets.corpora;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.omniscribe.datasets.Corpus;
import org.omniscribe.datasets.Detection;
import org.omniscribe.datasets.Problems;
import org.omniscribe.datasets.TestPart;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.datasets.download.Checksum;
import org.omniscribe.datasets.download.DownloadStep;
import org.omniscribe.datasets.download.RemoteFile;

/**
 * FLEURS, US English: {@code test.tsv} without a header and WAV.
 *
 * <p>Columns: sentence number, file, text as written, text in lower case without punctuation, letters, samples, gender. A
 * sentence is read by several people, so the file is the utterance's name; who reads is not told. Text: as written, with
 * case, punctuation and digits, for a normaliser that knows them.
 */
final class Fleurs implements Corpus {
    private static final String HUB =
            "https://huggingface.co/datasets/google/fleurs/resolve/70bb2e84b976b7e960aa89f1c648e09c59f894dd/data/en_us/";
    private static final int UTTERANCES = 647;
    private static final int COLUMNS = 7;
    private static final double SAMPLE_RATE = 16000;

    @Override
    public String name() {
        return "fleurs";
    }

    @Override
    public String title() {
        return "FLEURS, US English test set";
    }

    @Override
    public String licence() {
        return "CC BY 4.0";
    }

    @Override
    public List<String> source() {
        return List.of(
                "https://huggingface.co/datasets/google/fleurs : data/en_us/test.tsv and data/en_us/audio/test.tar.gz",
                "Keep these paths, and unpack the archive where it is: data/en_us/audio/test/*.wav.");
    }

    @Override
    public List<DownloadStep> downloads() {
        return List.of(
                new DownloadStep.Keep(
                        new RemoteFile(
                                HUB + "test.tsv",
                                367_864,
                                Checksum.sha256("74c046239374deeb60fa63f258f907388093a32bcaa3140965f70ef05c79f7ca")),
                        "fleurs/data/en_us/test.tsv"),
                new DownloadStep.Unpack(
                        new RemoteFile(
                                HUB + "audio/test.tar.gz",
                                289_851_356,
                                Checksum.sha256("d9c2e37b41aacd41bc283554a0a82b5476b36887049774ecb2819dcaaa55a356")),
                        "(?:.*/)?(test/[^/]+\\.wav)",
                        "fleurs/data/en_us/audio/$1"));
    }

    @Override
    public String layout() {
        return "file en_us/test.tsv";
    }

    @Override
    public Detection detect(Path folder) {
        Optional<Path> table = table(folder);
        if (table.isEmpty()) {
            return new Detection.Absent();
        }
        if (audio(folder).isEmpty()) {
            Path archive = table.get().resolveSibling("audio/test.tar.gz");
            return new Detection.Incomplete(
                    Files.isRegularFile(archive)
                            ? "unpack " + archive + " where it is"
                            : table.get() + " is there, but no folder audio/test or test with its WAV files");
        }
        return new Detection.Present(folder, "en_us");
    }

    private static Optional<Path> table(Path root) {
        return Folders.file(root, "data/en_us/test.tsv", "metadata/en_us/test.tsv", "en_us/test.tsv");
    }

    private static Optional<Path> audio(Path root) {
        return Folders.folder(root, "data/en_us/audio/test", "data/en_us/test", "en_us/audio/test", "en_us/test");
    }

    @Override
    public List<TestPart> read(Path root) {
        Problems problems = new Problems(root);
        Path table = table(root).orElse(root.resolve("data/en_us/test.tsv"));
        Path folder = audio(root).orElse(root);
        List<Utterance> utterances = new ArrayList<>();
        List<String> lines = problems.lines(table);
        for (int i = 0; i < lines.size(); i++) {
            String place = problems.name(table) + " line " + (i + 1);
            String[] cells = lines.get(i).split("\t", -1);
            if (lines.get(i).isBlank()) {
                continue;
            }
            if (cells.length != COLUMNS) {
                problems.fault(place + ": " + cells.length + " columns instead of " + COLUMNS);
                continue;
            }
            String file = cells[1].strip();
            double samples = problems.number(cells[5], "the number of samples", place);
            Path audio = problems.inside(folder, file, place);
            if (audio != null && problems.isNew(file, place) && problems.isThere(audio) && samples > 0) {
                utterances.add(Utterance.ofFile(file, audio, samples / SAMPLE_RATE, "", cells[2].strip()));
            }
        }
        problems.expect("utterances", UTTERANCES, 0, utterances.size());
        List<String> warnings = problems.finish(utterances, Folders.REMEDY);
        return List.of(new TestPart(name(), "en_us", utterances, warnings));
    }
}
