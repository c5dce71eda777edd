package org.omniscribe.eval.run;

import java.util.List;
import org.omniscribe.asr.ProgressListener;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.datasets.SegmentReader;
import org.omniscribe.datasets.Utterance;

/** Has a {@link Recognizer} listen to utterances, those of one file without reading it anew. Not thread-safe. */
public final class RecognizerTranscriber implements Transcriber, AutoCloseable {
    /** Recordings above this many seconds are recognised as they are read: they may not fit into memory. */
    private static final double LONG = 600;
    /** The level of digital silence, in decibels. */
    private static final double SILENCE = -120;

    private final Recognizer recognizer;
    private final ProgressListener listener;
    private final SegmentReader segments = new SegmentReader();

    /**
     * A transcriber.
     *
     * @param recognizer does the work; whoever opened it closes it
     * @param listener hears how far long recordings are
     */
    public RecognizerTranscriber(Recognizer recognizer, ProgressListener listener) {
        this.recognizer = recognizer;
        this.listener = listener;
        // What is loaded once must not be in the time of the first utterance.
        recognizer.transcribe(new AudioClip(new float[AudioClip.SAMPLE_RATE], List.of()), "silence");
    }

    @Override
    public Heard transcribe(Utterance utterance) {
        if (utterance.wholeFile() && utterance.seconds() > LONG) {
            try (AudioReader reader = AudioReader.open(utterance.audio(), utterance.channels())) {
                return new Heard(recognizer.transcribe(reader, utterance.id(), listener), Double.NaN);
            }
        }
        AudioClip clip = segments.read(utterance);
        return new Heard(recognizer.transcribe(clip, utterance.id()), level(clip.samples()));
    }

    /** Root mean square in decibels, at least {@value #SILENCE}. */
    static double level(float[] samples) {
        double squares = 0;
        for (float sample : samples) {
            squares += (double) sample * sample;
        }
        return Math.max(SILENCE, 10 * Math.log10(squares / Math.max(1, samples.length)));
    }

    @Override
    public void close() {
        segments.close();
    }
}
