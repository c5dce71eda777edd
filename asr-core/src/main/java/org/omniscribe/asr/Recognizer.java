package org.omniscribe.asr;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.omniscribe.asr.attention.AttentionOptions;
import org.omniscribe.asr.attention.BeamSearchDecoder;
import org.omniscribe.asr.attention.EncoderNetwork;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.audio.AudioRecording;
import org.omniscribe.asr.audio.AudioSource;
import org.omniscribe.asr.audio.SampleSource;
import org.omniscribe.asr.decode.CtcDecoder;
import org.omniscribe.asr.decode.Hotwords;
import org.omniscribe.asr.engine.AttentionEngine;
import org.omniscribe.asr.engine.CtcEngine;
import org.omniscribe.asr.engine.OfflineEngine;
import org.omniscribe.asr.engine.Transcription;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.ModelManifest;
import org.omniscribe.asr.model.RuntimeOptions;
import org.omniscribe.asr.stream.AttentionStreaming;
import org.omniscribe.asr.stream.CtcStreaming;
import org.omniscribe.asr.stream.LiveSession;
import org.omniscribe.asr.stream.RecognitionEvent;
import org.omniscribe.asr.stream.StreamOptions;
import org.omniscribe.asr.stream.StreamingRecognizer;
import org.omniscribe.asr.token.ByteLevelTokenizer;
import org.omniscribe.asr.transcript.Transcript;

/**
 * Turns recordings into transcripts.
 *
 * <p>Thread-safe: several threads may transcribe at once with one recognizer, which shares the network. It reads
 * recordings of any length piece by piece, so that memory does not grow with them, but for the transcript itself.
 */
public final class Recognizer implements AutoCloseable {
    /** Frames of the windows of 30 s that Whisper has learned. */
    private static final int WHISPER_FRAMES = 3000;

    private static final ProgressListener NOBODY = (done, total) -> {};

    private final RecognizerOptions options;
    private final ModelBundle bundle;
    private final OfflineEngine engine;

    private final Object lastHot = new Object();
    private List<Hotwords.Hotword> lastWords = List.of();
    private OfflineEngine lastEngine;

    private Recognizer(RecognizerOptions options, ModelBundle bundle, OfflineEngine engine) {
        this.options = options;
        this.bundle = bundle;
        this.engine = engine;
    }

    /**
     * Opens the model that the library ships.
     *
     * @throws ModelException if it cannot be used
     */
    public static Recognizer open() {
        return open(RecognizerOptions.builder().build());
    }

    /**
     * Opens a model bundle.
     *
     * @param bundle a folder or a zip file
     * @throws ModelException if it cannot be used; the message names every fault
     */
    public static Recognizer open(Path bundle) {
        return open(RecognizerOptions.builder().model(bundle).build());
    }

    /**
     * Opens what the options say.
     *
     * @throws ModelException if the model cannot be used; the message names every fault
     */
    public static Recognizer open(RecognizerOptions options) {
        ModelBundle bundle = options.model().map(ModelBundle::open).orElseGet(ModelBundle::openDefault);
        int rate = bundle.manifest().features().sampleRate();
        if (rate != AudioClip.SAMPLE_RATE) {
            throw new ModelException("model bundle " + bundle.location() + " takes audio at " + rate
                    + " Hz, this library works at " + AudioClip.SAMPLE_RATE + " Hz. Use another model.");
        }
        return new Recognizer(
                options,
                bundle,
                bundle.architecture().decoder() == null ? ctc(bundle, options) : attention(bundle, options));
    }

    private static CtcEngine ctc(ModelBundle bundle, RecognizerOptions options) {
        // Language model and network take about as long to load.
        CompletableFuture<CtcDecoder> decoder =
                CompletableFuture.supplyAsync(() -> options.decoder().apply(bundle));
        AcousticModel model = AcousticModel.open(options.adaptation().apply(bundle), runtime(bundle, options));
        try {
            return new CtcEngine(
                    bundle,
                    model,
                    new LogMelFrontEnd(bundle.manifest().features()),
                    decoder.join(),
                    options.batchSeconds(),
                    options.nBest(),
                    options.routing());
        } catch (CompletionException e) {
            model.close();
            if (e.getCause() instanceof Error fault) {
                // Such as that there is too little memory for a language model.
                throw fault;
            }
            throw e.getCause() instanceof RuntimeException fault ? fault : e;
        }
    }

    private static AttentionEngine attention(ModelBundle bundle, RecognizerOptions options) {
        AttentionOptions how = options.attention().apply(bundle);
        RuntimeOptions runtime = runtime(bundle, options);
        Architecture architecture = bundle.architecture();
        // A model with a CTC head has been trained on windows as long as their sound, one without on 30 s alone.
        int frames = architecture.vocabulary() == 0 ? WHISPER_FRAMES : 0;
        EncoderNetwork encoder = EncoderNetwork.open(
                bundle.graph(ModelBundle.NETWORK), architecture.melBins(), architecture.width(), frames, runtime);
        try {
            return new AttentionEngine(
                    bundle.manifest().name(),
                    architecture.decoder(),
                    new LogMelFrontEnd(bundle.manifest().features()),
                    encoder,
                    architecture.stacking(),
                    BeamSearchDecoder.open(
                            architecture.decoder(),
                            ByteLevelTokenizer.read(bundle.tokenizer()),
                            bundle.graph(ModelBundle.CROSS),
                            bundle.graph(ModelBundle.DECODER),
                            bundle.manifest().stepSeconds(),
                            runtime),
                    how.withBeam(Math.max(how.beam(), options.nBest()), options.nBest()),
                    options.batchSeconds(),
                    encoder.warning(),
                    options.routing());
        } catch (RuntimeException e) {
            encoder.close();
            throw e;
        }
    }

    private static RuntimeOptions runtime(ModelBundle bundle, RecognizerOptions options) {
        double hop = bundle.manifest().features().hopSeconds();
        return new RuntimeOptions(options.device(), options.threads(), (int) Math.ceil(options.batchSeconds() / hop));
    }

    /** What the model says of itself. */
    public ModelManifest model() {
        return bundle.manifest();
    }

    /** Why the network does not run where it was asked to; empty if it does. */
    public Optional<String> warning() {
        return engine.warning();
    }

    /**
     * Transcribes a sound file of any format that {@link AudioReader} reads.
     *
     * @return the transcript; without segments where nothing was said
     * @throws org.omniscribe.asr.audio.AudioException if the file cannot be read as sound
     * @throws ModelException if the network fails
     */
    public Transcript transcribe(Path recording) {
        return transcribe(recording, NOBODY);
    }

    /** As {@link #transcribe(Path)}, telling how far it has come. */
    public Transcript transcribe(Path recording, ProgressListener listener) {
        try (AudioReader reader = AudioReader.open(recording, options.channel())) {
            return transcribe(reader, recording.toString(), listener);
        }
    }

    /**
     * Transcribes the rest of what a reader holds; whoever opened the reader closes it.
     *
     * @param reader read to its end; the channel is the reader's own, not that of the options
     * @param name what the transcript calls the recording
     * @param listener hears how far it has come
     * @return the transcript; without segments where nothing was said
     * @throws org.omniscribe.asr.audio.AudioException if the reader cannot read on
     * @throws ModelException if the network fails
     */
    public Transcript transcribe(AudioReader reader, String name, ProgressListener listener) {
        return transcribe(reader, name, RequestOptions.standard().withProgress(listener));
    }

    /** As {@link #transcribe(AudioReader, String, ProgressListener)}, with options of this recording alone. */
    public Transcript transcribe(AudioReader reader, String name, RequestOptions how) {
        return transcribe(reader, name, reader.seconds(), how, reader::warnings);
    }

    /**
     * Transcribes a clip.
     *
     * @param clip any length
     * @param name what the transcript calls the clip
     * @return the transcript; without segments where nothing was said
     * @throws ModelException if the network fails
     */
    public Transcript transcribe(AudioClip clip, String name) {
        return transcribe(clip.source(), name, clip.seconds(), RequestOptions.standard(), clip::warnings);
    }

    /**
     * Transcribes samples to their end.
     *
     * @param seconds how long they are expected to be, NaN if that is not known
     * @param warnings what was wrong with them, asked for at the end
     */
    private Transcript transcribe(
            SampleSource samples, String name, double seconds, RequestOptions how, Supplier<List<String>> warnings) {
        OfflineEngine used = how.hotwords().map(this::withHotwords).orElse(engine);
        try (Transcription transcription = used.begin(samples, name, how.request())) {
            while (transcription.advance()) {
                how.progress().progress(transcription.done(), seconds);
                how.said().accept(transcription.words());
            }
            how.progress().progress(transcription.done(), transcription.done());
            return transcription.transcript(warnings.get());
        }
    }

    /** The last one is kept, as recordings of one speaker or topic come one after the other. */
    private OfflineEngine withHotwords(Hotwords hotwords) {
        synchronized (lastHot) {
            if (!hotwords.phrases().equals(lastWords)) {
                lastEngine = engine.withHotwords(hotwords);
                lastWords = hotwords.phrases();
            }
            return lastEngine;
        }
    }

    /**
     * Begins to recognise speech as it comes.
     *
     * @param how chunks, pauses and lengths
     * @param listener hears what is recognised
     * @return takes the audio; of no use after this recognizer is closed
     */
    public StreamingRecognizer stream(StreamOptions how, Consumer<? super RecognitionEvent> listener) {
        if (engine instanceof CtcEngine ctc) {
            return new CtcStreaming(bundle, ctc.model(), ctc.decoder(), how, listener);
        }
        AttentionEngine writer = (AttentionEngine) engine;
        return new AttentionStreaming(
                writer.frontEnd(), writer.encoder(), writer.decoder(), writer.options(), how, listener);
    }

    /**
     * Begins to recognise what a microphone hears, or a file that is played.
     *
     * @param source where the sound comes from
     * @param how chunks, pauses and lengths
     * @param recording keeps the sound, if anything
     * @param listener hears what happens; its calls come from threads of the session, never two at once
     * @return the session, which has begun; close it before this recognizer
     */
    public LiveSession listen(
            AudioSource source,
            StreamOptions how,
            Optional<AudioRecording> recording,
            Consumer<? super RecognitionEvent> listener) {
        return LiveSession.start(source, recording, events -> stream(how, events), listener);
    }

    /** Waits for what is running and frees the network; further calls do nothing. */
    @Override
    public void close() {
        engine.close();
    }
}
