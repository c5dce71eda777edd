package org.omniscribe.app.cli.lm;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.asr.decode.LanguageModel;
import org.omniscribe.export.lm.Mixture;
import org.omniscribe.export.lm.Perplexity;
import org.omniscribe.export.lm.Sentences;
import org.omniscribe.export.lm.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe lm mix}: one language model of several texts and models, each with the weight that suits. */
@Command(
        name = "mix",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Mix language models into one that suits a text.",
            "",
            "A probability of the mixture is the weighted sum of those of its parts; the weights are those under which"
                    + " the texts of --dev are most probable. Parts that hardly matter are left out. Texts are trained on"
                    + " as by \"omniscribe lm train\", without the sentences of --dev and --leave-out. The vocabulary is"
                    + " of the words most probable in the mixture."
        },
        footerHeading = "%nExample:%n",
        footer = "  omniscribe lm mix books.txt.gz talks.txt+train/cv/manifest.tsv other.arpa --dev dev/cv/manifest.tsv"
                + " --leave-out test/cv/manifest.tsv --out lm.bin --size-limit 6M")
final class LanguageModelMixCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "1..*",
            paramLabel = "PART",
            description = "Two or more of: text with a sentence a line, compressed if the name ends in .gz; a manifest"
                    + " of speech, if in .tsv; several of these that make one part, with + between them; a language"
                    + " model, as ARPA text if the name ends in .arpa, or in the binary form.")
    private List<String> names;

    @Option(
            names = "--dev",
            required = true,
            paramLabel = "TEXT",
            description = "Text like that which the model is for, to fit the weights to; never a test set. Give it once"
                    + " for each; one given twice counts twice.")
    private List<Path> dev;

    @Mixin
    private LanguageModelOptions options;

    @Override
    public Integer call() throws IOException {
        if (names.size() < 2) {
            throw new ParameterException(
                    command.commandLine(),
                    "two parts at least can be mixed, not " + names.size()
                            + "; \"omniscribe lm train\" takes one text");
        }
        long limit = options.limit();
        PrintWriter err = command.commandLine().getErr();
        List<Mixture.Text> held = dev.stream().map(this::held).toList();
        Mixture mixture = Mixture.of(parts(err), held, options.order(), options.words());
        for (int i = 0; i < names.size(); i++) {
            double weight = mixture.weights().get(i);
            String told =
                    weight > 0 ? String.format(Locale.ROOT, "weight %.4f", weight) : "too little weight, left out";
            err.printf("omniscribe: %s: %s%n", told, names.get(i));
        }
        tell(mixture.model(), held, err);
        TrainedModel pruned = mixture.model().prunedTo(limit);
        if (pruned != mixture.model()) {
            err.printf("omniscribe: pruned:%n");
            tell(pruned, held, err);
        }
        options.write(pruned);
        return ExitCode.DONE;
    }

    private Mixture.Text held(Path file) {
        Sentences sentences = new Sentences();
        sentences.add(file);
        return new Mixture.Text(file.toString(), sentences.kept());
    }

    private List<Mixture.Part> parts(PrintWriter err) {
        Sentences sentences = options.sentences();
        // Weights fitted to what a part has seen would trust that part too much.
        dev.forEach(sentences::leaveOut);
        List<Mixture.Part> parts = new ArrayList<>();
        for (String name : names) {
            List<Path> files = files(name);
            parts.add(
                    files.size() == 1 && isModel(files.get(0))
                            ? model(files.get(0), err)
                            : text(name, files, sentences, err));
        }
        return parts;
    }

    private static List<Path> files(String name) {
        return Files.exists(Path.of(name))
                ? List.of(Path.of(name))
                : Arrays.stream(name.split("\\+", -1)).map(Path::of).toList();
    }

    private static boolean isModel(Path file) {
        return file.toString().endsWith(".arpa") || Files.isRegularFile(file) && LanguageModel.isBinary(file);
    }

    private static Mixture.Part model(Path file, PrintWriter err) {
        LanguageModel model = LanguageModel.read(file);
        err.printf(
                Locale.ROOT,
                "omniscribe: %s: a model of %d words, order %d%n",
                file,
                model.words().size(),
                model.order());
        return new Mixture.Model(file.toString(), model);
    }

    private Mixture.Part text(String name, List<Path> files, Sentences sentences, PrintWriter err) {
        int before = sentences.kept().size();
        int droppedBefore = sentences.dropped();
        for (Path file : files) {
            if (isModel(file)) {
                throw new ParameterException(
                        command.commandLine(),
                        file + " is a model and cannot be joined with texts by +; name it as a part of its own");
            }
            if (file.toString().endsWith(".arpa.gz")) {
                throw new ParameterException(
                        command.commandLine(), file + " is a compressed model; unpack it first, such as with gunzip");
            }
            sentences.add(file);
        }
        Mixture.Text text = new Mixture.Text(
                name, sentences.kept().subList(before, sentences.kept().size()));
        err.printf(
                Locale.ROOT,
                "omniscribe: %s: %d sentences, %d words, %d more sentences left out%n",
                name,
                text.sentences().size(),
                text.words(),
                sentences.dropped() - droppedBefore);
        return text;
    }

    private void tell(TrainedModel model, List<Mixture.Text> held, PrintWriter err) {
        options.tellSizes(model);
        LanguageModel readable = model.model();
        for (Mixture.Text text : held) {
            err.printf(
                    "omniscribe: %s%n",
                    LanguageModelCommand.line(text.name(), Perplexity.of(readable, text.sentences())));
        }
    }
}
