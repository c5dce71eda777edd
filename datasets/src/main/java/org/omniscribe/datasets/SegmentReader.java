package org.omniscribe.datasets;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.audio.Channel;

/**
 * Cuts utterances out of long recordings.
 *
 * <p>It keeps one file open where it stands: utterances of one file and channel in the order of their starts are read in
 * one pass, also where they overlap. Any other order works as well, with the file decoded anew. Memory holds one
 * utterance. Not thread-safe.
 */
public final class SegmentReader implements AutoCloseable {
    private static final int BLOCK = 4096;

    private Path file;
    private Channel channel;
    private AudioReader reader;
    /** The samples from {@link #heldFrom} on, up to where the reader stands. */
    private float[] held = new float[0];

    private long heldFrom;
    private int heldLength;

    /**
     * Reads the sound of an utterance.
     *
     * @return mono at 16 kHz; shorter than the utterance, and with a warning, where the file ends before it does
     * @throws org.omniscribe.asr.audio.AudioException if the file cannot be read as sound
     * @throws DatasetException if the file ends before the utterance begins
     */
    public AudioClip read(Utterance utterance) {
        if (utterance.wholeFile()) {
            return AudioReader.readAll(utterance.audio(), utterance.channels());
        }
        long from = Math.round(utterance.start() * AudioClip.SAMPLE_RATE);
        int length = Math.toIntExact(Math.round(utterance.end() * AudioClip.SAMPLE_RATE) - from);
        if (reader == null
                || !utterance.audio().equals(file)
                || !utterance.channels().equals(channel)
                || from < heldFrom) {
            open(utterance);
        }
        skipTo(from);
        fill(length);
        double end = (heldFrom + heldLength) / (double) AudioClip.SAMPLE_RATE;
        if (heldLength == 0) {
            throw new DatasetException(
                    utterance.audio().toString(),
                    List.of("it ends at " + end + " s, and " + utterance.id() + " begins at " + utterance.start()
                            + " s"),
                    "Compare its length with the original: it may be cut off, or the transcript is another recording's.");
        }
        float[] samples = Arrays.copyOf(held, Math.min(length, heldLength));
        List<String> warnings = samples.length == length
                ? reader.warnings()
                : List.of(utterance.audio() + " ends at " + end + " s, before the end of " + utterance.id() + " at "
                        + utterance.end() + " s");
        return new AudioClip(samples, warnings);
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    private void open(Utterance utterance) {
        close();
        reader = AudioReader.open(utterance.audio(), utterance.channels());
        file = utterance.audio();
        channel = utterance.channels();
        heldFrom = 0;
        heldLength = 0;
    }

    /** Makes {@code from} the first sample that is held, or the end of the file if that comes before. */
    private void skipTo(long from) {
        int known = (int) Math.min(from - heldFrom, heldLength);
        System.arraycopy(held, known, held, 0, heldLength - known);
        heldLength -= known;
        heldFrom += known;
        float[] block = new float[BLOCK];
        int n = 0;
        while (heldFrom < from && (n = reader.read(block, 0, (int) Math.min(BLOCK, from - heldFrom))) > 0) {
            heldFrom += n;
        }
    }

    /** Reads on until {@code length} samples are held, or the file ends. */
    private void fill(int length) {
        if (held.length < length) {
            held = Arrays.copyOf(held, length);
        }
        int n = 0;
        while (heldLength < length && (n = reader.read(held, heldLength, length - heldLength)) > 0) {
            heldLength += n;
        }
    }
}
