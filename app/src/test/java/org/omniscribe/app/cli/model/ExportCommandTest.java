package org.omniscribe.app.cli.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.Run;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.asr.decode.Pronunciations;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.ConfidenceMap;
import org.omniscribe.asr.model.LexiconSettings;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.testing.TestResources;
import org.omniscribe.export.checkpoint.OmniRouterParameters;
import org.omniscribe.export.checkpoint.SafeTensors;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

class ExportCommandTest {
    @TempDir
    Path folder;

    /**
     * A checkpoint with random weights of the shape, the features and the tokens of the tiny model, and with phones if
     * there are any.
     */
    private Path checkpoint(String... phones) {
        ModelBundle tiny = ModelBundle.open(TestResources.tinyModel());
        ObjectMapper json = new ObjectMapper();
        ObjectNode shape = json.valueToTree(tiny.architecture());
        Architecture architecture = json.convertValue(shape.put("phones", phones.length), Architecture.class);
        Random random = new Random(1);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        OmniRouterParameters.shapes(architecture).forEach((name, extents) -> {
            float[] values = new float[(int) LongStream.of(extents).reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian() * 0.2f;
            }
            tensors.put(name, new Tensor(extents, values));
        });
        Map<String, String> metadata = new LinkedHashMap<>(Map.of(
                "name", "small",
                "architecture", json.valueToTree(architecture).toString(),
                "features", FeatureSpec.standard().toJson().toString(),
                "tokens", String.join("\n", tiny.vocabulary().tokens())));
        if (phones.length > 0) {
            metadata.put("phones", String.join("\n", phones));
        }
        Path file = folder.resolve("small.safetensors");
        SafeTensors.write(file, tensors, metadata);
        return file;
    }

    @Test
    void aCheckpointBecomesABundleThatTranscribes() throws IOException {
        Path card = Files.writeString(folder.resolve("card.json"), "{\"name\": \"mine\", \"licence\": \"CC0-1.0\"}");
        Path bundle = folder.resolve("mine.zip");
        Run run = Run.of("export", checkpoint().toString(), "-o", bundle.toString(), "--card", card.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().startsWith(bundle + "  mine  2x4 shared"), run.out());

        run = Run.of("transcribe", Path.of("..", "docs", "sample", "river.wav").toString(), "-m", bundle.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
    }

    @Test
    void aNetworkThatReadsOutPhonesFindsTheWordsOfALexicon() throws IOException {
        Path model = Files.writeString(
                folder.resolve("lm.arpa"),
                "\\data\\\nngram 1=5\n\n\\1-grams:\n-99 <s>\n-1 </s>\n-1 <unk>\n-0.5 pa\n-0.5 ma\n\n\\end\\\n");
        Path words = Files.writeString(folder.resolve("words.dict"), "pa P AA1\nma M AA1\nmap M AE1 P\n");
        Path bundle = folder.resolve("sounds");
        String checkpoint = checkpoint("<blank>", "P", "M", "AA").toString();
        Run run = Run.of("export", checkpoint, "-o", bundle.toString(), "--lexicon", words.toString());
        assertEquals(ExitCode.USAGE, run.exitCode());
        run = Run.of(
                "export",
                checkpoint,
                "-o",
                bundle.toString(),
                "--lexicon",
                words.toString(),
                "--lm",
                model.toString(),
                "--word-bonus",
                "5");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(
                Set.of("pa", "ma"),
                Pronunciations.read(bundle.resolve(ModelBundle.LEXICON)).words().keySet());
        run = Run.of("model", "info", bundle.toString());
        assertTrue(run.out().contains("by sound, beam of"), run.out());

        String sample = Path.of("..", "docs", "sample", "river.wav").toString();
        run = Run.of("transcribe", sample, "-m", bundle.toString(), "--keep-noise");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().matches("((pa|ma)\\s+)+"), "random weights, but words of the lexicon: " + run.out());
        for (List<String> wrong : List.of(
                List.of("--decoder", "greedy", "--text-weight", "1"),
                List.of("--decoder", "lexicon", "--unknown-word", "-1"))) {
            List<String> line = new ArrayList<>(List.of("transcribe", sample, "-m", bundle.toString()));
            line.addAll(wrong);
            assertEquals(ExitCode.USAGE, Run.of(line.toArray(String[]::new)).exitCode(), wrong.toString());
        }
        run = Run.of("transcribe", sample, "-m", TestResources.tinyModel().toString(), "--decoder", "lexicon");
        assertEquals(ExitCode.ENVIRONMENT, run.exitCode());
        assertTrue(run.err().contains("has no pronunciation lexicon"), run.err());
        Path phrases = Files.writeString(folder.resolve("phrases.txt"), "ma ma pa\n");
        run = Run.of("transcribe", sample, "-m", bundle.toString(), "--phrases", phrases.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().matches("((ma\\s+ma\\s+pa)\\s+)*"), run.out());
        givesChoices(sample, bundle);
        tunes(bundle);
    }

    private void givesChoices(String sample, Path bundle) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                "transcribe",
                sample,
                "-m",
                bundle.toString(),
                "-f",
                "json",
                "-o",
                "-",
                "--keep-noise",
                "--nbest",
                "3"));
        Run run = Run.of(line.toArray(String[]::new));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        JsonNode json = new ObjectMapper().readTree(run.out());
        JsonNode texts = json.at("/nbest/0/texts");
        assertEquals(3, texts.size(), run.out());
        assertEquals(json.get("text"), texts.get(0).get("text"));
        assertTrue(texts.get(0).get("score").asDouble()
                >= texts.get(1).get("score").asDouble());
        line.set(line.size() - 1, "0");
        assertEquals(ExitCode.USAGE, Run.of(line.toArray(String[]::new)).exitCode());
    }

    private void tunes(Path bundle) throws IOException {
        Path set = Files.createDirectory(folder.resolve("dev"));
        Files.copy(Path.of("..", "docs", "sample", "river.wav"), set.resolve("river.wav"));
        Files.writeString(set.resolve("manifest.tsv"), "river.wav\t5\ta\tpa ma ma\n");
        Path tuned = folder.resolve("tuned.zip");
        Run run = Run.of("tune", set.toString(), "-m", bundle.toString(), "-o", tuned.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().contains("expected calibration error"), run.out());
        LexiconSettings found = ModelBundle.open(tuned).manifest().lexicon();
        String best = "best: --lm-weight " + found.languageWeight() + " --word-bonus " + found.wordBonus()
                + " --text-weight " + found.textWeight();
        assertTrue(run.out().contains(best), run.out());
        assertTrue(found.wordBonus() < 5, "fewer words are fewer errors: " + run.out());
        assertNotEquals(ConfidenceMap.SHARE, found.confidence());

        run = Run.of("tune", set.toString(), "-m", TestResources.tinyModel().toString());
        assertEquals(ExitCode.ENVIRONMENT, run.exitCode());
        assertTrue(run.err().contains("no language model"), run.err());
    }

    @Test
    void whatIsNoCheckpointIsToldAndLeavesNoBundle() throws IOException {
        Path file = Files.writeString(folder.resolve("a.safetensors"), "nothing");
        Path bundle = folder.resolve("bundle");
        Run run = Run.of("export", file.toString(), "-o", bundle.toString());
        assertEquals(ExitCode.ENVIRONMENT, run.exitCode());
        assertTrue(run.err().startsWith("omniscribe: " + file), run.err());
        assertFalse(Files.exists(bundle));
    }

    @Test
    void aBundleMustBeNamed() {
        assertEquals(ExitCode.USAGE, Run.of("export", "a.safetensors").exitCode());
    }
}
