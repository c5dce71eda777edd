package org.omniscribe.eval.run;

import java.util.List;
import java.util.Objects;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.model.ModelManifest;

/**
 * A system whose output is in a run: a model with a decoder, or another recogniser whose output was imported.
 *
 * @param place its place in the order of the run, from 1
 * @param name unique in the run
 * @param imported whether the output comes from files; model, decoder and machine then say what is known
 * @param model what the model is called; for imported output the file
 * @param decoder how words are found; empty if unknown
 * @param identity changes whenever the output could: checksum of the model, and the decoder's settings
 * @param machine what it ran on; empty if unknown
 * @param experts experts in each layer of the network; empty if unknown
 */
public record SystemInfo(
        int place,
        String name,
        boolean imported,
        String model,
        String decoder,
        String identity,
        String machine,
        List<Integer> experts) {
    /** Checks that the texts are there and reports every fault at once. */
    public SystemInfo {
        Faults faults = new Faults();
        if (name == null || name.isBlank()) {
            faults.add("it has no name");
        }
        if (identity == null || identity.isBlank()) {
            faults.add("it has no identity");
        }
        faults.orThrow("system");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(decoder, "decoder");
        Objects.requireNonNull(machine, "machine");
        experts = List.copyOf(experts);
    }

    /**
     * A recogniser of this library.
     *
     * @param name what the run is to call it
     * @param model its model
     * @param decoder how words are found, with every setting that changes them
     * @param options where it runs
     */
    public static SystemInfo of(String name, ModelManifest model, String decoder, RecognizerOptions options) {
        String machine = String.format(
                "%s, %d of %d processors, %s %s, Java %s",
                options.device(),
                options.threads(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.version().feature());
        return new SystemInfo(
                1,
                name,
                false,
                model.name(),
                decoder,
                model.files() + "; " + decoder,
                machine,
                model.architecture().experts());
    }

    /**
     * A system whose output comes from a file.
     *
     * @param name what the run is to call it
     * @param file the file's name
     */
    public static SystemInfo importedFrom(String name, String file) {
        return new SystemInfo(1, name, true, file, "", "imported as " + name, "", List.of());
    }

    /** The decoder without its settings: {@code greedy}, {@code beam search}. */
    public String decoderName() {
        return decoder.split(" \\(|,", 2)[0];
    }

    /** The same system by another name and at another place. */
    SystemInfo placed(int number, String other) {
        return new SystemInfo(number, other, imported, model, decoder, identity, machine, experts);
    }
}
