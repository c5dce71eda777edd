package org.omniscribe.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.omniscribe.app.batch.AtomicFile;
import org.omniscribe.asr.decode.LanguageModel;
import org.omniscribe.export.lm.Perplexity;
import org.omniscribe.export.lm.Sentences;
import org.omniscribe.export.lm.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe lm}: language models, which tell likely words from unlikely ones. */
@Command(
        name = "lm",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Train and measure language models.")
final class LanguageModelCommand {
    private static final String TEXT =
            "Text with a sentence a line, compressed if the name ends in .gz; or a manifest of speech, if in .tsv.";

    @Command(
            name = "train",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            sortOptions = false,
            description = {
                "Train a language model on text.",
                "",
                "Text goes through the basic normaliser of \"omniscribe eval\" first; sentences with digits or signs in"
                        + " them are left out. Smoothing is interpolated modified Kneser-Ney."
            },
            footerHeading = "%nExample:%n",
            footer = "  omniscribe lm train books.txt.gz train/*/manifest.tsv --leave-out dev/cv/manifest.tsv"
                    + " --out lm.bin --size-limit 6M")
    int train(
            @Parameters(arity = "1..*", paramLabel = "TEXT", description = TEXT) List<Path> texts,
            @Option(
                            names = "--order",
                            paramLabel = "N",
                            defaultValue = "3",
                            description = "Words of the longest n-grams, 1 to 4. Default: ${DEFAULT-VALUE}.")
                    int order,
            @Option(
                            names = {"-o", "--out"},
                            required = true,
                            paramLabel = "FILE",
                            description = "What to write: ARPA text if the name ends in .arpa, else the binary form.")
                    Path out,
            @Option(
                            names = "--size-limit",
                            paramLabel = "BYTES",
                            description = "Prune until the binary form fits; K and M are thousands and millions.")
                    String sizeLimit,
            @Option(
                            names = "--words",
                            paramLabel = "N",
                            defaultValue = "40000",
                            description = "Words in the vocabulary, at most: the most frequent. Default:"
                                    + " ${DEFAULT-VALUE}.")
                    int words,
            @Option(
                            names = "--min-count",
                            paramLabel = "N",
                            defaultValue = "2",
                            description = "How often a word must be seen to be in the vocabulary. Default:"
                                    + " ${DEFAULT-VALUE}.")
                    int minCount,
            @Option(
                            names = "--leave-out",
                            paramLabel = "TEXT",
                            description = "Texts to be tested on: sentences that equal one of theirs or share six words"
                                    + " in a row are not trained on. Give it once for each.")
                    List<Path> leaveOut)
            throws IOException {
        long limit = sizeLimit == null ? Long.MAX_VALUE : bytes(sizeLimit);
        Sentences sentences = new Sentences();
        if (leaveOut != null) {
            leaveOut.forEach(sentences::leaveOut);
        }
        texts.forEach(sentences::add);
        PrintWriter err = spec.commandLine().getErr();
        err.printf(
                Locale.ROOT,
                "omniscribe: %d sentences, %d more left out%n",
                sentences.kept().size(),
                sentences.dropped());
        TrainedModel model =
                TrainedModel.train(sentences.kept(), order, words, minCount).prunedTo(limit);
        for (int length = 1; length <= model.order(); length++) {
            err.printf(Locale.ROOT, "omniscribe: %d %d-grams%n", model.size(length), length);
        }
        if (out.toString().endsWith(".arpa")) {
            AtomicFile.write(out, model::writeArpa);
        } else {
            byte[] bytes = model.binary();
            AtomicFile.writeBytes(out, bytes);
            err.printf(Locale.ROOT, "omniscribe: %s has %d bytes%n", out, bytes.length);
        }
        return ExitCode.DONE;
    }

    @Command(
            name = "perplexity",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Tell how well a language model foretells text: its perplexity by word and end of sentence.")
    int perplexity(
            @Parameters(index = "0", paramLabel = "MODEL", description = "ARPA text or the binary form.") Path file,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "TEXT", description = TEXT) List<Path> texts) {
        LanguageModel model = LanguageModel.read(file);
        PrintWriter out = spec.commandLine().getOut();
        for (Path text : texts) {
            Sentences sentences = new Sentences();
            sentences.add(text);
            Perplexity p = Perplexity.of(model, sentences.kept());
            out.printf(
                    Locale.ROOT,
                    "%s: %d sentences, %d words, %d unknown; perplexity %.2f, without the unknown %.2f%n",
                    text,
                    p.sentences(),
                    p.words(),
                    p.unknown(),
                    p.total(),
                    p.known());
        }
        out.flush();
        return ExitCode.DONE;
    }

    @Spec
    private CommandSpec spec;

    private long bytes(String text) {
        String digits = text.replaceFirst("[KMkm]$", "");
        long factor = text.matches(".*[Mm]") ? 1_000_000 : text.matches(".*[Kk]") ? 1_000 : 1;
        try {
            long bytes = Math.multiplyExact(Long.parseLong(digits), factor);
            if (bytes > 0) {
                return bytes;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw badSize(text);
        }
        throw badSize(text);
    }

    private ParameterException badSize(String text) {
        return new ParameterException(
                spec.commandLine(), "--size-limit must be a number of bytes such as 600000, 600K or 6M, not " + text);
    }
}
