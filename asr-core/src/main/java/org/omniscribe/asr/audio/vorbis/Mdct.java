package org.omniscribe.asr.audio.vorbis;

/**
 * The inverse modified discrete cosine transform, by a complex FFT of a quarter of its length.
 *
 * <p>{@code out[i] = sum over k of in[k] cos(pi / (2 n) (2 i + 1 + n / 2) (2 k + 1))} for n outputs of n / 2 inputs.
 */
final class Mdct {
    private final int n;
    private final float[] cos;
    private final float[] sin;
    private final float[] rootCos;
    private final float[] rootSin;
    private final int[] reversed;
    private final float[] re;
    private final float[] im;

    /**
     * A transform.
     *
     * @param n number of outputs, a power of two of 16 or more
     */
    Mdct(int n) {
        this.n = n;
        int quarter = n / 4;
        cos = new float[quarter];
        sin = new float[quarter];
        rootCos = new float[quarter];
        rootSin = new float[quarter];
        reversed = new int[quarter];
        re = new float[quarter];
        im = new float[quarter];
        int bits = Integer.numberOfTrailingZeros(quarter);
        for (int i = 0; i < quarter; i++) {
            double angle = 2 * Math.PI * (i + 0.125) / n;
            cos[i] = (float) -Math.cos(angle);
            sin[i] = (float) -Math.sin(angle);
            rootCos[i] = (float) Math.cos(2 * Math.PI * i / quarter);
            rootSin[i] = (float) Math.sin(2 * Math.PI * i / quarter);
            reversed[i] = Integer.reverse(i) >>> 32 - bits;
        }
    }

    /** Transforms {@code n / 2} values of {@code in} to {@code n} of {@code out}. */
    void inverse(float[] in, float[] out) {
        int quarter = n / 4;
        int half = n / 2;
        for (int k = 0; k < quarter; k++) {
            float a = in[half - 1 - 2 * k];
            float b = in[2 * k];
            re[reversed[k]] = a * cos[k] - b * sin[k];
            im[reversed[k]] = a * sin[k] + b * cos[k];
        }
        fft(quarter);
        // The middle half of the output, then what mirrors it.
        for (int k = 0; k < quarter; k++) {
            float real = re[k] * cos[k] - im[k] * sin[k];
            float imaginary = -im[k] * cos[k] - re[k] * sin[k];
            out[quarter + 2 * k] = real;
            out[quarter + half - 1 - 2 * k] = imaginary;
        }
        for (int k = 0; k < quarter; k++) {
            out[k] = -out[half - 1 - k];
            out[n - 1 - k] = out[half + k];
        }
    }

    /** An FFT with a positive sign in place; the input is in bit-reversed order. */
    private void fft(int size) {
        for (int length = 2; length <= size; length *= 2) {
            int step = size / length;
            for (int from = 0; from < size; from += length) {
                for (int k = 0; k < length / 2; k++) {
                    int a = from + k;
                    int b = a + length / 2;
                    float c = rootCos[k * step];
                    float s = rootSin[k * step];
                    float real = re[b] * c - im[b] * s;
                    float imaginary = re[b] * s + im[b] * c;
                    re[b] = re[a] - real;
                    im[b] = im[a] - imaginary;
                    re[a] += real;
                    im[a] += imaginary;
                }
            }
        }
    }
}
