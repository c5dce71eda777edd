package org.omniscribe.asr.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * RIFF/WAVE in its variants: RIFF, big-endian RIFX, RF64 and BW64, plain and extensible format chunks.
 *
 * <p>A data length of 0 or near the top of its range is what programs write that send WAV through a pipe; the sound then
 * goes on to the end of the input.
 */
final class WavHeader {
    private static final long PIPE_LENGTH = 0x7FFF0000L;
    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int A_LAW = 6;
    private static final int MU_LAW = 7;
    private static final int EXTENSIBLE = 0xFFFE;

    private WavHeader() {}

    static LinearSource read(Input in) {
        String form = Input.ascii(in.header(12, "RIFF header"), 0, 4);
        boolean bigEndian = form.equals("RIFX");
        ByteOrder order = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        long longDataSize = -1;
        ByteBuffer format = null;
        while (true) {
            if (in.peek(1).length == 0) {
                throw in.damaged("this WAV file has no sound in it: it ends before its data chunk");
            }
            byte[] head = in.header(8, "chunk headers");
            String id = Input.ascii(head, 0, 4);
            long size = ByteBuffer.wrap(head).order(order).getInt(4) & 0xffffffffL;
            switch (id) {
                case "data" -> {
                    if (format == null) {
                        throw in.damaged("this WAV file lacks the format chunk that says how its samples are stored");
                    }
                    return source(in, format, bigEndian, size == 0xffffffffL && longDataSize > 0 ? longDataSize : size);
                }
                case "fmt " -> {
                    if (size < 14 || size > 4096) {
                        throw in.damaged("the format chunk of this WAV file claims to be " + size + " bytes long");
                    }
                    format = ByteBuffer.wrap(in.header((int) size, "format chunk"))
                            .order(order);
                    Chunks.pad(in, size);
                }
                case "ds64" -> {
                    if (size < 16 || size > 1 << 20) {
                        throw in.damaged("the ds64 chunk of this WAV file claims to be " + size + " bytes long");
                    }
                    longDataSize = ByteBuffer.wrap(in.header((int) size, "ds64 chunk"))
                            .order(order)
                            .getLong(8);
                    Chunks.pad(in, size);
                }
                default -> Chunks.skip(in, size);
            }
        }
    }

    private static LinearSource source(Input in, ByteBuffer format, boolean bigEndian, long size) {
        int tag = format.getShort(0) & 0xffff;
        int channels = format.getShort(2) & 0xffff;
        int rate = format.getInt(4);
        int frameBytes = format.getShort(12) & 0xffff;
        if (tag == EXTENSIBLE && format.capacity() >= 26) {
            // The first four bytes of an identifier are one number, in the byte order of the file.
            tag = (format.order() == ByteOrder.BIG_ENDIAN && format.capacity() >= 28
                            ? format.getInt(24)
                            : format.getShort(24))
                    & 0xffff;
        }
        AudioReader.check(in, rate, channels);
        int bits = format.capacity() >= 16 ? format.getShort(14) & 0xffff : 8 * frameBytes / channels;
        // Samples of an odd width (12, 20 bits) fill the high bits of whole bytes, so the bytes decide.
        int width = frameBytes % channels == 0 && frameBytes > 0 ? frameBytes / channels : (bits + 7) / 8;
        SampleFormat samples = format(in, tag, width);
        boolean endless =
                size >= PIPE_LENGTH && (in.length() < 0 || size > in.length()) || size == 0 && !followedByChunk(in);
        return new LinearSource(
                in, samples, bigEndian, channels, rate, endless ? -1 : size / ((long) channels * samples.bytes()));
    }

    private static SampleFormat format(Input in, int tag, int width) {
        SampleFormat format =
                switch (tag) {
                    case PCM ->
                        switch (width) {
                            case 1 -> SampleFormat.UNSIGNED_8;
                            case 2 -> SampleFormat.SIGNED_16;
                            case 3 -> SampleFormat.SIGNED_24;
                            case 4 -> SampleFormat.SIGNED_32;
                            default -> null;
                        };
                    case FLOAT ->
                        switch (width) {
                            case 4 -> SampleFormat.FLOAT_32;
                            case 8 -> SampleFormat.FLOAT_64;
                            default -> null;
                        };
                    case A_LAW -> SampleFormat.A_LAW;
                    case MU_LAW -> SampleFormat.MU_LAW;
                    default -> null;
                };
        if (format == null) {
            throw in.unsupported(String.format(
                    "a WAV file whose sound is stored in a way that is not read here (format 0x%04x, %d bytes a sample)",
                    tag, width));
        }
        return format;
    }

    /** An empty data chunk before other chunks is empty; at the end of the headers it means "unknown". */
    private static boolean followedByChunk(Input in) {
        return switch (Input.ascii(in.peek(4), 0, 4)) {
            case "LIST", "id3 ", "ID3 ", "fact", "cue ", "bext", "JUNK", "smpl", "PEAK" -> true;
            default -> false;
        };
    }
}
