package org.omniscribe.eval.report;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.datasets.DatasetException;
import org.omniscribe.datasets.SegmentReader;
import org.omniscribe.datasets.Utterance;

/** The sound of utterances as data URIs that a browser plays, up to a size that all of them share. Not thread-safe. */
final class AudioSnippets implements AutoCloseable {
    private static final int BYTES_A_SAMPLE = 2;
    private static final double BASE64 = 4 / 3.0;

    private final SegmentReader reader = new SegmentReader();
    private final Map<String, String> done = new HashMap<>();
    private long left;

    /** Snippets that have so many bytes together. */
    AudioSnippets(long bytes) {
        left = bytes;
    }

    /**
     * An utterance as WAV, 16 bits, mono, 16 kHz.
     *
     * @return empty if the size is used up, or the audio is not there any more
     */
    String uri(Utterance utterance) {
        return done.computeIfAbsent(
                utterance.audio() + " " + utterance.start() + " " + utterance.channel(), key -> encode(utterance));
    }

    private String encode(Utterance utterance) {
        double size = utterance.seconds() * AudioClip.SAMPLE_RATE * BYTES_A_SAMPLE * BASE64;
        if (size > left) {
            return "";
        }
        try {
            String uri = "data:audio/wav;base64,"
                    + Base64.getEncoder()
                            .encodeToString(wav(reader.read(utterance).samples()));
            left -= uri.length();
            return uri;
        } catch (AudioException | DatasetException e) {
            // A report can be made again where the audio has gone; the utterance is shown without it.
            return "";
        }
    }

    private static byte[] wav(float[] samples) {
        byte[] pcm = new byte[samples.length * BYTES_A_SAMPLE];
        for (int i = 0; i < samples.length; i++) {
            int value = Math.round(Math.max(-1, Math.min(1, samples[i])) * Short.MAX_VALUE);
            pcm[2 * i] = (byte) value;
            pcm[2 * i + 1] = (byte) (value >> 8);
        }
        AudioFormat format = new AudioFormat(AudioClip.SAMPLE_RATE, 8 * BYTES_A_SAMPLE, 1, true, false);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AudioInputStream in = new AudioInputStream(new ByteArrayInputStream(pcm), format, samples.length)) {
            AudioSystem.write(in, AudioFileFormat.Type.WAVE, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        reader.close();
    }
}
