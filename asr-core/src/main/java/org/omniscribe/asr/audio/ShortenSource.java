package org.omniscribe.asr.audio;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Shorten of 16 bits, versions 1 to 3, as it is embedded in SPHERE files.
 *
 * <p>Source: T. Robinson, SHORTEN: Simple lossless and near-lossless waveform compression, Cambridge University, CUED/F-INFENG/
 * TR.156, 1994. Each block of a channel is predicted by a polynomial or by linear prediction; what is left is Rice coded. There
 * are no marks to find the way again after damage: what follows it is lost.
 */
final class ShortenSource implements PcmSource {
    private static final int DIFF_0 = 0;
    private static final int DIFF_3 = 3;
    private static final int QUIT = 4;
    private static final int BLOCK_SIZE = 5;
    private static final int BIT_SHIFT = 6;
    private static final int LINEAR = 7;
    private static final int ZERO = 8;
    private static final int VERBATIM = 9;

    private static final int SIGNED_16_HIGH_FIRST = 3;
    private static final int SIGNED_16_LOW_FIRST = 5;

    private static final int COEFFICIENT_BITS = 5;
    private static final int MAX_COEFFICIENTS = 1024;
    private static final int MAX_BLOCK = 65535;
    private static final int MAX_MEANS = 32768;
    private static final int MAX_CHANNELS = 8;
    /** The polynomials look back so far. */
    private static final int MIN_HISTORY = 3;

    /** The data make no sense. */
    private static final class Nonsense extends IOException {
        private static final long serialVersionUID = 1L;

        Nonsense(String message) {
            super(message);
        }
    }

    private final Input in;
    private final int sampleRate;
    private final long frames;
    private final int channels;
    private final int version;
    private final int history;
    private final int mostCoefficients;
    private final int rounding;
    /** Samples of each channel: so many of before, and then the block. */
    private final int[][] samples;

    /** By how many bits the samples of the present block are to be shifted. */
    private final int[] shifts;

    private final long[][] means;
    private final int largestBlock;
    private int blockSize;
    private int shift;
    private int bits;
    private int bitCount;
    /** Frames of the present block, and how many of them were given out. */
    private int ready;

    private int given;
    private long done;
    private boolean ended;

    /**
     * Starts at the marker "ajkg".
     *
     * @param sampleRate frames a second, which Shorten does not know
     * @param expectedChannels what the header around it promises
     * @param frames how many frames that header promises, or -1
     */
    ShortenSource(Input in, int sampleRate, int expectedChannels, long frames) {
        this.in = in;
        this.sampleRate = sampleRate;
        this.frames = frames;
        byte[] head = in.header(5, "Shorten header");
        this.version = head[4];
        if (!Input.ascii(head, 0, 4).equals("ajkg") || version < 1 || version > 3) {
            throw in.damaged("what should be Shorten of version 1 to 3 begins otherwise");
        }
        try {
            int kind = header(10, "kind of samples");
            if (kind != SIGNED_16_HIGH_FIRST && kind != SIGNED_16_LOW_FIRST) {
                throw in.unsupported("this Shorten data are not of 16 bits, but of kind " + kind
                        + ", which is not read here; sph2pipe -p -f wav unpacks it");
            }
            this.channels = header(MAX_CHANNELS, "number of channels");
            this.blockSize = header(MAX_BLOCK, "block length");
            this.mostCoefficients = header(MAX_COEFFICIENTS, "number of coefficients");
            this.means = new long[channels][header(MAX_MEANS, "number of means")];
            for (int skipped = header(MAX_BLOCK, "number of bytes to skip"); skipped > 0; skipped--) {
                unsigned(7);
            }
        } catch (IOException e) {
            throw in.damaged("the Shorten header makes no sense: " + e.getMessage(), e);
        }
        if (channels != expectedChannels || blockSize == 0) {
            throw in.damaged("the Shorten header has " + channels + " channels and blocks of " + blockSize
                    + " samples; the header around it has " + expectedChannels + " channels");
        }
        this.largestBlock = blockSize;
        this.history = Math.max(MIN_HISTORY, mostCoefficients);
        this.rounding = version > 1 ? 1 << COEFFICIENT_BITS : 0;
        this.shifts = new int[channels];
        this.samples = new int[channels][history + blockSize];
    }

    @Override
    public int sampleRate() {
        return sampleRate;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public long expectedFrames() {
        return frames;
    }

    @Override
    public int read(float[] interleaved) {
        int wanted = interleaved.length / channels;
        if (frames >= 0) {
            wanted = (int) Math.min(wanted, frames - done);
        }
        int count = 0;
        while (count < wanted && (given < ready || next())) {
            int n = Math.min(wanted - count, ready - given);
            for (int i = 0; i < n; i++) {
                for (int c = 0; c < channels; c++) {
                    interleaved[(count + i) * channels + c] = (samples[c][history + given + i] << shifts[c]) / 32768f;
                }
            }
            given += n;
            done += n;
            count += n;
        }
        return count;
    }

    /** Decodes the next block of all channels; false at the end. */
    private boolean next() {
        if (ended) {
            return false;
        }
        try {
            keepHistory();
            ready = 0;
            given = 0;
            int channel = 0;
            while (channel < channels) {
                int command = unsigned(2);
                switch (command) {
                    case QUIT -> {
                        end(channel == 0 ? null : "ends between two channels");
                        return false;
                    }
                    case BLOCK_SIZE -> {
                        int size = number();
                        if (channel > 0 || size < 1 || size > largestBlock) {
                            throw new Nonsense("it sets a block length of " + size);
                        }
                        blockSize = size;
                    }
                    case BIT_SHIFT -> {
                        shift = unsigned(2);
                        if (shift > 15) {
                            throw new Nonsense("it shifts by " + shift + " bits");
                        }
                    }
                    case VERBATIM -> {
                        for (int n = unsigned(5); n > 0; n--) {
                            unsigned(8);
                        }
                    }
                    default -> {
                        block(command, channel);
                        shifts[channel++] = shift;
                    }
                }
            }
            ready = blockSize;
            return true;
        } catch (EOFException e) {
            end("is cut off");
        } catch (Nonsense e) {
            end("is damaged (" + e.getMessage() + ")");
        }
        return false;
    }

    private void end(String fault) {
        ended = true;
        if (fault != null || frames >= 0 && done < frames) {
            in.warn(String.format(
                    Locale.ROOT,
                    "the file %s: %s%.2f s are there",
                    fault == null ? "is cut off" : fault,
                    frames < 0
                            ? ""
                            : String.format(Locale.ROOT, "its header promises %.2f s, ", frames / (double) sampleRate),
                    done / (double) sampleRate));
        }
    }

    /** The last samples of the block before become those before the next. */
    private void keepHistory() {
        if (ready > 0) {
            for (int[] line : samples) {
                System.arraycopy(line, ready, line, 0, history);
            }
        }
    }

    private void block(int command, int channel) throws EOFException, Nonsense {
        int[] line = samples[channel];
        int end = history + blockSize;
        int offset = offset(channel);
        if (command == ZERO) {
            Arrays.fill(line, history, end, 0);
        } else {
            int energy = unsigned(3);
            if (energy > 30) {
                throw new Nonsense("it has samples of " + energy + " bits");
            }
            if (command >= DIFF_0 && command <= DIFF_3) {
                polynomial(command, line, end, energy, offset);
            } else if (command == LINEAR) {
                linear(line, end, energy, offset);
            } else {
                throw new Nonsense("it has a command " + command);
            }
        }
        addMean(channel, line, end);
    }

    private void polynomial(int order, int[] line, int end, int energy, int offset) throws EOFException, Nonsense {
        for (int i = history; i < end; i++) {
            int expected =
                    switch (order) {
                        case 0 -> offset;
                        case 1 -> line[i - 1];
                        case 2 -> 2 * line[i - 1] - line[i - 2];
                        default -> 3 * (line[i - 1] - line[i - 2]) + line[i - 3];
                    };
            line[i] = expected + signed(energy);
        }
    }

    private void linear(int[] line, int end, int energy, int offset) throws EOFException, Nonsense {
        int count = unsigned(2);
        if (count > mostCoefficients) {
            throw new Nonsense("it has " + count + " coefficients instead of at most " + mostCoefficients);
        }
        int[] coefficients = new int[count];
        for (int i = 0; i < count; i++) {
            coefficients[i] = signed(COEFFICIENT_BITS);
        }
        for (int i = history - count; i < history; i++) {
            line[i] -= offset;
        }
        for (int i = history; i < end; i++) {
            int sum = rounding;
            for (int j = 0; j < count; j++) {
                sum += coefficients[j] * line[i - j - 1];
            }
            line[i] = signed(energy) + (sum >> COEFFICIENT_BITS);
        }
        for (int i = history - count; i < end; i++) {
            line[i] += offset;
        }
    }

    /** Around what the samples of this block are expected to lie: the mean of the last few blocks. */
    private int offset(int channel) {
        long[] last = means[channel];
        if (last.length == 0) {
            return 0;
        }
        long sum = version > 1 ? last.length / 2 : 0;
        for (long mean : last) {
            sum += mean;
        }
        long offset = sum / last.length;
        return (int) (version > 1 ? offset >> shift : offset);
    }

    private void addMean(int channel, int[] line, int end) {
        long[] last = means[channel];
        if (last.length == 0) {
            return;
        }
        long sum = version > 1 ? blockSize / 2 : 0;
        for (int i = history; i < end; i++) {
            sum += line[i];
        }
        System.arraycopy(last, 1, last, 0, last.length - 1);
        long mean = sum / blockSize;
        last[last.length - 1] = version > 1 ? mean << shift : mean;
    }

    /** A number of the header: first how many bits it has. */
    private int number() throws EOFException, Nonsense {
        int width = unsigned(2);
        if (width > 30) {
            throw new Nonsense("a number of " + width + " bits");
        }
        return unsigned(width);
    }

    private int header(int most, String what) throws EOFException, Nonsense {
        int value = number();
        if (value < 0 || value > most) {
            throw new Nonsense(what + " " + value);
        }
        return value;
    }

    /** Rice code: zeros up to a one are the high part, then {@code width} bits are the low part. */
    private int unsigned(int width) throws EOFException, Nonsense {
        long high = 0;
        while (bit() == 0) {
            high++;
        }
        long value = high << width;
        if (high > Integer.MAX_VALUE >> width) {
            throw new Nonsense("a number that is too great");
        }
        for (int i = width - 1; i >= 0; i--) {
            value |= (long) bit() << i;
        }
        return (int) value;
    }

    private int signed(int width) throws EOFException, Nonsense {
        int value = unsigned(width + 1);
        return (value & 1) != 0 ? ~(value >> 1) : value >> 1;
    }

    private int bit() throws EOFException {
        if (bitCount == 0) {
            bits = in.read();
            if (bits < 0) {
                throw new EOFException("the file ends inside it");
            }
            bitCount = 8;
        }
        return bits >> --bitCount & 1;
    }
}
