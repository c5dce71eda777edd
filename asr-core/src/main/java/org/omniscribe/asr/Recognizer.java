package org.omniscribe.asr;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.audio.AudioRecording;
import org.omniscribe.asr.audio.AudioSource;
import org.omniscribe.asr.decode.CtcDecoder;
import org.omniscribe.asr.decode.Hypothesis;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.asr.model.ModelManifest;
import org.omniscribe.asr.model.RuntimeOptions;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.stream.LiveSession;
import org.omniscribe.asr.stream.RecognitionEvent;
import org.omniscribe.asr.stream.StreamOptions;
import org.omniscribe.asr.stream.StreamingRecognizer;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;

/**
 * Turns recordings into transcripts.
 *
 * <p>Thread-safe: several threads may transcribe at once with one recognizer, which shares the network. It reads
 * recordings of any length piece by piece, so that memory does not grow with them, but for the transcript itself.
 */
public final class Recognizer implements AutoCloseable {
    private static final ProgressListener NOBODY = (done, total) -> {};

    private final RecognizerOptions options;
    private final ModelBundle bundle;
    private final LogMelFrontEnd frontEnd;
    private final CtcDecoder decoder;
    private final AcousticModel model;

    private Recognizer(RecognizerOptions options, ModelBundle bundle, CtcDecoder decoder, AcousticModel model) {
        this.options = options;
        this.bundle = bundle;
        this.frontEnd = new LogMelFrontEnd(bundle.manifest().features());
        this.decoder = decoder;
        this.model = model;
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
        // Language model and network take about as long to load.
        CompletableFuture<CtcDecoder> decoder =
                CompletableFuture.supplyAsync(() -> options.decoder().apply(bundle));
        int batchFrames = (int)
                Math.ceil(options.batchSeconds() / bundle.manifest().features().hopSeconds());
        AcousticModel model = AcousticModel.open(
                options.adaptation().apply(bundle),
                new RuntimeOptions(options.device(), options.threads(), batchFrames));
        try {
            return new Recognizer(options, bundle, decoder.join(), model);
        } catch (CompletionException e) {
            model.close();
            throw e.getCause() instanceof RuntimeException fault ? fault : e;
        }
    }

    /** What the model says of itself. */
    public ModelManifest model() {
        return bundle.manifest();
    }

    /** Why the network does not run where it was asked to; empty if it does. */
    public Optional<String> warning() {
        return model.warning();
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
        Transcription transcription = new Transcription(reader::read, reader.seconds(), listener);
        transcription.run();
        return transcription.transcript(name, reader.warnings());
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
        Transcription transcription = new Transcription(new ClipSource(clip), clip.seconds(), NOBODY);
        transcription.run();
        return transcription.transcript(name, clip.warnings());
    }

    /**
     * Begins to recognise speech as it comes.
     *
     * @param how chunks, pauses and lengths
     * @param listener hears what is recognised
     * @return takes the audio; of no use after this recognizer is closed
     */
    public StreamingRecognizer stream(StreamOptions how, Consumer<? super RecognitionEvent> listener) {
        return new StreamingRecognizer(bundle, model, decoder, how, listener);
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
        model.close();
    }

    private static final class ClipSource implements Segmenter.Source {
        private final float[] samples;
        private int at;

        ClipSource(AudioClip clip) {
            samples = clip.samples();
        }

        @Override
        public int read(float[] buffer, int offset, int length) {
            int n = Math.min(length, samples.length - at);
            System.arraycopy(samples, at, buffer, offset, n);
            at += n;
            return n == 0 ? -1 : n;
        }
    }

    /** One recording on its way: pieces in batches through the network; stitched and decoded a batch behind it. */
    private final class Transcription {
        private final Segmenter.Source source;
        private final PieceFeatures pieces;
        private final Stitcher stitcher = new Stitcher(bundle.vocabulary());
        private final double stepSeconds = bundle.manifest().stepSeconds();
        private final double total;
        private final ProgressListener listener;
        private final List<Word> words = new ArrayList<>();
        private final List<Transcript.Choice> choices = new ArrayList<>();
        private final List<RoutingTrace> traces = new ArrayList<>();
        private long samples;

        Transcription(Segmenter.Source source, double total, ProgressListener listener) {
            this.source = source;
            this.total = total;
            this.listener = listener;
            int stepSamples =
                    bundle.manifest().features().hop() * bundle.architecture().stacking();
            this.pieces = new PieceFeatures(
                    new Segmenter(this::read, stepSamples),
                    frontEnd,
                    bundle.architecture().stacking());
        }

        private int read(float[] buffer, int offset, int length) {
            int n = source.read(buffer, offset, length);
            samples += Math.max(0, n);
            return n;
        }

        void run() {
            try (Follower decoding = new Follower("omniscribe-decoder")) {
                for (List<PieceFeatures.Heard> batch; !(batch = nextBatch()).isEmpty(); ) {
                    List<Piece> heard =
                            batch.stream().map(PieceFeatures.Heard::piece).toList();
                    List<Emission> emissions = model.run(
                            batch.stream().map(PieceFeatures.Heard::features).toList());
                    double seconds = seconds();
                    decoding.run(() -> decode(heard, emissions, seconds));
                    double done = heard.get(heard.size() - 1).toStep() * stepSeconds;
                    listener.progress(Math.min(done, seconds), total);
                }
                decoding.await();
            }
            stitcher.finish().ifPresent(last -> decode(last, seconds()));
            listener.progress(seconds(), seconds());
        }

        private List<PieceFeatures.Heard> nextBatch() {
            List<PieceFeatures.Heard> batch = new ArrayList<>();
            double held = 0;
            for (PieceFeatures.Heard next; held < options.batchSeconds() && (next = pieces.next()) != null; ) {
                batch.add(next);
                held += next.piece().steps() * stepSeconds;
            }
            return batch;
        }

        /** Seconds of audio read so far. */
        private double seconds() {
            return (double) samples / AudioClip.SAMPLE_RATE;
        }

        private void decode(List<Piece> pieces, List<Emission> emissions, double seconds) {
            for (int i = 0; i < pieces.size(); i++) {
                stitcher.add(pieces.get(i), emissions.get(i)).ifPresent(stretch -> decode(stretch, seconds));
            }
        }

        /** Appends what is said in a stretch that ends before the given second. */
        private void decode(Stretch stretch, double seconds) {
            double start = stretch.firstStep() * stepSeconds;
            List<Hypothesis> best = options.nBest() == 1
                    ? List.of(decoder.decode(stretch.emission()))
                    : decoder.nBest(stretch.emission(), options.nBest());
            best.get(0).placed(start, seconds).words().forEach(this::append);
            if (options.nBest() > 1) {
                double end = start + stretch.emission().steps() * stepSeconds;
                choices.add(new Transcript.Choice(
                        Math.min(start, seconds),
                        Math.min(end, seconds),
                        best.stream()
                                .map(h -> new Transcript.Choice.Text(h.text(), h.logProb()))
                                .toList()));
            }
            if (options.routing()) {
                traces.add(stretch.emission().routing());
            }
        }

        private void append(Word word) {
            words.add(word.notBefore(
                    words.isEmpty() ? 0 : words.get(words.size() - 1).end()));
        }

        Transcript transcript(String name, List<String> warnings) {
            Optional<Transcript.Routing> routing = options.routing()
                    ? Optional.of(new Transcript.Routing(stepSeconds, RoutingTrace.join(traces)))
                    : Optional.empty();
            return new Transcript(
                    name, seconds(), bundle.manifest().name(), Segment.atPauses(words), choices, routing, warnings);
        }
    }
}
