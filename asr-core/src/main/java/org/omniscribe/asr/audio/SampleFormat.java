package org.omniscribe.asr.audio;

/** How one sample is stored; every format becomes a float with full scale [-1, 1]. */
enum SampleFormat {
    UNSIGNED_8(1),
    SIGNED_8(1),
    SIGNED_16(2),
    SIGNED_24(3),
    SIGNED_32(4),
    FLOAT_32(4),
    FLOAT_64(8),
    /** ITU-T G.711 mu-law. */
    MU_LAW(1),
    /** ITU-T G.711 A-law. */
    A_LAW(1);

    private static final float[] MU_LAW_TABLE = new float[256];
    private static final float[] A_LAW_TABLE = new float[256];

    static {
        for (int code = 0; code < 256; code++) {
            MU_LAW_TABLE[code] = muLaw(code) / 32768f;
            A_LAW_TABLE[code] = aLaw(code) / 32768f;
        }
    }

    private final int bytes;

    SampleFormat(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes a sample. */
    int bytes() {
        return bytes;
    }

    /** Decodes {@code count} samples that stand at the start of {@code in}. */
    void decode(byte[] in, boolean bigEndian, float[] out, int count) {
        switch (this) {
            case UNSIGNED_8 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = ((in[i] & 0xff) - 128) / 128f;
                }
            }
            case SIGNED_8 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = in[i] / 128f;
                }
            }
            case MU_LAW -> {
                for (int i = 0; i < count; i++) {
                    out[i] = MU_LAW_TABLE[in[i] & 0xff];
                }
            }
            case A_LAW -> {
                for (int i = 0; i < count; i++) {
                    out[i] = A_LAW_TABLE[in[i] & 0xff];
                }
            }
            case SIGNED_16 -> {
                int high = bigEndian ? 0 : 1;
                for (int i = 0; i < count; i++) {
                    out[i] = ((in[2 * i + high] << 8) | (in[2 * i + 1 - high] & 0xff)) / 32768f;
                }
            }
            case SIGNED_24 -> {
                int high = bigEndian ? 0 : 2;
                for (int i = 0; i < count; i++) {
                    int value =
                            (in[3 * i + high] << 16) | ((in[3 * i + 1] & 0xff) << 8) | (in[3 * i + 2 - high] & 0xff);
                    out[i] = value / 8388608f;
                }
            }
            case SIGNED_32 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = (int) bits(in, 4 * i, 4, bigEndian) / 2147483648f;
                }
            }
            case FLOAT_32 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = Float.intBitsToFloat((int) bits(in, 4 * i, 4, bigEndian));
                }
            }
            case FLOAT_64 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = (float) Double.longBitsToDouble(bits(in, 8 * i, 8, bigEndian));
                }
            }
        }
    }

    private static long bits(byte[] in, int offset, int bytes, boolean bigEndian) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = (value << 8) | (in[offset + (bigEndian ? i : bytes - 1 - i)] & 0xff);
        }
        return value;
    }

    private static int muLaw(int code) {
        int bits = ~code & 0xff;
        int magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
        return (bits & 0x80) == 0 ? magnitude : -magnitude;
    }

    private static int aLaw(int code) {
        int bits = code ^ 0x55;
        int exponent = (bits >> 4) & 7;
        int mantissa = ((bits & 0x0f) << 4) + 8;
        int magnitude = exponent == 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
        return (bits & 0x80) == 0 ? -magnitude : magnitude;
    }
}
