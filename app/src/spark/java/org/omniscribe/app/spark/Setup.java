package org.omniscribe.app.spark;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;
import org.omniscribe.asr.Decoders;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RecognizerOptions;
import org.omniscribe.asr.decode.CtcDecoder;
import org.omniscribe.asr.model.ModelBundle;

/**
 * Which recognizer the tasks share.
 *
 * @param model name of the bundle among the files that Spark has brought to every executor; null for the built-in one
 * @param words how words are found; null as the model asks for
 */
record Setup(String model, Words words) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The recognizers of this executor; they live as long as it does. */
    private static final Map<Setup, Recognizer> OPEN = new HashMap<>();

    /** The ways to find words. */
    enum Words {
        GREEDY,
        BEAM,
        LEXICON
    }

    /** Where the bundle is on this machine; empty for the built-in one. */
    Optional<Path> file() {
        return Optional.ofNullable(model).map(name -> Path.of(SparkFiles.get(name)));
    }

    /**
     * The recognizer of this executor, opened by the first task that asks for it. A recording gets as many threads as Spark
     * gives a task processors, which is one unless {@code spark.task.cpus} says otherwise.
     */
    Recognizer recognizer() {
        synchronized (OPEN) {
            return OPEN.computeIfAbsent(this, setup -> {
                // Without it, DJL tells its authors of every start.
                System.setProperty("ai.djl.offline", System.getProperty("ai.djl.offline", "true"));
                RecognizerOptions.Builder options = RecognizerOptions.builder()
                        .threads(TaskContext.get().cpus())
                        .decoder(Decoders.speechOnly(decoder()));
                file().ifPresent(options::model);
                return Recognizer.open(options.build());
            });
        }
    }

    private Function<ModelBundle, CtcDecoder> decoder() {
        if (words == null) {
            return Decoders::standard;
        }
        return switch (words) {
            case GREEDY -> Decoders::greedy;
            case BEAM -> Decoders.beam(Function.identity(), Optional.empty(), Optional.empty(), false);
            case LEXICON -> Decoders.lexicon(Function.identity(), Optional.empty(), Optional.empty());
        };
    }
}
