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

/**
 * VoxPopuli, English, as its makers' {@code get_asr_data} leaves it: {@code asr_test.tsv} and an Ogg a segment, in folders
 * by year. Text: their normalised one; rows without it are left out, as in their own scoring.
 */
final class VoxPopuli implements Corpus {
    private static final int UTTERANCES = 1842;
    private static final String FOLDER = "transcribed_data/en";
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
        return List.of("https://github.com/facebookresearch/voxpopuli :", COMMANDS);
    }

    @Override
    public String layout() {
        return "file " + FOLDER + "/asr_test.tsv";
    }

    @Override
    public Detection detect(Path folder) {
        if (Files.isRegularFile(folder.resolve(FOLDER).resolve("asr_test.tsv"))) {
            return new Detection.Present(folder, "asr_test.tsv");
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
        Path folder = root.resolve(FOLDER);
        List<Utterance> utterances = new ArrayList<>();
        int empty = 0;
        for (Tsv.Row row : Tsv.read(folder.resolve("asr_test.tsv"), problems, "id", "normalized_text", "speaker_id")) {
            String id = row.get("id");
            if (id.length() < 4) {
                problems.fault(row.place() + ": id \"" + id + "\" does not begin with a year");
                continue;
            }
            Path audio = problems.inside(folder, id.substring(0, 4) + "/" + id + ".ogg", row.place());
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
        return List.of(new TestPart(name(), "asr_test.tsv", utterances, warnings, List.of()));
    }
}
