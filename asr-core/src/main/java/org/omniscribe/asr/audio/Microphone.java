package org.omniscribe.asr.audio;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.Line;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.TargetDataLine;

/** A recording device of Java Sound. */
public final class Microphone implements AudioSource {
    /** Tried in this order: what the models want, then what most devices have, resampled. */
    private static final int[] RATES = {AudioClip.SAMPLE_RATE, 48000, 44100, 32000, 96000, 22050, 11025, 8000};

    private static final int[] CHANNELS = {1, 2};

    /** Without a sample for so long, a device is taken to be gone; Java Sound does not tell on every system. */
    private static final long PATIENCE_NANOS = 3_000_000_000L;

    private static final double BUFFER_SECONDS = 0.5;

    private final SoundSystem system;
    private final Mixer.Info info;
    private final int number;

    private Microphone(SoundSystem system, Mixer.Info info, int number) {
        this.system = system;
        this.info = info;
        this.number = number;
    }

    /** All recording devices, the system's own choice first; none where there is no microphone. */
    public static List<Microphone> list() {
        return list(SoundSystem.JAVA);
    }

    static List<Microphone> list(SoundSystem system) {
        List<Microphone> microphones = new ArrayList<>();
        for (Mixer.Info info : system.mixers()) {
            if (records(system, info)) {
                microphones.add(new Microphone(system, info, microphones.size() + 1));
            }
        }
        return List.copyOf(microphones);
    }

    private static boolean records(SoundSystem system, Mixer.Info info) {
        try {
            for (Line.Info line : system.mixer(info).getTargetLineInfo()) {
                if (line.getLineClass() == TargetDataLine.class) {
                    return true;
                }
            }
            return false;
        } catch (IllegalArgumentException e) {
            return false; // unplugged since the devices were listed
        }
    }

    /** The number of this device in {@link #list()}, from 1. */
    public int number() {
        return number;
    }

    @Override
    public String name() {
        return info.getName();
    }

    /** What the system says of the device, perhaps nothing. */
    public String description() {
        return info.getDescription() == null ? "" : info.getDescription();
    }

    @Override
    public boolean live() {
        return true;
    }

    /** Number, name and description on one line. */
    public String describe() {
        return number + "  " + name() + (description().isBlank() ? "" : " (" + description() + ")");
    }

    /**
     * Begins to record, in the first of several formats that the device takes; other rates are resampled, two channels
     * are mixed.
     *
     * @throws AudioException if it is gone, in use by another program, or has none of the formats
     */
    @Override
    public AudioFeed open() {
        Mixer mixer = present();
        Set<String> refusals = new LinkedHashSet<>();
        boolean busy = false;
        for (int channels : CHANNELS) {
            for (int rate : RATES) {
                AudioFormat format = new AudioFormat(rate, 16, channels, true, false);
                DataLine.Info wanted = new DataLine.Info(TargetDataLine.class, format);
                if (!mixer.isLineSupported(wanted)) {
                    continue;
                }
                try {
                    TargetDataLine line = (TargetDataLine) mixer.getLine(wanted);
                    line.open(format, (int) (BUFFER_SECONDS * rate) * format.getFrameSize());
                    line.start();
                    return new Feed(name(), line, format, system::nanoTime);
                } catch (LineUnavailableException e) {
                    busy = true;
                    refusals.add(String.valueOf(e.getMessage()));
                } catch (IllegalArgumentException | SecurityException e) {
                    refusals.add(String.valueOf(e.getMessage()));
                }
            }
        }
        if (busy) {
            throw failure(
                    "cannot be opened (" + String.join("; ", refusals) + ")",
                    "Close other programs that record, allow this one to use the microphone, or choose another device");
        }
        throw failure(
                "records in no format that is known here, which is 16 bits at 8 to 96 kHz on one or two channels"
                        + (refusals.isEmpty() ? "" : " (" + String.join("; ", refusals) + ")") + "; it offers "
                        + offers(mixer),
                "Choose another device, or another profile for this one in the system's sound settings");
    }

    /** The mixer under this name now: a device that was unplugged and plugged in again is another one to Java Sound. */
    private Mixer present() {
        for (Mixer.Info now : system.mixers()) {
            if (now.getName().equals(info.getName()) && records(system, now)) {
                return system.mixer(now);
            }
        }
        throw failure("is not there", "Plug it in again, or choose another device");
    }

    private static String offers(Mixer mixer) {
        Set<String> offers = new LinkedHashSet<>();
        for (Line.Info line : mixer.getTargetLineInfo()) {
            if (line instanceof DataLine.Info data) {
                for (AudioFormat format : data.getFormats()) {
                    offers.add(format.toString());
                }
            }
        }
        return offers.isEmpty() ? "nothing" : String.join(", ", offers);
    }

    private AudioException failure(String problem, String remedy) {
        return failure(name(), problem, remedy);
    }

    private static AudioException failure(String name, String problem, String remedy) {
        return new AudioException("microphone \"" + name + "\"", -1, problem, remedy + ".", null);
    }

    /** An open line. It is asked what it has before it is read, because a read from a dead device may never return. */
    private static final class Feed implements AudioFeed {
        private static final long POLL_NANOS = 5_000_000;

        private final String name;
        private final TargetDataLine line;
        private final int frameBytes;
        private final int channels;
        private final Resampler resampler;
        private final LongSupplier clock;
        private final byte[] bytes;
        private float[] ready = new float[0];
        private int readyFrom;

        Feed(String name, TargetDataLine line, AudioFormat format, LongSupplier clock) {
            this.name = name;
            this.line = line;
            this.clock = clock;
            frameBytes = format.getFrameSize();
            channels = format.getChannels();
            int rate = (int) format.getSampleRate();
            resampler = new Resampler(rate, AudioClip.SAMPLE_RATE);
            bytes = new byte[rate / 50 * frameBytes];
        }

        @Override
        public int read(float[] buffer, int offset, int length) {
            while (readyFrom == ready.length) {
                int count = waitForBytes();
                ready = resampler.push(mono(count), 0, count / frameBytes);
                readyFrom = 0;
            }
            int n = Math.min(length, ready.length - readyFrom);
            System.arraycopy(ready, readyFrom, buffer, offset, n);
            readyFrom += n;
            return n;
        }

        private int waitForBytes() {
            long since = clock.getAsLong();
            while (true) {
                int there = Math.min(line.available(), bytes.length) / frameBytes * frameBytes;
                if (there > 0) {
                    int count = line.read(bytes, 0, there) / frameBytes * frameBytes;
                    if (count > 0) {
                        return count;
                    }
                }
                if (!line.isOpen() || there > 0 || clock.getAsLong() - since > PATIENCE_NANOS) {
                    throw failure(
                            name,
                            "stopped giving sound",
                            "Check its plug or its connection; recording goes on when it is back");
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }

        private float[] mono(int count) {
            float[] mono = new float[count / frameBytes];
            for (int i = 0; i < mono.length; i++) {
                int sum = 0;
                for (int c = 0; c < channels; c++) {
                    int at = i * frameBytes + 2 * c;
                    sum += (bytes[at + 1] << 8) | (bytes[at] & 0xff);
                }
                mono[i] = sum / (32768f * channels);
            }
            return mono;
        }

        @Override
        public void close() {
            line.stop();
            line.close();
        }
    }
}
