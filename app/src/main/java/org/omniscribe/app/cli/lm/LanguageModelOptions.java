package org.omniscribe.app.cli.lm;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.export.lm.Sentences;
import org.omniscribe.export.lm.TrainedModel;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of commands that make a language model: how large, of what, and where to. */
final class LanguageModelOptions {
    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--order",
            paramLabel = "N",
            defaultValue = "3",
            description = "Words of the longest n-grams, 1 to 4. Default: ${DEFAULT-VALUE}.")
    private int order;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "FILE",
            description = "What to write: ARPA text if the name ends in .arpa, else the binary form.")
    private Path out;

    @Option(
            names = "--size-limit",
            paramLabel = "BYTES",
            description = "Prune until the binary form fits; K and M are thousands and millions.")
    private String sizeLimit;

    @Option(
            names = "--words",
            paramLabel = "N",
            defaultValue = "40000",
            description = "Words in the vocabulary, at most: the most frequent. Default: ${DEFAULT-VALUE}.")
    private int words;

    @Option(
            names = "--leave-out",
            paramLabel = "TEXT",
            description = "Texts to be tested on: sentences that equal one of theirs or share six words in a row are"
                    + " not trained on. Give it once for each.")
    private List<Path> leaveOut = new ArrayList<>();

    int order() {
        return order;
    }

    int words() {
        return words;
    }

    /** Takes texts without the sentences that are to be left out. */
    Sentences sentences() {
        Sentences sentences = new Sentences();
        leaveOut.forEach(sentences::leaveOut);
        return sentences;
    }

    /** How many bytes the model may have. */
    long limit() {
        if (sizeLimit == null) {
            return Long.MAX_VALUE;
        }
        String digits = sizeLimit.replaceFirst("[KMkm]$", "");
        long factor = sizeLimit.matches(".*[Mm]") ? 1_000_000 : sizeLimit.matches(".*[Kk]") ? 1_000 : 1;
        try {
            long bytes = Math.multiplyExact(Long.parseLong(digits), factor);
            if (bytes > 0) {
                return bytes;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw badSize();
        }
        throw badSize();
    }

    private ParameterException badSize() {
        return new ParameterException(
                command.commandLine(),
                "--size-limit must be a number of bytes such as 600000, 600K or 6M, not " + sizeLimit);
    }

    /** Tells how many n-grams a model has. */
    void tellSizes(TrainedModel model) {
        for (int length = 1; length <= model.order(); length++) {
            err().printf(Locale.ROOT, "omniscribe: %d %d-grams%n", model.size(length), length);
        }
    }

    /** Writes a model in the form that the name of the file asks for. */
    void write(TrainedModel model) throws IOException {
        if (out.toString().endsWith(".arpa")) {
            AtomicFile.write(out, model::writeArpa);
        } else {
            byte[] bytes = model.binary();
            AtomicFile.writeBytes(out, bytes);
            err().printf(Locale.ROOT, "omniscribe: %s has %d bytes%n", out, bytes.length);
        }
    }

    private PrintWriter err() {
        return command.commandLine().getErr();
    }
}
