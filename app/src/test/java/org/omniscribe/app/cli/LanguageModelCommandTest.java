package org.omniscribe.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        String tiny = TranscribeCommandTest.MODEL.toString();
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
        String tiny = TranscribeCommandTest.MODEL.toString();
        Path phrases = Files.writeString(folder.resolve("phrases.txt"), "# commands\nwater\nthe river\n");
        Run run = Run.of("transcribe", RIVER, "--model", tiny, "--phrases", phrases.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().matches("((water|the river)\\s+)*"), run.out());
        String twice = "transcribe --phrases " + phrases + " --beam 4 " + RIVER;
        assertEquals(ExitCode.USAGE, Run.of(twice.split(" ")).exitCode());
    }

    @Test
    void whatCannotBeUsedIsTold() throws IOException {
        String tiny = TranscribeCommandTest.MODEL.toString();
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
}
