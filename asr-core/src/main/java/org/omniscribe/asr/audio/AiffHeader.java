package org.omniscribe.asr.audio;

import java.nio.ByteBuffer;

/** AIFF and the AIFC encodings without compression, and mu-law and A-law. */
final class AiffHeader {
    private AiffHeader() {}

    static LinearSource read(Input in) {
        boolean compressed = Input.ascii(in.header(12, "FORM header"), 8, 4).equals("AIFC");
        ByteBuffer common = null;
        while (true) {
            if (in.peek(1).length == 0) {
                throw in.damaged("this AIFF file has no sound in it: it ends before its SSND chunk");
            }
            ByteBuffer head = ByteBuffer.wrap(in.header(8, "chunk headers"));
            String id = Input.ascii(head.array(), 0, 4);
            long size = head.getInt(4) & 0xffffffffL;
            switch (id) {
                case "COMM" -> {
                    if (size < (compressed ? 22 : 18) || size > 4096) {
                        throw in.damaged("the COMM chunk of this AIFF file claims to be " + size + " bytes long");
                    }
                    common = ByteBuffer.wrap(in.header((int) size, "COMM chunk"));
                    Chunks.pad(in, size);
                }
                case "SSND" -> {
                    if (common == null) {
                        throw in.damaged("this AIFF file lacks the COMM chunk that says how its samples are stored");
                    }
                    int offset = ByteBuffer.wrap(in.header(8, "SSND chunk")).getInt(0);
                    in.skip(Math.max(0, offset));
                    return source(in, common, compressed);
                }
                default -> Chunks.skip(in, size);
            }
        }
    }

    private static LinearSource source(Input in, ByteBuffer common, boolean compressed) {
        int channels = common.getShort(0) & 0xffff;
        long frames = common.getInt(2) & 0xffffffffL;
        int bits = common.getShort(6) & 0xffff;
        int rate = (int) Math.rint(Math.min(Integer.MAX_VALUE, extended(common, 8)));
        String kind = compressed ? Input.ascii(common.array(), 18, 4) : "NONE";
        AudioReader.check(in, rate, channels);
        boolean littleEndian = kind.equals("sowt");
        SampleFormat format =
                switch (kind) {
                    case "NONE", "twos", "sowt", "in24", "in32" ->
                        switch ((bits + 7) / 8) {
                            case 1 -> SampleFormat.SIGNED_8;
                            case 2 -> SampleFormat.SIGNED_16;
                            case 3 -> SampleFormat.SIGNED_24;
                            case 4 -> SampleFormat.SIGNED_32;
                            default -> null;
                        };
                    case "raw " -> bits == 8 ? SampleFormat.UNSIGNED_8 : null;
                    case "fl32", "FL32" -> SampleFormat.FLOAT_32;
                    case "fl64", "FL64" -> SampleFormat.FLOAT_64;
                    case "ulaw", "ULAW" -> SampleFormat.MU_LAW;
                    case "alaw", "ALAW" -> SampleFormat.A_LAW;
                    default -> null;
                };
        if (format == null) {
            throw in.unsupported("an AIFF file whose sound is stored in a way that is not read here (" + kind.strip()
                    + ", " + bits + " bits)");
        }
        // No frames is what programs write that send AIFF through a pipe.
        return new LinearSource(in, format, !littleEndian, channels, rate, frames == 0 ? -1 : frames);
    }

    /** An 80-bit extended float, sign and exponent in 16 bits, then 64 bits of mantissa. */
    private static double extended(ByteBuffer bytes, int at) {
        int exponent = bytes.getShort(at) & 0x7fff;
        double mantissa = (bytes.getInt(at + 2) & 0xffffffffL) * 0x1p32 + (bytes.getInt(at + 6) & 0xffffffffL);
        return mantissa * Math.pow(2, exponent - 16383 - 63);
    }
}
