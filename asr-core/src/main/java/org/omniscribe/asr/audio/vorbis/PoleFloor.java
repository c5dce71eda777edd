package org.omniscribe.asr.audio.vorbis;

/** Floor 0: line spectral pairs on a bark scale (specification, section 6). */
final class PoleFloor implements Floor {
    private static final int MAX_MAP = 1 << 14;

    private final Codebook[] books;
    private final int poles;
    private final int rate;
    private final int mapSize;
    private final int amplitudeBits;
    private final int amplitudeOffset;
    private final int[] choices;
    private final double[] cosines;

    PoleFloor(PacketBits bits, Codebook[] books) {
        this.books = books;
        poles = bits.need(8);
        rate = bits.need(16);
        mapSize = bits.need(16);
        amplitudeBits = bits.need(6);
        amplitudeOffset = bits.need(8);
        choices = new int[bits.need(4) + 1];
        for (int i = 0; i < choices.length; i++) {
            choices[i] = bits.need(8);
            PacketBits.require(
                    choices[i] < books.length && books[choices[i]].hasVectors(), "a codebook that is not there");
        }
        PacketBits.require(
                poles > 0 && rate > 0 && mapSize > 0 && mapSize <= MAX_MAP && amplitudeBits <= 31,
                "a floor that makes no sense");
        cosines = new double[poles];
    }

    @Override
    public boolean read(PacketBits bits, float[] curve, int n) {
        int amplitude = bits.read(amplitudeBits);
        if (amplitude <= 0 || bits.over()) {
            return false;
        }
        int choice = bits.read(PacketBits.width(choices.length));
        if (choice >= choices.length) {
            return false;
        }
        Codebook book = books[choices[choice]];
        double last = 0;
        for (int i = 0; i < poles; ) {
            int entry = book.entry(bits);
            if (entry < 0) {
                return false;
            }
            double value = 0;
            for (int d = 0; d < book.dimensions() && i < poles; d++) {
                value = book.value(entry, d) + last;
                cosines[i++] = Math.cos(value);
            }
            last = value;
        }
        curve(amplitude, curve, n);
        return true;
    }

    private void curve(int amplitude, float[] curve, int n) {
        double highest = bark(rate / 2.0);
        double full = amplitudeOffset * (double) amplitude / ((1L << amplitudeBits) - 1);
        int before = -1;
        float value = 0;
        for (int i = 0; i < n; i++) {
            int place = Math.min(mapSize - 1, (int) (bark(rate * (double) i / (2 * n)) * mapSize / highest));
            if (place != before) {
                before = place;
                double w = Math.cos(Math.PI * place / mapSize);
                value = (float) Math.exp(0.11512925 * (full / Math.sqrt(power(w)) - amplitudeOffset));
            }
            curve[i] = value;
        }
    }

    /** The sum of p and q of section 6.2.3 at an angle with the given cosine. */
    private double power(double w) {
        double p = 1;
        double q = 1;
        for (int j = 0; j < poles; j++) {
            double factor = 4 * (cosines[j] - w) * (cosines[j] - w);
            if ((j & 1) == 1) {
                p *= factor;
            } else {
                q *= factor;
            }
        }
        return (poles & 1) == 1 ? p * (1 - w * w) + q / 4 : p * (1 - w) / 2 + q * (1 + w) / 2;
    }

    private static double bark(double hertz) {
        return 13.1 * Math.atan(.00074 * hertz) + 2.24 * Math.atan(1.85e-8 * hertz * hertz) + 1e-4 * hertz;
    }
}
