package org.omniscribe.asr.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.Line;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.SourceDataLine;
import javax.sound.sampled.TargetDataLine;
import org.junit.jupiter.api.Test;

/** Microphones on a sound system that is made up: what devices do wrong cannot be had otherwise. */
class MicrophoneTest {
    /** A device that takes some formats and gives a ramp of samples until it is unplugged. */
    private static final class Device {
        final Mixer.Info info;
        final Set<AudioFormat> formats;
        String busy;
        boolean open;
        boolean records = true;
        AudioFormat chosen;
        long framesLeft = 1600;
        boolean silentAfterwards;
        int value;

        Device(String name, AudioFormat... formats) {
            info = new Mixer.Info(name, "nobody", "made up", "1") {};
            this.formats = Set.of(formats);
        }

        Mixer mixer() {
            return proxy(
                    Mixer.class,
                    Map.of(
                            "getTargetLineInfo",
                            args -> records ? new Line.Info[] {lineInfo()} : new Line.Info[0],
                            "isLineSupported",
                            args -> formats.stream().anyMatch(f -> f.matches(format((Line.Info) args[0]))),
                            "getLine",
                            args -> line()));
        }

        private DataLine.Info lineInfo() {
            return new DataLine.Info(TargetDataLine.class, formats.toArray(new AudioFormat[0]), 1, 100000);
        }

        private static AudioFormat format(Line.Info info) {
            return ((DataLine.Info) info).getFormats()[0];
        }

        private TargetDataLine line() {
            return proxy(
                    TargetDataLine.class,
                    Map.of(
                            "open",
                            args -> {
                                if (busy != null) {
                                    throw new LineUnavailableException(busy);
                                }
                                chosen = (AudioFormat) args[0];
                                open = true;
                                return null;
                            },
                            "available",
                            args -> (int) Math.min(framesLeft, 100) * chosen.getFrameSize(),
                            "isOpen",
                            args -> open && (framesLeft > 0 || silentAfterwards),
                            "read",
                            args -> read((byte[]) args[0], (int) args[2]),
                            "close",
                            args -> {
                                open = false;
                                return null;
                            }));
        }

        private int read(byte[] bytes, int length) {
            int channels = chosen.getChannels();
            for (int i = 0; i < length / 2; i++) {
                // The second channel has the negative of the first one's half.
                int sample = i % channels == 0 ? value : -value / 2;
                bytes[2 * i] = (byte) sample;
                bytes[2 * i + 1] = (byte) (sample >> 8);
                if (i % channels == channels - 1) {
                    value += 16;
                }
            }
            framesLeft -= length / chosen.getFrameSize();
            return length;
        }
    }

    private interface Method {
        Object call(Object[] args) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Map<String, Method> methods) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, args) -> methods.containsKey(method.getName())
                        ? methods.get(method.getName()).call(args)
                        : null));
    }

    private static SoundSystem system(List<Device> devices) {
        AtomicLong clock = new AtomicLong();
        return new SoundSystem() {
            @Override
            public List<Mixer.Info> mixers() {
                return devices.stream().map(d -> d.info).toList();
            }

            @Override
            public Mixer mixer(Mixer.Info info) {
                return devices.stream()
                        .filter(d -> d.info == info)
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("gone"))
                        .mixer();
            }

            @Override
            public long nanoTime() {
                return clock.addAndGet(1_000_000_000);
            }
        };
    }

    private static AudioFormat pcm(int rate, int channels) {
        return new AudioFormat(rate, 16, channels, true, false);
    }

    private static float[] read(AudioFeed feed, int count) {
        float[] samples = new float[count];
        for (int at = 0; at < count; ) {
            int n = feed.read(samples, at, Math.min(37, count - at));
            assertTrue(n > 0);
            at += n;
        }
        return samples;
    }

    @Test
    void onlyDevicesThatRecordAreListed() {
        Device loudspeaker = new Device("loudspeaker", pcm(44100, 2));
        loudspeaker.records = false;
        List<Microphone> list =
                Microphone.list(system(List.of(loudspeaker, new Device("one", pcm(16000, 1)), new Device("two"))));
        assertEquals(
                List.of("1  one (made up)", "2  two (made up)"),
                list.stream().map(Microphone::describe).toList());
        assertEquals(List.of(), Microphone.list(system(List.of())));
    }

    @Test
    void samplesComeAsTheyWereSpoken() {
        Device device = new Device("plain", pcm(16000, 1), pcm(48000, 2));
        try (AudioFeed feed = Microphone.list(system(List.of(device))).get(0).open()) {
            assertEquals(16000, device.chosen.getSampleRate());
            float[] samples = read(feed, 1000);
            for (int i = 0; i < samples.length; i++) {
                assertEquals(16 * i / 32768f, samples[i], 1e-7);
            }
        }
        assertFalse(device.open, "closing the feed gives the device back");
    }

    @Test
    void twoChannelsAreMixedAndOtherRatesResampled() {
        Device stereo = new Device("stereo", pcm(16000, 2));
        try (AudioFeed feed = Microphone.list(system(List.of(stereo))).get(0).open()) {
            float[] samples = read(feed, 100);
            assertEquals(99 * 16 / 4 / 32768f, samples[99], 1e-4);
        }
        Device fast = new Device("fast", pcm(48000, 1));
        fast.framesLeft = 48000;
        fast.silentAfterwards = true;
        try (AudioFeed feed = Microphone.list(system(List.of(fast))).get(0).open()) {
            float[] samples = read(feed, 500);
            assertEquals(3 * 16 * 400 / 32768f, samples[400], 0.01);
        }
    }

    @Test
    void aDeviceInUseSaysSo() {
        Device device = new Device("taken", pcm(16000, 1));
        device.busy = "line with format PCM already in use";
        AudioException e = assertThrows(
                AudioException.class,
                () -> Microphone.list(system(List.of(device))).get(0).open());
        assertEquals(
                "microphone \"taken\": cannot be opened (line with format PCM already in use). Close other programs that"
                        + " record, allow this one to use the microphone, or choose another device.",
                e.getMessage());
    }

    @Test
    void aDeviceWithoutAFormatSaysWhatItOffers() {
        Device device = new Device("odd", new AudioFormat(4000, 8, 1, false, false));
        AudioException e = assertThrows(
                AudioException.class,
                () -> Microphone.list(system(List.of(device))).get(0).open());
        assertTrue(e.getMessage().contains("it offers PCM_UNSIGNED 4000.0 Hz"), e::getMessage);
    }

    @Test
    void unpluggingEndsTheFeedAndPluggingInAgainMakesAnother() {
        List<Device> devices = new ArrayList<>(List.of(new Device("usb", pcm(16000, 1))));
        Microphone microphone = Microphone.list(system(devices)).get(0);
        try (AudioFeed feed = microphone.open()) {
            read(feed, 1600);
            AudioException e = assertThrows(AudioException.class, () -> read(feed, 1));
            assertTrue(e.getMessage().startsWith("microphone \"usb\": stopped giving sound."), e::getMessage);
        }
        devices.clear();
        AudioException gone = assertThrows(AudioException.class, microphone::open);
        assertEquals(
                "microphone \"usb\": is not there. Plug it in again, or choose another device.", gone.getMessage());
        Device back = new Device("usb", pcm(44100, 2));
        back.framesLeft = 44100;
        devices.add(back);
        try (AudioFeed feed = microphone.open()) {
            assertEquals(100, read(feed, 100).length);
        }
    }

    @Test
    void aDeviceThatFallsSilentForeverIsGoneToo() {
        Device device = new Device("bluetooth", pcm(16000, 1));
        device.silentAfterwards = true;
        try (AudioFeed feed = Microphone.list(system(List.of(device))).get(0).open()) {
            read(feed, 1600);
            assertThrows(AudioException.class, () -> read(feed, 1));
        }
    }

    @Test
    void linesThatOnlyPlayAreNoMicrophones() {
        Mixer mixer = proxy(Mixer.class, Map.of("getTargetLineInfo", args ->
                new Line.Info[] {new Line.Info(SourceDataLine.class)}));
        SoundSystem system = new SoundSystem() {
            @Override
            public List<Mixer.Info> mixers() {
                return List.of(new Mixer.Info("out", "", "", "") {});
            }

            @Override
            public Mixer mixer(Mixer.Info info) {
                return mixer;
            }
        };
        assertEquals(List.of(), Microphone.list(system));
    }
}
