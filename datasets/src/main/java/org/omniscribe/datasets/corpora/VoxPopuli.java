package org.omniscribe.datasets.corpora;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.omniscribe.datasets.Corpus;
import org.omniscribe.datasets.Detection;
import org.omniscribe.datasets.Problems;
import org.omniscribe.datasets.TestPart;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.datasets.download.Checksum;
import org.omniscribe.datasets.download.DownloadStep;
import org.omniscribe.datasets.download.RemoteFile;

/**
 * VoxPopuli, English, in either of the forms in which its makers give it: as their {@code get_asr_data} leaves it, {@code
 * asr_test.tsv} and an Ogg a segment, in folders by year; or as they put it on the Hugging Face hub, with WAV. Text: their
 * normalised one; rows without it are left out, as in their own scoring.
 */
final class VoxPopuli implements Corpus {
    private static final int UTTERANCES = 1842;
    private static final String FOLDER = "transcribed_data/en";
    private static final String HUB_FOLDER = "data/en";
    private static final String HUB = "https://huggingface.co/datasets/facebook/voxpopuli/resolve/"
            + "4ca6fb6d6bb37af66991d05974e6abcadd4b181e/data/en/";
    private static final String COMMANDS = "python -m voxpopuli.download_audios --root DIR --subset asr, then"
            + " python -m voxpopuli.get_asr_data --root DIR --lang en";

    @Override
    public String name() {
        return "voxpopuli";
    }

    @Override
    public String title() {
        return "VoxPopuli, English test set";
    }

    @Override
    public String licence() {
        return "CC0; the European Parliament's legal notice holds for the recordings";
    }

    @Override
    public List<String> source() {
        return List.of(
                HUB + "asr_test.tsv and " + HUB + "test/test_part_0.tar.gz,",
                "as " + HUB_FOLDER + "/asr_test.tsv and " + HUB_FOLDER + "/test/test_part_0/*.wav; or with",
                "https://github.com/facebookresearch/voxpopuli : " + COMMANDS);
    }

    @Override
    public List<DownloadStep> downloads() {
        return List.of(
                new DownloadStep.Keep(
                        new RemoteFile(HUB + "asr_test.tsv"), "voxpopuli/" + HUB_FOLDER + "/asr_test.tsv"),
                new DownloadStep.Unpack(
                        new RemoteFile(
                                HUB + "test/test_part_0.tar.gz",
                                Checksum.sha256("9215acb6c49bbbb6ab4e20048faafae229aed2665fff7a8d559c7c9335e0ef73")),
                        "(?:.*/)?([^/]+\\.wav)",
                        "voxpopuli/" + HUB_FOLDER + "/test/test_part_0/$1"));
    }

    @Override
    public String layout() {
        return "file " + FOLDER + "/asr_test.tsv or " + HUB_FOLDER + "/asr_test.tsv";
    }

    @Override
    public Detection detect(Path folder) {
        if (Files.isRegularFile(folder.resolve(FOLDER).resolve("asr_test.tsv"))) {
            return new Detection.Present(folder, "asr_test.tsv");
        }
        if (Files.isRegularFile(folder.resolve(HUB_FOLDER).resolve("asr_test.tsv"))) {
            return Files.isDirectory(folder.resolve(HUB_FOLDER).resolve("test"))
                    ? new Detection.Present(folder, "Hugging Face hub")
                    : new Detection.Incomplete(
                            folder.resolve(HUB_FOLDER) + " has no folder test: unpack test/test_part_0.tar.gz there");
        }
        if (Files.isRegularFile(folder.resolve(FOLDER).resolve("asr_en.tsv.gz"))
                || Files.isDirectory(folder.resolve("raw_audios/original"))) {
            return new Detection.Incomplete(folder + " holds whole sessions, not yet cut: " + COMMANDS);
        }
        return new Detection.Absent();
    }

    @Override
    public List<TestPart> read(Path root) {
        Problems problems = new Problems(root);
        boolean hub = !Files.isDirectory(root.resolve(FOLDER));
        Path folder = root.resolve(hub ? HUB_FOLDER : FOLDER);
        Path clips = hub ? Folders.folder(folder, "test/test_part_0", "test").orElse(folder) : folder;
        List<Utterance> utterances = new ArrayList<>();
        int empty = 0;
        for (Tsv.Row row : Tsv.read(folder.resolve("asr_test.tsv"), problems, "id", "normalized_text", "speaker_id")) {
            String id = row.get("id");
            if (id.length() < 4) {
                problems.fault(row.place() + ": id \"" + id + "\" does not begin with a year");
                continue;
            }
            String file = hub ? id + ".wav" : id.substring(0, 4) + "/" + id + ".ogg";
            Path audio = problems.inside(clips, file, row.place());
            if (row.get("normalized_text").isEmpty()) {
                empty++;
            } else if (audio != null && problems.isNew(id, row.place())) {
                double seconds = problems.seconds(audio);
                if (seconds > 0) {
                    String speaker = row.get("speaker_id").equals("None") ? "" : row.get("speaker_id");
                    utterances.add(Utterance.ofFile(id, audio, seconds, speaker, row.get("normalized_text")));
                }
            }
        }
        if (empty > 0) {
            problems.warn(empty + " rows have no normalised text; they are left out");
        }
        problems.expect("utterances, with those left out,", UTTERANCES, 0, utterances.size() + empty);
        List<String> warnings = problems.finish(utterances, Folders.REMEDY);
        return List.of(new TestPart(name(), hub ? "Hugging Face hub" : "asr_test.tsv", utterances, warnings));
    }
}
