package org.omniscribe.datasets.corpora;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
 * TED-LIUM 3, the legacy test set, which is that of releases 1 and 2 too: STM and SPHERE, a pair a talk.
 *
 * <p>Text: noises in braces, {@code <sil>}, {@code <unk>}, pronunciation marks such as {@code (2)} and the name of the
 * utterance at the end are dropped; clitics are joined to their words ({@code i 'd} becomes {@code i'd}), as in Kaldi's and
 * lhotse's recipes.
 */
final class TedLium implements Corpus {
    private static final List<String> TALKS = List.of(
            "AimeeMullins_2009P",
            "BillGates_2010",
            "DanBarber_2010",
            "DanielKahneman_2010",
            "EricMead_2009P",
            "GaryFlake_2010",
            "JamesCameron_2010",
            "JaneMcGonigal_2010",
            "MichaelSpecter_2010",
            "RobertGupta_2010U",
            "TomWujec_2010U");
    /** A copy of the archive that the makers had on the hub; they took it down, and that of openslr.org is gone too. */
    private static final RemoteFile TEST = new RemoteFile(
            "https://huggingface.co/datasets/kfajdsl/tedlium/resolve/"
                    + "b3c6724dbeafb7b48425b3bf44c40ccf0b201b54/TEDLIUM_release3/legacy/test.tar.gz",
            306_583_330,
            Checksum.sha256("6be5e49a4dfc11ca4f4404acfefeadea3dda02f6d615342df4bb2e3cc37e530d"));

    private static final int SEGMENTS = 1155;

    @Override
    public String name() {
        return "tedlium";
    }

    @Override
    public String title() {
        return "TED-LIUM 3, legacy test set";
    }

    @Override
    public String licence() {
        return "CC BY-NC-ND 3.0: not for commercial use";
    }

    @Override
    public List<String> source() {
        return List.of(
                TEST.uri() + " (a copy; the makers and openslr.org do not offer it any more), or",
                "of a TEDLIUM_release-3.tgz (SLR51, 50 GB) that you have, legacy/test:",
                "tar xf TEDLIUM_release-3.tgz TEDLIUM_release-3/legacy/test");
    }

    @Override
    public List<DownloadStep> downloads() {
        return List.of(
                new DownloadStep.Unpack(TEST, "(?:.*/)?([^/]+\\.(stm|sph))", "TEDLIUM_release-3/legacy/test/$2/$1"));
    }

    @Override
    public String layout() {
        return "folder legacy/test/stm or test/stm with *.stm";
    }

    @Override
    public Detection detect(Path folder) {
        boolean legacy = Files.isDirectory(folder.resolve("legacy/test/stm"));
        if (!legacy && !Files.isDirectory(folder.resolve("test/stm"))) {
            return new Detection.Absent();
        }
        Path test = test(folder);
        if (!Files.isDirectory(test.resolve("sph"))) {
            return new Detection.Incomplete(test + " has stm but no sph: unpack the audio too");
        }
        return new Detection.Present(folder, legacy ? "release 3" : "release 1 or 2");
    }

    private static Path test(Path root) {
        return Folders.folder(root, "legacy/test", "test").orElse(root);
    }

    @Override
    public List<TestPart> read(Path root) {
        Problems problems = new Problems(root);
        Path test = test(root);
        List<Utterance> utterances = new ArrayList<>();
        List<Path> transcripts = List.of();
        try (Stream<Path> files = Files.list(test.resolve("stm"))) {
            transcripts = files.filter(f -> f.getFileName().toString().endsWith(".stm"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            problems.fault("stm cannot be read: " + FailureText.reason(e));
        }
        for (Path transcript : transcripts) {
            for (Stm.Line line : Stm.read(transcript, problems)) {
                Path audio = problems.inside(test.resolve("sph"), line.file() + ".sph", line.place());
                String id = line.id(line.file(), 7);
                if (audio != null && problems.isNew(id, line.place()) && problems.isThere(audio)) {
                    utterances.add(new Utterance(
                            id,
                            audio,
                            line.start(),
                            line.end(),
                            Utterance.ALL_CHANNELS,
                            line.speaker(),
                            clean(line.text())));
                }
            }
        }
        List<Path> found = transcripts;
        problems.warnOf(
                "talks without a transcript",
                TALKS.stream()
                        .filter(t -> found.stream()
                                .noneMatch(f -> f.getFileName().toString().equals(t + ".stm")))
                        .toList());
        problems.expect("segments", SEGMENTS, 0, utterances.size());
        boolean legacy = test.getParent().endsWith("legacy");
        List<String> warnings = problems.finish(utterances, Folders.REMEDY);
        return List.of(new TestPart("tedlium", legacy ? "release 3" : "release 1 or 2", utterances, warnings));
    }

    static String clean(String text) {
        return text.replaceAll("\\([^ ]*\\)$", "")
                .replaceAll("\\{[^}]*}|<sil>|<unk>", " ")
                .replaceAll("\\(\\d+\\)", "")
                .replaceAll("\\s+", " ")
                .replaceAll(" '([a-z])", "'$1")
                .strip();
    }
}
