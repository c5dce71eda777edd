package org.omniscribe.asr.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Positions, gaps and ends of Ogg streams, on the Opus fixture with its packets put into several pages. */
class OggSourceTest {
    /** Frames of a packet: 20 ms at 48 kHz. */
    private static final int PACKET = 960;

    private static final int PACKETS_A_PAGE = 4;
    private static final int PRE_SKIP = 312;

    private final byte[] file = Sound.bytes("speech-gain.opus");
    private final float[] whole = Sound.samples(file);
    private final List<byte[]> packets = new ArrayList<>();
    private final long end;

    OggSourceTest() {
        OggStream ogg = new OggStream(new Input(new ByteArrayInputStream(file), "fixture"));
        long granule = 0;
        OggPage page;
        while ((page = ogg.next()) != null) {
            packets.addAll(page.packets());
            granule = page.granule();
        }
        end = granule;
    }

    /** The pages of the recording: two of headers, then those of sound; {@code shifts} are added to their positions. */
    private List<byte[]> pages(int serial, long... shifts) {
        List<byte[]> pages = new ArrayList<>();
        pages.add(page(serial, 0, 2, 0, packets.subList(0, 1)));
        pages.add(page(serial, 1, 0, 0, packets.subList(1, 2)));
        int page = 0;
        for (int at = 2; at < packets.size(); at += PACKETS_A_PAGE, page++) {
            int to = Math.min(at + PACKETS_A_PAGE, packets.size());
            boolean last = to == packets.size();
            long granule = last ? end : (to - 2) * (long) PACKET;
            pages.add(page(
                    serial, page + 2, last ? 4 : 0, granule + shifts[page % shifts.length], packets.subList(at, to)));
        }
        assertEquals(2 + 9, pages.size());
        return pages;
    }

    private static byte[] page(int serial, int number, int flags, long granule, List<byte[]> packets) {
        int segments = packets.stream().mapToInt(p -> p.length / 255 + 1).sum();
        int length = packets.stream().mapToInt(p -> p.length).sum();
        ByteBuffer page = ByteBuffer.allocate(27 + segments + length).order(ByteOrder.LITTLE_ENDIAN);
        page.put("OggS".getBytes()).put((byte) 0).put((byte) flags).putLong(granule);
        page.putInt(serial).putInt(number).putInt(0).put((byte) segments);
        for (byte[] packet : packets) {
            for (int left = packet.length; left >= 0; left -= 255) {
                page.put((byte) Math.min(left, 255));
            }
        }
        packets.forEach(page::put);
        byte[] bytes = page.array();
        Sound.fixOggChecksums(bytes);
        return bytes;
    }

    private static byte[] join(List<byte[]> pages) {
        return Sound.concat(pages.toArray(new byte[0][]));
    }

    @Test
    void pagesMakeNoDifference() {
        assertArrayEquals(whole, Sound.samples(join(pages(1, 0))));
    }

    @Test
    void aRecordingOfABroadcastStartsAnywhere() {
        assertArrayEquals(whole, Sound.samples(join(pages(1, 4_800_000))));
    }

    @Test
    void aMissingPageBecomesSilence() {
        List<byte[]> pages = pages(1, 0);
        pages.remove(3);
        try (AudioReader reader = Sound.open(join(pages))) {
            float[] samples = Sound.samples(reader, 1000);
            assertEquals(whole.length, samples.length);
            int gap = (4 * PACKET - PRE_SKIP) / 3;
            int after = (8 * PACKET - PRE_SKIP) / 3;
            assertEquals(0, Sound.rms(samples, gap + 50, after - 50));
            assertTrue(Sound.error(Arrays.copyOf(samples, gap - 50), whole) < 1e-6);
            // The decoder has lost its memory, so the samples differ for a while; but they are in their places.
            assertEquals(0, bestShift(samples, after + 1000));
            assertEquals(List.of("damaged or missing data at 0.07 s, 0.08 s replaced by silence"), reader.warnings());
        }
    }

    @Test
    void aMissingEndIsTold() {
        List<byte[]> pages = pages(1, 0);
        byte[] cut = join(pages.subList(0, 5));
        try (AudioReader reader = Sound.open(cut)) {
            assertEquals((12 * PACKET - PRE_SKIP) / 3, Sound.samples(reader, 1000).length);
            assertEquals(
                    List.of("the file is cut off after 0.23 s: the end of its stream is missing"), reader.warnings());
        }
    }

    @Test
    void streamsCanFollowEachOther() {
        byte[] chain = Sound.concat(join(pages(1, 0)), join(pages(2, 0)));
        float[] samples = Sound.samples(chain);
        assertEquals(Math.round(2 * (end - PRE_SKIP) / 3.0), samples.length);
    }

    /** As opusdec does: the last page is cut to the difference of its position and that of the page before. */
    @Test
    void theEndCountsFromThePageBefore() {
        assertEquals(
                whole.length, Sound.samples(join(pages(1, 0, 0, -489, -489, -489, -489, -489, -489, -489))).length);
        assertEquals(whole.length, Sound.samples(join(pages(1, 0, 489, 489, 489, 489, 489, 489, 489, 489))).length);
    }

    /** The shift of a 0.1 s piece that makes it most like the whole recording. */
    private int bestShift(float[] samples, int from) {
        int best = Integer.MIN_VALUE;
        double least = Double.MAX_VALUE;
        for (int shift = -700; shift <= 700; shift++) {
            double error = Sound.error(
                    Arrays.copyOfRange(samples, from, from + 1600),
                    Arrays.copyOfRange(whole, from + shift, from + shift + 1600));
            if (error < least) {
                least = error;
                best = shift;
            }
        }
        return best;
    }

    @Test
    void blocksLongerThanTheFormatAllowsAreRefused() {
        byte[] file = Sound.bytes("vorbis.ogg");
        int sizes = 28 + 28;
        assertEquals(0xA9, file[sizes] & 255, "the fixture's blocks of 512 and 1024 frames");
        file[sizes] = (byte) 0xE9;
        Sound.fixOggChecksums(file);
        String message =
                assertThrows(AudioException.class, () -> Sound.samples(file)).getMessage();
        assertTrue(message.contains("header 1 of this Vorbis stream makes no sense"), message);
    }
}
