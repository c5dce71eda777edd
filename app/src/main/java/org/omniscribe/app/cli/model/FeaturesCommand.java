package org.omniscribe.app.cli.model;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.app.command.Version;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.feature.FeatureException;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.feature.NpyWriter;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.OmniscribeException.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe features}: what the front end makes of a recording, for comparison with other toolkits. */
@Command(
        name = "features",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Write the log-mel frames of a recording as a numpy array of float32, frames by bins.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe features talk.wav --out talk.npy",
            "  python3 -c 'import numpy; print(numpy.load(\"talk.npy\").shape)'",
            "",
            "  echo '{\"spectrum\": {\"points\": 400}, \"framing\": {\"edges\": \"REFLECT\"}}' > spec.json",
            "  omniscribe features talk.wav --out talk.npy --spec spec.json",
            "",
            "The fields of a specification, here with the values of those that are not named:",
            "  sampleRate 16000",
            "  framing: window 400, hop 160, edges NONE (REFLECT, REFLECT_DROP_LAST)",
            "  spectrum: window HANN (HAMMING, POVEY), points 512, scale POWER (MAGNITUDE)",
            "  mel: scale HTK (SLANEY), norm NONE (SLANEY), bins 80, fmin 20, fmax 7600",
            "  logarithm: base NATURAL (TEN), floorKind MAX (ADD), floor 1e-10",
            "  normalization: kind UTTERANCE (NONE, GLOBAL with the lists mean and deviation,",
            "  PEAK with range, offset and divisor)"
        })
public final class FeaturesCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "AUDIO", description = "The recording; its channels are mixed.")
    private Path audio;

    @Option(names = "--out", paramLabel = "FILE.npy", required = true, description = "Where to write the frames.")
    private Path out;

    @Option(
            names = "--spec",
            paramLabel = "FILE.json",
            description = "A JSON object with what shall differ from the standard specification, see below.")
    private Path specFile;

    @Override
    public void run() {
        FeatureSpec spec = specFile == null ? FeatureSpec.standard() : readSpec();
        float[][] frames = frames(new LogMelFrontEnd(spec));
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(out))) {
            NpyWriter.write(file, frames, spec.bins());
        } catch (IOException e) {
            throw new CommandException(
                    Kind.ENVIRONMENT,
                    out + ": cannot be written (" + FailureText.reason(e)
                            + "). Name a file in a folder that exists and has room.");
        }
        command.commandLine()
                .getErr()
                .println(out + ": " + frames.length + " frames of " + spec.bins() + " bins, one every "
                        + spec.hopSeconds() + " s");
    }

    private FeatureSpec readSpec() {
        String json;
        try {
            json = new String(Files.readAllBytes(specFile), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ParameterException(
                    command.commandLine(),
                    specFile + ": cannot be read (" + FailureText.reason(e) + "). Check the name after --spec.");
        }
        FeatureSpec spec;
        try {
            spec = FeatureSpec.standard().changedBy(json);
        } catch (FeatureException e) {
            throw new ParameterException(command.commandLine(), specFile + ": " + String.join("; ", e.faults()));
        }
        if (spec.sampleRate() != AudioClip.SAMPLE_RATE) {
            throw new ParameterException(
                    command.commandLine(),
                    specFile + ": sampleRate must be " + AudioClip.SAMPLE_RATE
                            + ", the rate to which every recording is converted, not " + spec.sampleRate());
        }
        return spec;
    }

    private float[][] frames(LogMelFrontEnd frontEnd) {
        try (AudioReader reader = AudioReader.open(audio)) {
            LogMelFrontEnd.Session session = frontEnd.newSession();
            List<float[]> frames = new ArrayList<>();
            float[] piece = new float[AudioClip.SAMPLE_RATE];
            for (int n = reader.read(piece, 0, piece.length); n >= 0; n = reader.read(piece, 0, piece.length)) {
                Collections.addAll(frames, session.push(piece, 0, n));
            }
            Collections.addAll(frames, session.finish());
            for (String warning : reader.warnings()) {
                command.commandLine().getErr().println("omniscribe: " + audio + ": " + warning);
            }
            float[][] array = frames.toArray(new float[0][]);
            if (frontEnd.spec().normalization() instanceof FeatureSpec.Normalization.Utterance) {
                LogMelFrontEnd.normalizeUtterance(array);
            }
            return array;
        }
    }
}
