package org.omniscribe.app.cli.lm;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.asr.decode.LanguageModel;
import org.omniscribe.export.lm.Perplexity;
import org.omniscribe.export.lm.Sentences;
import org.omniscribe.export.lm.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe lm}: language models, which tell likely words from unlikely ones. */
@Command(
        name = "lm",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = LanguageModelMixCommand.class,
        description = "Train, mix and measure language models.")
public final class LanguageModelCommand {
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
                            names = "--min-count",
                            paramLabel = "N",
                            defaultValue = "2",
                            description = "How often a word must be seen to be in the vocabulary. Default:"
                                    + " ${DEFAULT-VALUE}.")
                    int minCount,
            @Mixin LanguageModelOptions options)
            throws IOException {
        long limit = options.limit();
        Sentences sentences = options.sentences();
        texts.forEach(sentences::add);
        PrintWriter err = spec.commandLine().getErr();
        err.printf(
                Locale.ROOT,
                "omniscribe: %d sentences, %d more left out%n",
                sentences.kept().size(),
                sentences.dropped());
        TrainedModel model = TrainedModel.train(sentences.kept(), options.order(), options.words(), minCount)
                .prunedTo(limit);
        options.tellSizes(model);
        options.write(model);
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
            out.println(line(text.toString(), Perplexity.of(model, sentences.kept())));
        }
        out.flush();
        return ExitCode.DONE;
    }

    /** How well a model foretells a text, for people to read. */
    static String line(String text, Perplexity p) {
        return String.format(
                Locale.ROOT,
                "%s: %d sentences, %d words, %d unknown; perplexity %.2f, without the unknown %.2f",
                text,
                p.sentences(),
                p.words(),
                p.unknown(),
                p.total(),
                p.known());
    }

    @Spec
    private CommandSpec spec;
}
