package org.omniscribe.export.checkpoint;

/**
 * IEEE 754 half precision: one sign bit, five of exponent (bias 15), ten of fraction.
 *
 * <p>Java has these conversions from version 20 on only.
 */
public final class Float16 {
    /** The largest finite half. */
    public static final float MAX = 65504f;

    private Float16() {}

    /**
     * The nearest half, ties to even; beyond {@link #MAX} (rounded) infinity, NaN stays NaN.
     *
     * @param value any float
     * @return the bits of the half
     */
    public static short toBits(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude > 0x7f800000) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude >= 0x477ff000) { // 65520, halfway to the next power: rounds up to infinity
            return (short) (sign | 0x7c00);
        }
        if (magnitude >= 0x38800000) { // normal: rebias the exponent, round the 13 dropped bits
            int rounded = magnitude + 0xfff + (magnitude >>> 13 & 1);
            return (short) (sign | (rounded - 0x38000000) >>> 13);
        }
        // Subnormal: adding 0.5 leaves the fraction, rounded to steps of 2^-24, in the lowest bits.
        float aligned = Float.intBitsToFloat(magnitude) + 0.5f;
        return (short) (sign | Float.floatToRawIntBits(aligned) - Float.floatToRawIntBits(0.5f));
    }

    /**
     * The value of a half, exactly.
     *
     * @param half the bits of the half
     */
    public static float toFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half >>> 10 & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int rebiased = exponent == 0x1f ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | rebiased << 23 | fraction << 13);
    }
}
