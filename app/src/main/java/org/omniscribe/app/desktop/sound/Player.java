package org.omniscribe.app.desktop.sound;

import be.tarsos.dsp.AudioEvent;
import be.tarsos.dsp.WaveformSimilarityBasedOverlapAdd;
import be.tarsos.dsp.io.TarsosDSPAudioFormat;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.base.Threads;
import org.omniscribe.asr.audio.AudioClip;

/**
 * Plays a recording from any place, at speeds that leave the pitch of the voice as it is (waveform similarity overlap-add).
 *
 * <p>Methods are called on the window's thread; the sound is made on another.
 */
public final class Player implements AutoCloseable {
    /** The speeds that are offered. */
    public static final double[] SPEEDS = {0.5, 0.75, 1, 1.25, 1.5, 2};

    private static final int BLOCK = AudioClip.SAMPLE_RATE / 20;

    private final SoundOutput output;
    private final Executor work;
    private final Executor window;
    private Runnable onChange = () -> {};
    private SoundFile sound;
    private double position;
    private double speed = 1;
    private String failure = "";
    private Run run;

    /**
     * A player without a recording.
     *
     * @param output where the sound goes
     * @param threads the sound is made on one for work
     */
    public Player(SoundOutput output, Threads threads) {
        this.output = output;
        this.work = threads.work();
        this.window = threads.window();
    }

    /** Told on the window's thread whenever playing begins, ends or fails, or the recording or the speed changes. */
    public void setOnChange(Runnable value) {
        onChange = value;
    }

    /** Takes another recording, at its beginning; closes the one before. */
    public void open(SoundFile next) {
        close();
        sound = next;
        position = 0;
        failure = "";
        onChange.run();
    }

    /** Whether there is a recording. */
    public boolean ready() {
        return sound != null;
    }

    /** Whether it plays. */
    public boolean playing() {
        return run != null;
    }

    /** The second that is heard now, or would be. */
    public double position() {
        return run == null ? position : run.position();
    }

    /** How fast it plays. */
    public double speed() {
        return speed;
    }

    /** Why it could not play; empty if it could. */
    public String failure() {
        return failure;
    }

    /** Plays on. */
    public void play() {
        start(position(), Double.POSITIVE_INFINITY);
    }

    /** Plays a part, such as a word. */
    public void play(double from, double to) {
        start(from, to);
    }

    /** Stops where it is. */
    public void pause() {
        if (run != null) {
            position = run.position();
            run.stopped = true;
            run = null;
            onChange.run();
        }
    }

    /** Plays or pauses. */
    public void toggle() {
        if (playing()) {
            pause();
        } else {
            play();
        }
    }

    /** Goes to a second, and plays on there if it plays. */
    public void seek(double second) {
        boolean was = playing();
        pause();
        position = Math.max(0, Math.min(second, length()));
        if (was) {
            play();
        } else {
            onChange.run();
        }
    }

    /** Plays faster or slower from here on. */
    public void setSpeed(double value) {
        boolean was = playing();
        pause();
        speed = value;
        if (was) {
            play();
        } else {
            onChange.run();
        }
    }

    /** Seconds of the recording; 0 without one. */
    public double length() {
        try {
            return sound == null ? 0 : sound.seconds();
        } catch (IOException e) {
            return 0;
        }
    }

    private void start(double from, double to) {
        if (sound == null) {
            return;
        }
        pause();
        failure = "";
        // At the end it begins anew.
        double begin = from >= length() - 0.05 ? 0 : from;
        run = new Run(sound, begin, Math.min(to, length()), speed);
        work.execute(run);
        onChange.run();
    }

    private void ended(Run which, double where, String reason) {
        if (run == which) {
            run = null;
            position = where;
            failure = reason;
            onChange.run();
        }
    }

    @Override
    public void close() {
        pause();
        if (sound != null) {
            try {
                sound.close();
            } catch (IOException e) {
                failure = String.valueOf(e.getMessage());
            }
            sound = null;
        }
    }

    /** One stretch of playing. */
    private final class Run implements Runnable {
        private final SoundFile file;
        private final double from;
        private final double to;
        private final double tempo;
        private volatile SoundOutput.Line line;
        private volatile boolean stopped;

        Run(SoundFile file, double from, double to, double tempo) {
            this.file = file;
            this.from = from;
            this.to = to;
            this.tempo = tempo;
        }

        double position() {
            SoundOutput.Line open = line;
            double heard = open == null ? 0 : (double) open.played() / AudioClip.SAMPLE_RATE;
            return Math.min(to, from + heard * tempo);
        }

        @Override
        public void run() {
            String reason = "";
            double where = from;
            try (SoundOutput.Line open = output.open()) {
                line = open;
                if (tempo == 1) {
                    plain(open);
                } else {
                    stretched(open);
                }
                if (!stopped) {
                    open.drain();
                }
                where = stopped ? position() : to;
            } catch (SoundOutput.UnavailableException e) {
                reason = Strings.get("player.unavailable", String.valueOf(e.getMessage()));
            } catch (IOException e) {
                reason = Strings.get("player.unreadable", String.valueOf(e.getMessage()));
            }
            double last = where;
            String why = reason;
            window.execute(() -> ended(this, last, why));
        }

        private void plain(SoundOutput.Line open) throws IOException {
            float[] block = new float[BLOCK];
            long end = Math.round(to * AudioClip.SAMPLE_RATE);
            for (long at = Math.round(from * AudioClip.SAMPLE_RATE); at < end && !stopped; at += BLOCK) {
                file.read(at, block);
                write(open, block, (int) Math.min(BLOCK, end - at));
            }
        }

        private void stretched(SoundOutput.Line open) throws IOException {
            WaveformSimilarityBasedOverlapAdd stretch = new WaveformSimilarityBasedOverlapAdd(
                    WaveformSimilarityBasedOverlapAdd.Parameters.speechDefaults(tempo, AudioClip.SAMPLE_RATE));
            int size = stretch.getInputBufferSize();
            int step = size - stretch.getOverlap();
            TarsosDSPAudioFormat format = new TarsosDSPAudioFormat(AudioClip.SAMPLE_RATE, 16, 1, true, false);
            long end = Math.round(to * AudioClip.SAMPLE_RATE);
            for (long at = Math.round(from * AudioClip.SAMPLE_RATE); at < end && !stopped; at += step) {
                float[] input = new float[size];
                file.read(at, input);
                AudioEvent event = new AudioEvent(format);
                event.setFloatBuffer(input);
                stretch.process(event);
                float[] slice = event.getFloatBuffer();
                write(open, slice, slice.length);
            }
        }

        private void write(SoundOutput.Line open, float[] samples, int count) {
            byte[] bytes = new byte[2 * count];
            for (int i = 0; i < count; i++) {
                int value = Math.max(-32768, Math.min(32767, Math.round(samples[i] * 32768)));
                bytes[2 * i] = (byte) value;
                bytes[2 * i + 1] = (byte) (value >> 8);
            }
            open.write(bytes, bytes.length);
        }
    }
}
