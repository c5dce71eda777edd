package org.omniscribe.asr.audio;

import java.util.Arrays;

/**
 * One frame of FLAC (RFC 9639, section 9), decoded where it stands in the input, which stays where it is.
 *
 * <p>Samples of up to 32 bits; the difference of two channels has one bit more, so all is reckoned in 64 bits.
 */
final class FlacFrame {
    /** The data make no sense, or end inside the frame. */
    static final class Nonsense extends Exception {
        private static final long serialVersionUID = 1L;

        Nonsense(String message) {
            super(message);
        }
    }

    private static final int[] RATES = {0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000
    };
    private static final int[] WIDTHS = {0, 8, 12, -1, 16, 20, 24, 32};
    private static final int LEFT_SIDE = 8;
    private static final int SIDE_RIGHT = 9;
    private static final int MID_SIDE = 10;
    private static final int MAX_ORDER = 32;
    private static final int[] CRC_8 = crcs(8, 0x07);
    private static final int[] CRC_16 = crcs(16, 0x8005);

    private final Input in;
    private long bit;
    /** As the header of the file says; 0 where it does not. */
    private final int usualRate;

    private final int usualWidth;
    private long[][] samples = new long[0][0];
    private int blockSize;
    private int rate;
    private int channels;
    private int width;
    private boolean numbersSamples;
    private long number;
    private int bytes;

    FlacFrame(Input in, int usualRate, int usualWidth) {
        this.in = in;
        this.usualRate = usualRate;
        this.usualWidth = usualWidth;
    }

    /** Whether a frame may begin at the present place. */
    static boolean marked(Input in) {
        return in.ahead(1) && (in.at(0) & 0xff) == 0xff && (in.at(1) & 0xfe) == 0xf8;
    }

    int blockSize() {
        return blockSize;
    }

    int rate() {
        return rate;
    }

    int channels() {
        return channels;
    }

    int width() {
        return width;
    }

    /** Whether {@link #number()} counts samples; otherwise it counts frames. */
    boolean numbersSamples() {
        return numbersSamples;
    }

    long number() {
        return number;
    }

    /** Samples that decoding costs at most, also where it fails. */
    long cost() {
        return 1 + (long) channels * blockSize;
    }

    /** Length of the frame in bytes. */
    int bytes() {
        return bytes;
    }

    /** A channel's samples, {@link #blockSize()} of them. */
    long[] samples(int channel) {
        return samples[channel];
    }

    /**
     * Decodes the frame at the present place of the input.
     *
     * @throws Nonsense if it makes none, or a checksum is wrong
     */
    void decode() throws Nonsense {
        bit = 0;
        blockSize = 0;
        int assignment = header();
        if (samples.length < channels || samples[0].length < blockSize) {
            samples = new long[channels][blockSize];
        }
        for (int c = 0; c < channels; c++) {
            boolean side = assignment == LEFT_SIDE && c == 1
                    || assignment == SIDE_RIGHT && c == 0
                    || assignment == MID_SIDE && c == 1;
            subframe(samples[c], side ? width + 1 : width);
        }
        bit = bit + 7 & -8;
        int body = (int) (bit / 8);
        int crc = 0;
        for (int i = 0; i < body; i++) {
            crc = crc << 8 & 0xffff ^ CRC_16[crc >> 8 ^ in.at(i) & 0xff];
        }
        require(crc == read(16), "its checksum is wrong");
        bytes = body + 2;
        decorrelate(assignment);
    }

    private int header() throws Nonsense {
        require(read(15) == 0x7ffc, "no mark of a frame");
        numbersSamples = read(1) == 1;
        int sizeCode = (int) read(4);
        int rateCode = (int) read(4);
        int assignment = (int) read(4);
        width = WIDTHS[(int) read(3)];
        require(
                read(1) == 0 && width >= 0 && assignment <= MID_SIDE && sizeCode > 0 && rateCode < 15,
                "a wrong header");
        width = width == 0 ? usualWidth : width;
        require(width >= 4, "no width of samples");
        channels = assignment < LEFT_SIDE ? assignment + 1 : 2;
        number = codedNumber();
        blockSize = switch (sizeCode) {
            case 1 -> 192;
            case 2, 3, 4, 5 -> 576 << sizeCode - 2;
            case 6 -> (int) read(8) + 1;
            case 7 -> (int) read(16) + 1;
            default -> 256 << sizeCode - 8;
        };
        rate = switch (rateCode) {
            case 0 -> usualRate;
            case 12 -> (int) read(8) * 1000;
            case 13 -> (int) read(16);
            case 14 -> (int) read(16) * 10;
            default -> RATES[rateCode];
        };
        int length = (int) (bit / 8);
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc = CRC_8[crc ^ in.at(i) & 0xff];
        }
        require(crc == read(8), "the checksum of its header is wrong");
        return assignment;
    }

    /** A number of 1 to 7 bytes, coded as UTF-8 codes characters. */
    private long codedNumber() throws Nonsense {
        int first = (int) read(8);
        if (first < 0x80) {
            return first;
        }
        int more = Integer.numberOfLeadingZeros(~(first << 24)) - 1;
        require(more >= 1 && more <= 6, "a wrong number");
        long value = first & (1 << 6 - more) - 1;
        for (int i = 0; i < more; i++) {
            int next = (int) read(8);
            require((next & 0xc0) == 0x80, "a wrong number");
            value = value << 6 | next & 0x3f;
        }
        return value;
    }

    private void subframe(long[] out, int fullWidth) throws Nonsense {
        require(read(1) == 0, "a wrong subframe");
        int type = (int) read(6);
        int wasted = read(1) == 0 ? 0 : 1 + unary();
        int bits = fullWidth - wasted;
        require(bits > 0, "samples without bits");
        if (type == 0) {
            Arrays.fill(out, 0, blockSize, signed(bits));
        } else if (type == 1) {
            warmUp(out, blockSize, bits);
        } else if (type >= 8 && type <= 12) {
            warmUp(out, type - 8, bits);
            residual(out, type - 8);
            fixed(out, type - 8);
        } else if (type >= MAX_ORDER) {
            linear(out, type - MAX_ORDER + 1, bits);
        } else {
            throw new Nonsense("a subframe of an unknown kind");
        }
        if (wasted > 0) {
            for (int i = 0; i < blockSize; i++) {
                out[i] <<= wasted;
            }
        }
    }

    private void warmUp(long[] out, int count, int bits) throws Nonsense {
        require(count <= blockSize, "a predictor longer than its block");
        for (int i = 0; i < count; i++) {
            out[i] = signed(bits);
        }
    }

    private void fixed(long[] x, int order) {
        for (int i = order; i < blockSize; i++) {
            x[i] += switch (order) {
                case 0 -> 0;
                case 1 -> x[i - 1];
                case 2 -> 2 * x[i - 1] - x[i - 2];
                case 3 -> 3 * x[i - 1] - 3 * x[i - 2] + x[i - 3];
                default -> 4 * x[i - 1] - 6 * x[i - 2] + 4 * x[i - 3] - x[i - 4];
            };
        }
    }

    private void linear(long[] x, int order, int bits) throws Nonsense {
        warmUp(x, order, bits);
        int precision = (int) read(4) + 1;
        require(precision < 16, "a wrong precision");
        int shift = (int) signed(5);
        require(shift >= 0, "a shift to the left");
        long[] coefficients = new long[order];
        for (int i = 0; i < order; i++) {
            coefficients[i] = signed(precision);
        }
        residual(x, order);
        for (int i = order; i < blockSize; i++) {
            long sum = 0;
            for (int j = 0; j < order; j++) {
                sum += coefficients[j] * x[i - 1 - j];
            }
            x[i] += sum >> shift;
        }
    }

    /** What is left of the prediction, in Rice codes. */
    private void residual(long[] out, int order) throws Nonsense {
        int method = (int) read(2);
        require(method <= 1, "residuals of an unknown kind");
        int widthBits = method == 0 ? 4 : 5;
        int escape = (1 << widthBits) - 1;
        int partitions = 1 << (int) read(4);
        require(blockSize % partitions == 0 && blockSize / partitions >= order, "too many partitions");
        int at = order;
        for (int p = 1; p <= partitions; p++) {
            int end = p * (blockSize / partitions);
            int parameter = (int) read(widthBits);
            if (parameter == escape) {
                int raw = (int) read(5);
                for (; at < end; at++) {
                    out[at] = raw == 0 ? 0 : signed(raw);
                }
            } else {
                for (; at < end; at++) {
                    long value = (long) unary() << parameter | read(parameter);
                    out[at] = value >>> 1 ^ -(value & 1);
                }
            }
        }
    }

    private void decorrelate(int assignment) {
        if (assignment < LEFT_SIDE) {
            return;
        }
        long[] a = samples[0];
        long[] b = samples[1];
        for (int i = 0; i < blockSize; i++) {
            switch (assignment) {
                case LEFT_SIDE -> b[i] = a[i] - b[i];
                case SIDE_RIGHT -> a[i] += b[i];
                default -> {
                    long mid = a[i] << 1 | b[i] & 1;
                    a[i] = mid + b[i] >> 1;
                    b[i] = mid - b[i] >> 1;
                }
            }
        }
    }

    private int unary() throws Nonsense {
        int zeros = 0;
        while (true) {
            int index = (int) (bit >> 3);
            require(in.ahead(index), "it is cut off");
            int rest = (in.at(index) & 0xff) << 24 + (int) (bit & 7);
            if (rest != 0) {
                int n = Integer.numberOfLeadingZeros(rest);
                bit += n + 1;
                return zeros + n;
            }
            int n = 8 - (int) (bit & 7);
            bit += n;
            zeros += n;
        }
    }

    private long signed(int count) throws Nonsense {
        return read(count) << 64 - count >> 64 - count;
    }

    private long read(int count) throws Nonsense {
        long value = 0;
        int left = count;
        if (left > 0) {
            require(in.ahead((int) (bit + count - 1 >> 3)), "it is cut off");
        }
        while (left > 0) {
            int have = 8 - (int) (bit & 7);
            int n = Math.min(left, have);
            int part = (in.at((int) (bit >> 3)) & 0xff) >> have - n & (1 << n) - 1;
            value = value << n | part;
            bit += n;
            left -= n;
        }
        return value;
    }

    private static void require(boolean condition, String otherwise) throws Nonsense {
        if (!condition) {
            throw new Nonsense(otherwise);
        }
    }

    private static int[] crcs(int width, int polynomial) {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int crc = i << width - 8;
            for (int j = 0; j < 8; j++) {
                crc = (crc >> width - 1 & 1) == 1 ? crc << 1 ^ polynomial : crc << 1;
            }
            table[i] = crc & (1 << width) - 1;
        }
        return table;
    }
}
