package org.omniscribe.app.desktop.sound;

import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.SourceDataLine;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.io.OmniscribeException;

/** Where sound goes to be heard. */
public interface SoundOutput {
    /** The system's loudspeaker. */
    SoundOutput SYSTEM = () -> {
        AudioFormat format = new AudioFormat(AudioClip.SAMPLE_RATE, 16, 1, true, false);
        try {
            SourceDataLine line = AudioSystem.getSourceDataLine(format);
            line.open(format, AudioClip.SAMPLE_RATE / 5 * format.getFrameSize());
            line.start();
            return new SystemLine(line);
        } catch (LineUnavailableException | IllegalArgumentException | SecurityException e) {
            throw new UnavailableException(e);
        }
    };

    /** There is nothing that plays sound, or it is in use. */
    final class UnavailableException extends OmniscribeException {
        private static final long serialVersionUID = 1L;

        /** With the system's reason. */
        public UnavailableException(Throwable cause) {
            super(Kind.ENVIRONMENT, cause.getMessage(), cause);
        }
    }

    /** A line that plays what is written to it. */
    interface Line extends AutoCloseable {
        /** Waits until there is room, and takes bytes: 16 bits, little-endian, mono, 16 kHz. */
        void write(byte[] bytes, int length);

        /** Samples that were heard so far. */
        long played();

        /** Waits until all is heard. */
        void drain();

        /** Stops at once; what was not heard is thrown away. */
        @Override
        void close();
    }

    /**
     * Opens a line.
     *
     * @throws UnavailableException if none can be had
     */
    Line open();

    /** A line of Java Sound. */
    record SystemLine(SourceDataLine line) implements Line {
        @Override
        public void write(byte[] bytes, int length) {
            line.write(bytes, 0, length);
        }

        @Override
        public long played() {
            return line.getLongFramePosition();
        }

        @Override
        public void drain() {
            line.drain();
        }

        @Override
        public void close() {
            line.stop();
            line.flush();
            line.close();
        }
    }
}
