package org.omniscribe.asr;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.omniscribe.asr.attention.AttentionOptions;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.asr.decode.CtcDecoder;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.RuntimeOptions;

/**
 * How a {@link Recognizer} works.
 *
 * @param model the model bundle, a folder or a zip file; empty for the one that the library ships
 * @param adaptation what is done to the bundle before its network is loaded, such as another way of routing
 * @param device where the network runs
 * @param threads processor threads of the network for one recording, 1 to 1024; the decoder has one of its own beside them
 * @param channel what becomes of the channels of a recording
 * @param decoder makes the decoder for a model; {@link Decoders} has several
 * @param attention how models that write by attention, such as Whisper, are decoded
 * @param batchSeconds seconds of a long recording to gather before the network takes them at once, positive, at most
 *     3600 (models that write by attention take at least 160 s); pieces have about 20 s, and more of them at once need more memory and are faster on a GPU only
 * @param nBest how many texts there shall be to choose from, 1 to 1000; where more than one, transcripts hold the others
 *     as {@link org.omniscribe.asr.transcript.Transcript.Choice}
 * @param routing whether transcripts hold the experts of every layer and step; they then grow with the recording
 */
public record RecognizerOptions(
        Optional<Path> model,
        UnaryOperator<ModelBundle> adaptation,
        RuntimeOptions.Device device,
        int threads,
        Channel channel,
        Function<ModelBundle, CtcDecoder> decoder,
        Function<ModelBundle, AttentionOptions> attention,
        double batchSeconds,
        int nBest,
        boolean routing) {
    private static final double MAX_BATCH_SECONDS = 3600;

    /** The most texts to choose from that can be asked for. */
    public static final int MAX_TEXTS = 1000;

    /** Checks all fields and reports every fault at once. */
    public RecognizerOptions {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(adaptation, "adaptation");
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(decoder, "decoder");
        Objects.requireNonNull(attention, "attention");
        Faults faults = new Faults();
        faults.range("threads", threads, 1, RuntimeOptions.MAX_THREADS);
        if (!(batchSeconds > 0 && batchSeconds <= MAX_BATCH_SECONDS)) {
            faults.add("batchSeconds must be above 0 and at most " + MAX_BATCH_SECONDS + ", not " + batchSeconds);
        }
        faults.range("nBest", nBest, 1, MAX_TEXTS);
        faults.orThrow("RecognizerOptions");
    }

    /**
     * The defaults: the shipped model on all processors, all channels mixed, the decoder that the model asks for without
     * words where nobody spoke, one piece of a recording at a time, no routing.
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Options that differ from the defaults in what is told. */
    public static final class Builder {
        private Optional<Path> model = Optional.empty();
        private UnaryOperator<ModelBundle> adaptation = UnaryOperator.identity();
        private RuntimeOptions.Device device = RuntimeOptions.Device.CPU;
        private int threads = Runtime.getRuntime().availableProcessors();
        private Channel channel = new Channel.Mix();
        private Function<ModelBundle, CtcDecoder> decoder = Decoders.speechOnly(Decoders::standard);
        private Function<ModelBundle, AttentionOptions> attention = bundle -> AttentionOptions.STANDARD;
        private double batchSeconds = 20;
        private int nBest = 1;
        private boolean routing;

        private Builder() {}

        /** A model bundle of one's own, a folder or a zip file. */
        public Builder model(Path bundle) {
            model = Optional.of(bundle);
            return this;
        }

        /** What is done to the bundle before its network is loaded; decoders see the bundle as it is. */
        public Builder adaptation(UnaryOperator<ModelBundle> value) {
            adaptation = value;
            return this;
        }

        /** Where the network runs. */
        public Builder device(RuntimeOptions.Device value) {
            device = value;
            return this;
        }

        /** Processor threads that work on one recording. */
        public Builder threads(int value) {
            threads = value;
            return this;
        }

        /** What becomes of the channels of a recording. */
        public Builder channel(Channel value) {
            channel = value;
            return this;
        }

        /** The decoder, which is made beside the network, in another thread; it must be thread-safe. */
        public Builder decoder(Function<ModelBundle, CtcDecoder> value) {
            decoder = value;
            return this;
        }

        /** How models that write by attention are decoded; {@link #nBest} is added to it. */
        public Builder attention(Function<ModelBundle, AttentionOptions> value) {
            attention = value;
            return this;
        }

        /** Seconds of a long recording that the network takes at once. */
        public Builder batchSeconds(double value) {
            batchSeconds = value;
            return this;
        }

        /** How many texts there shall be to choose from. */
        public Builder nBest(int value) {
            nBest = value;
            return this;
        }

        /** Whether transcripts hold the routing. */
        public Builder routing(boolean value) {
            routing = value;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException naming every value that is out of range
         */
        public RecognizerOptions build() {
            return new RecognizerOptions(
                    model, adaptation, device, threads, channel, decoder, attention, batchSeconds, nBest, routing);
        }
    }
}
