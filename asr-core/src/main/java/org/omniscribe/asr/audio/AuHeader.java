package org.omniscribe.asr.audio;

import java.nio.ByteBuffer;

/** Sun/NeXT AU, big-endian. */
final class AuHeader {
    private AuHeader() {}

    static LinearSource read(Input in) {
        ByteBuffer head = ByteBuffer.wrap(in.header(24, "AU header"));
        long offset = head.getInt(4) & 0xffffffffL;
        long size = head.getInt(8) & 0xffffffffL;
        int encoding = head.getInt(12);
        int rate = head.getInt(16);
        int channels = head.getInt(20);
        if (offset < 24 || offset > 1 << 24) {
            throw in.damaged("this AU header claims to be " + offset + " bytes long");
        }
        AudioReader.check(in, rate, channels);
        SampleFormat format =
                switch (encoding) {
                    case 1 -> SampleFormat.MU_LAW;
                    case 2 -> SampleFormat.SIGNED_8;
                    case 3 -> SampleFormat.SIGNED_16;
                    case 4 -> SampleFormat.SIGNED_24;
                    case 5 -> SampleFormat.SIGNED_32;
                    case 6 -> SampleFormat.FLOAT_32;
                    case 7 -> SampleFormat.FLOAT_64;
                    case 27 -> SampleFormat.A_LAW;
                    default ->
                        throw in.unsupported(
                                "an AU file whose sound is stored in a way that is not read here (encoding " + encoding
                                        + ")");
                };
        in.skip(offset - 24);
        boolean endless = size == 0xffffffffL || size == 0;
        return new LinearSource(
                in, format, true, channels, rate, endless ? -1 : size / ((long) channels * format.bytes()));
    }
}
