package org.omniscribe.app.cli.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.Run;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.asr.testing.TestResources;

/** Language models from text to transcript, with the tiny network of {@link TranscribeCommandTest}. */
class LanguageModelCommandTest {
    private static final String RIVER =
            Path.of("..", "docs", "sample", "river.wav").toString();

    @TempDir
    Path folder;

    private Path model(String name, String... more) throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "the river is deep\nthe river is long\n");
        Path model = folder.resolve(name);
        List<String> args =
                new ArrayList<>(List.of("lm", "train", text.toString(), "--min-count", "1", "--out", model.toString()));
        args.addAll(List.of(more));
        Run run = Run.of(args.toArray(String[]::new));
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return model;
    }

    @Test
    void arpaAndBinaryTellTheSamePerplexity() throws IOException {
        Path text = Files.writeString(folder.resolve("held.txt"), "the river is wide\n");
        String arpa = Run.of("lm", "perplexity", model("lm.arpa").toString(), text.toString())
                .out();
        String binary = Run.of(
                        "lm",
                        "perplexity",
                        model("lm.bin", "--size-limit", "6M").toString(),
                        text.toString())
                .out();
        assertTrue(arpa.contains("1 sentences, 4 words, 1 unknown; perplexity "), arpa);
        assertEquals(arpa, binary);
    }

    @Test
    void transcribeUsesALanguageModelAndHoldsItselfToItsWords() throws IOException {
        Path model = model("lm.bin");
        String tiny = TestResources.tinyModel().toString();
        Run greedy = Run.of("transcribe", RIVER, "--model", tiny, "--decoder", "greedy");
        Run held = Run.of("transcribe", RIVER, "--model", tiny, "--lm", model.toString(), "--lexicon-only");
        assertEquals(ExitCode.DONE, held.exitCode(), held.err());
        assertNotEquals(greedy.out(), held.out());
        for (String word : held.out().strip().split("\\s+")) {
            assertTrue(List.of("", "the", "river", "is", "deep", "long").contains(word), held.out());
        }
    }

    @Test
    void aPhraseListIsAllThatCanBeSaid() throws IOException {
        String tiny = TestResources.tinyModel().toString();
        Path phrases = Files.writeString(folder.resolve("phrases.txt"), "# commands\nwater\nthe river\n");
        Run run = Run.of("transcribe", RIVER, "--model", tiny, "--phrases", phrases.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().matches("((water|the river)\\s+)*"), run.out());
        String twice = "transcribe --phrases " + phrases + " --beam 4 " + RIVER;
        assertEquals(ExitCode.USAGE, Run.of(twice.split(" ")).exitCode());
    }

    @Test
    void whatCannotBeUsedIsTold() throws IOException {
        String tiny = TestResources.tinyModel().toString();
        assertEquals(
                ExitCode.USAGE,
                Run.of("transcribe", RIVER, "--decoder", "greedy", "--beam", "4")
                        .exitCode());
        assertEquals(
                ExitCode.USAGE,
                Run.of("transcribe", RIVER, "--model", tiny, "--beam", "0").exitCode());
        Path hotwords = Files.writeString(folder.resolve("hot.txt"), "river\tmany\n# names\nOhio\t3\n\tx\n");
        Run run = Run.of("transcribe", RIVER, "--model", tiny, "--hotwords", hotwords.toString());
        assertEquals(ExitCode.ENVIRONMENT, run.exitCode());
        assertTrue(run.err().contains("line 1: \"many\" is no number; line 4"), run.err());
        Run none = Run.of("transcribe", RIVER, "--model", tiny, "--lexicon-only");
        assertEquals(ExitCode.ENVIRONMENT, none.exitCode());
        assertTrue(none.err().contains("has no language model"), none.err());
        assertEquals(
                ExitCode.USAGE,
                Run.of("lm", "train", "x.txt", "--out", "y", "--size-limit", "six")
                        .exitCode());
        assertEquals(
                ExitCode.ENVIRONMENT,
                Run.of("lm", "train", folder.resolve("none").toString(), "--out", "y")
                        .exitCode());
    }

    private static final Pattern PERPLEXITY = Pattern.compile("dev\\.txt: .* perplexity ([0-9.]+), ");

    /** What the first line about the held-out text says. */
    private static double perplexity(String output) {
        Matcher matcher = PERPLEXITY.matcher(output);
        assertTrue(matcher.find(), output);
        return Double.parseDouble(matcher.group(1));
    }

    private String text(String name, String... lines) throws IOException {
        return Files.write(folder.resolve(name), List.of(lines)).toString();
    }

    private String river() throws IOException {
        return text(
                "river.txt", "the river is deep", "the river is long", "a river is wide", "the boat is on the river");
    }

    private String kitchen() throws IOException {
        return text("kitchen.txt", "cut the bread", "cut the cheese", "eat the bread and the cheese", "eat a soup");
    }

    private String dev() throws IOException {
        return text("dev.txt", "the boat is wide", "the river is on the boat", "eat the cheese", "cut a soup");
    }

    @Test
    void aMixtureForetellsBetterThanEachOfItsParts() throws IOException {
        String out = folder.resolve("mix.bin").toString();
        Run mixed = Run.of("lm", "mix", river(), kitchen(), "--dev", dev(), "-o", out, "--words", "20");
        assertEquals(ExitCode.DONE, mixed.exitCode(), mixed.err());
        assertTrue(mixed.err().contains("river.txt: 4 sentences, 18 words, 0 more"), mixed.err());
        assertTrue(
                Pattern.compile("weight 0\\.[0-9]+: .*kitchen")
                        .matcher(mixed.err())
                        .find(),
                mixed.err());
        assertTrue(mixed.err().contains(" 3-grams"), mixed.err());
        double perplexity = perplexity(Run.of("lm", "perplexity", out, dev()).out());
        assertEquals(perplexity(mixed.err()), perplexity, 0.02 * perplexity);
        for (String part : List.of(river(), kitchen())) {
            String alone = folder.resolve("alone.arpa").toString();
            Run.of("lm", "train", part, "--min-count", "1", "--out", alone);
            assertTrue(perplexity
                    < perplexity(Run.of("lm", "perplexity", alone, dev()).out()));
        }
    }

    @Test
    void partsAreModelsAndTextsJoinedAndTheMixtureIsPrunedToASize() throws IOException {
        String arpa = model("lm.arpa").toString();
        String binary = model("lm.bin").toString();
        String joined = river() + "+" + kitchen();
        String out = folder.resolve("mix.arpa").toString();
        List<String> args = new ArrayList<>(List.of("lm", "mix", joined, arpa, binary, "--dev", dev(), "-o", out));
        Run whole = Run.of(args.toArray(String[]::new));
        assertEquals(ExitCode.DONE, whole.exitCode(), whole.err());
        assertTrue(whole.err().contains("kitchen.txt: 8 sentences, 33 words"), whole.err());
        assertTrue(whole.err().contains("lm.bin: a model of 8 words, order 3"), whole.err());
        assertFalse(whole.err().contains("pruned"), whole.err());
        args.addAll(List.of("--size-limit", "400"));
        Run pruned = Run.of(args.toArray(String[]::new));
        assertEquals(ExitCode.DONE, pruned.exitCode(), pruned.err());
        String after = pruned.err().substring(pruned.err().indexOf("pruned:"));
        assertTrue(perplexity(after) > perplexity(whole.err()), pruned.err());
        double written = perplexity(Run.of("lm", "perplexity", out, dev()).out());
        assertEquals(perplexity(after), written, 0.011);
    }

    @Test
    void sentencesOfDevAndTestAreLeftOutOfThePartsOfAMixture() throws IOException {
        String test = text("test.txt", "A river is wide.");
        String with = text("with.txt", "a river is wide", "the boat is wide", "the sea is wide", "the sea is deep");
        String out = folder.resolve("mix.bin").toString();
        Run run = Run.of("lm", "mix", with, kitchen(), "--dev", dev(), "--leave-out", test, "-o", out);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.err().contains("with.txt: 2 sentences, 8 words, 2 more"), run.err());
    }

    @Test
    void whatCannotBeMixedIsTold() throws IOException {
        String arpa = model("lm.arpa").toString();
        assertMixFails(ExitCode.USAGE, "two parts at least", river());
        assertMixFails(ExitCode.USAGE, "is a model and cannot be joined", river(), kitchen() + "+" + arpa);
        assertMixFails(ExitCode.USAGE, "unpack it first", river(), text("x.arpa.gz", ""));
        assertMixFails(ExitCode.USAGE, "--size-limit", river(), kitchen(), "--size-limit", "-1");
        assertMixFails(ExitCode.ENVIRONMENT, "order must be from 1 to 4", river(), kitchen(), "--order", "5");
        assertMixFails(ExitCode.ENVIRONMENT, "1 to 65533", river(), kitchen(), "--words", "65534");
        assertMixFails(ExitCode.ENVIRONMENT, "none.txt: cannot be read", river(), folder.resolve("none.txt") + "");
        assertMixFails(ExitCode.ENVIRONMENT, "no \\data\\", river(), text("text.arpa", "no model"));
        assertMixFails(ExitCode.ENVIRONMENT, "empty.txt has no sentence", river(), text("empty.txt", "1999"));
        String foreign = text("foreign.txt", "ganz anders");
        assertMixFails(ExitCode.ENVIRONMENT, "foreign.txt has none of", river(), kitchen(), "--dev", foreign);
    }

    private void assertMixFails(int exitCode, String message, String... more) throws IOException {
        Path out = folder.resolve("mix.bin");
        List<String> args = new ArrayList<>(List.of("lm", "mix", "--dev", dev(), "-o", out.toString()));
        args.addAll(List.of(more));
        Run run = Run.of(args.toArray(String[]::new));
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertFalse(Files.exists(out));
    }
}
