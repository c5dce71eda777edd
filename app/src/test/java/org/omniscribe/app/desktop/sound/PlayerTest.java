package org.omniscribe.app.desktop.sound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.desktop.base.TestDesk;
import org.omniscribe.asr.audio.AudioRecording;

/** What is played is what was recorded, at the speed that was asked for. */
class PlayerTest {
    private static final int RATE = 16000;

    @TempDir
    private Path folder;

    private TestDesk desk;
    private final Loudspeaker loudspeaker = new Loudspeaker();
    private Player player;

    /** Takes everything at once. */
    private static final class Loudspeaker implements SoundOutput, SoundOutput.Line {
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private boolean missing;

        @Override
        public Line open() throws UnavailableException {
            if (missing) {
                throw new UnavailableException(new IllegalArgumentException("no line"));
            }
            heard.reset();
            return this;
        }

        @Override
        public void write(byte[] bytes, int length) {
            heard.write(bytes, 0, length);
        }

        @Override
        public long played() {
            return heard.size() / 2;
        }

        @Override
        public void drain() {}

        @Override
        public void close() {}

        double seconds() {
            return heard.size() / 2.0 / RATE;
        }
    }

    @BeforeEach
    void record() throws IOException {
        desk = TestDesk.in(folder);
        Path file = folder.resolve("sound.wav");
        float[] sound = new float[3 * RATE];
        for (int i = 0; i < sound.length; i++) {
            sound[i] = (float) (0.5 * Math.sin(2 * Math.PI * 220 * i / RATE));
        }
        try (AudioRecording recording = AudioRecording.create(file)) {
            recording.write(sound, 0, sound.length);
        }
        player = new Player(loudspeaker, desk.desk().threads());
        player.open(new SoundFile(file));
    }

    @AfterEach
    void close() {
        player.close();
        desk.desk().threads().close();
    }

    @Test
    void aPartIsPlayedAndNoMore() throws InterruptedException {
        player.play(1, 1.5);
        desk.until(() -> !player.playing());
        assertEquals(0.5, loudspeaker.seconds());
        assertEquals(1.5, player.position(), 1e-9);
        byte[] bytes = loudspeaker.heard.toByteArray();
        int third = (short) ((bytes[7] << 8) | (bytes[6] & 0xff));
        assertEquals(0.5 * Math.sin(2 * Math.PI * 220 * (RATE + 3) / RATE) * 32768, third, 1);
    }

    @Test
    void doubleSpeedTakesHalfTheTimeAtTheSamePitch() throws InterruptedException {
        player.setSpeed(2);
        player.play();
        desk.until(() -> !player.playing());
        assertEquals(1.5, loudspeaker.seconds(), 0.15);
        assertEquals(3, player.position(), 1e-9);
        byte[] bytes = loudspeaker.heard.toByteArray();
        int crossings = 0;
        for (int i = RATE / 4; i < RATE; i++) {
            crossings += bytes[2 * i - 1] < 0 && bytes[2 * i + 1] >= 0 ? 1 : 0;
        }
        assertEquals(220 * 0.75, crossings, 12, "the pitch stays");
    }

    @Test
    void atTheEndItBeginsAnew() throws InterruptedException {
        player.seek(3);
        player.play();
        desk.until(() -> !player.playing());
        assertEquals(3, loudspeaker.seconds(), 1e-9);
    }

    @Test
    void aMissingLoudspeakerIsTold() throws InterruptedException {
        loudspeaker.missing = true;
        player.play();
        desk.until(() -> !player.failure().isEmpty());
        assertTrue(player.failure().contains("no line"), player.failure());
        assertFalse(player.playing());
        assertEquals(0, player.position());
    }

    @Test
    void seekingStaysWithinTheRecording() {
        player.seek(-5);
        assertEquals(0, player.position());
        player.seek(50);
        assertEquals(3, player.position());
    }
}
