package org.omniscribe.app.cli.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.omniscribe.asr.feature.FeatureException;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Position;
import org.omniscribe.export.checkpoint.ForeignNetwork;
import org.omniscribe.export.checkpoint.NameMapping;
import org.omniscribe.export.onnx.Importer;
import org.omniscribe.export.onnx.OmniRouterGraph.Precision;
import org.omniscribe.export.onnx.WhisperImporter;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What a checkpoint does not say of its model; the same for one from a file and one from a server. */
final class ImportOptions {
    /** What an imported network may see; chunks are no matter of a checkpoint. */
    private enum Seen {
        FULL(Attention.FULL),
        CAUSAL(Attention.CAUSAL);

        private final Attention attention;

        Seen(Attention attention) {
            this.attention = attention;
        }

        Attention attention() {
            return attention;
        }
    }

    @Option(names = "--heads", paramLabel = "N", description = "Attention heads. Default: as many as are 64 wide.")
    private Integer heads;

    @Option(
            names = "--attention",
            paramLabel = "KIND",
            description =
                    "What a step sees: ${COMPLETION-CANDIDATES}. Default: FULL, unless the checkpoint says other.")
    private Seen attention;

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "The tokens: a SentencePiece model (.model), or a text with one a line. Without them the"
                    + " model writes numbers. Of a Whisper model: its tokenizer.json, where it is not beside it.")
    private Path tokens;

    @Option(
            names = "--blank",
            paramLabel = "ID",
            defaultValue = "0",
            description = "Which output is the CTC blank, counted from 0. Default: ${DEFAULT-VALUE}.")
    private int blank;

    @Option(names = "--no-positions", description = "The network adds no sinusoids to its input.")
    private boolean withoutPositions;

    @Option(names = "--mapping", paramLabel = "FILE.json", description = "What is known of names, see above.")
    private Path mapping;

    @Option(
            names = "--spec",
            paramLabel = "FILE.json",
            description = "How the features that it was trained on differ from the usual ones, as for the command"
                    + " features.")
    private Path spec;

    @Option(
            names = "--precision",
            paramLabel = "PRECISION",
            defaultValue = "FLOAT16",
            description = "How weights are stored: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Precision precision;

    /** What the user said; of attention else what is known of the model. */
    Importer.Options with(
            CommandLine command,
            String name,
            Optional<String> part,
            Set<String> opaque,
            String licence,
            Optional<Attention> known) {
        Optional<FeatureSpec> features = Optional.ofNullable(spec).map(file -> features(command, file));
        return new Importer.Options(
                new ForeignNetwork.Choices(
                        Optional.ofNullable(heads),
                        Optional.ofNullable(attention).map(Seen::attention).or(() -> known),
                        withoutPositions ? new Position.None() : new Position.Sinusoid(),
                        features.orElse(FeatureSpec.standard()).bins(),
                        blank,
                        mapping == null ? NameMapping.NONE : NameMapping.read(mapping)),
                part,
                opaque,
                Optional.ofNullable(tokens),
                features,
                precision,
                name,
                licence);
    }

    /** What the user said of a Whisper model, which says most things itself. */
    WhisperImporter.Options whisper(CommandLine command, String name, Set<String> opaque) {
        List<String> needless = new ArrayList<>();
        Map<String, Boolean> given = new LinkedHashMap<>();
        given.put("--heads", heads != null);
        given.put("--attention", attention != null);
        given.put("--blank", blank != 0);
        given.put("--no-positions", withoutPositions);
        given.put("--mapping", mapping != null);
        given.put("--spec", spec != null);
        given.forEach((option, is) -> {
            if (is) {
                needless.add(option);
            }
        });
        if (!needless.isEmpty()) {
            throw new ParameterException(
                    command,
                    "this is a Whisper model, which says itself what it is. Leave out " + String.join(", ", needless));
        }
        return new WhisperImporter.Options(Optional.ofNullable(tokens), opaque, precision, name);
    }

    private static FeatureSpec features(CommandLine command, Path file) {
        try {
            return FeatureSpec.standard().changedBy(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ParameterException(
                    command, file + ": cannot be read (" + FailureText.reason(e) + "). Check the name after --spec.");
        } catch (FeatureException e) {
            throw new ParameterException(command, file + ": " + String.join("; ", e.faults()));
        }
    }
}
