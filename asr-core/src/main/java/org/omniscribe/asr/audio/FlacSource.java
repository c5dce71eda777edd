package org.omniscribe.asr.audio;

import java.util.Arrays;

/**
 * FLAC (RFC 9639), any number of bits from 4 to 32.
 *
 * <p>Every frame is checked by its CRC before a sample of it is given out; damaged frames become silence of the length
 * that the frame numbers around them tell. (The JFLAC library was left out because it prints to standard output when it
 * meets escape-coded or damaged residuals.)
 */
final class FlacSource implements PcmSource {
    private static final int LONGEST_GAP_SECONDS = 60;
    private static final int[] RATES = {0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000
    };
    private static final int[] BITS = {0, 8, 12, 0, 16, 20, 24, 32};
    private static final int[][] FIXED = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};
    private static final int[] CRC8 = crcTable(0x07, 8);
    private static final int[] CRC16 = crcTable(0x8005, 16);

    /** A frame that does not add up. */
    private static final class BadFrame extends Exception {
        BadFrame(String message) {
            super(message, null, false, false);
        }
    }

    private final Input in;
    private final Damage damage;
    private int sampleRate;
    private int channels;
    private int streamBits;
    private int streamBlock;
    private long totalFrames;

    /** Bytes from the start of the present frame on, so that decoding can be tried again at any later byte. */
    private byte[] bytes = new byte[1 << 16];

    private int start;
    private int end;
    private int at;

    /** Bits taken from {@link #bytes} and not used yet, at the top of the word. */
    private long bits;

    private int bitCount;

    private int blockSize;
    private int frameBits;
    private long frameStart;
    private long[][] samples;
    private long[] residual = new long[0];
    private int given;
    private int silence;
    private long position;
    private boolean over;

    /** Starts at the marker "fLaC". */
    FlacSource(Input in) {
        this.in = in;
        this.damage = new Damage(in, "frames");
        in.header(4, "FLAC marker");
        boolean last = false;
        while (!last) {
            byte[] head = in.header(4, "FLAC metadata");
            last = head[0] < 0;
            int type = head[0] & 0x7f;
            int size = (head[1] & 0xff) << 16 | (head[2] & 0xff) << 8 | (head[3] & 0xff);
            if (type == 0) {
                if (size < 34) {
                    throw in.damaged("the stream description of this FLAC file is cut off");
                }
                streamInfo(in.header(size, "FLAC stream description"));
            } else if (in.skip(size) < size) {
                throw in.damaged("the file ends inside its FLAC metadata");
            }
        }
        if (channels == 0) {
            throw in.damaged("this FLAC file lacks its stream description");
        }
        AudioReader.check(in, sampleRate, channels);
        samples = new long[channels][0];
    }

    private void streamInfo(byte[] info) {
        streamBlock = (info[2] & 0xff) << 8 | (info[3] & 0xff);
        sampleRate = (info[10] & 0xff) << 12 | (info[11] & 0xff) << 4 | (info[12] & 0xff) >> 4;
        channels = ((info[12] >> 1) & 7) + 1;
        streamBits = ((info[12] & 1) << 4 | (info[13] & 0xff) >> 4) + 1;
        totalFrames = (info[13] & 0x0fL) << 32
                | (info[14] & 0xffL) << 24
                | (info[15] & 0xffL) << 16
                | (info[16] & 0xffL) << 8
                | (info[17] & 0xffL);
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
        return totalFrames == 0 ? -1 : totalFrames;
    }

    @Override
    public int read(float[] interleaved) {
        int wanted = interleaved.length / channels;
        int done = 0;
        while (done < wanted) {
            if (silence == 0 && given == blockSize && !nextFrame()) {
                break;
            }
            int n;
            if (silence > 0) {
                n = Math.min(wanted - done, silence);
                Arrays.fill(interleaved, done * channels, (done + n) * channels, 0);
                silence -= n;
            } else {
                n = Math.min(wanted - done, blockSize - given);
                float scale = (float) (1.0 / (1L << (frameBits - 1)));
                for (int c = 0; c < channels; c++) {
                    long[] channel = samples[c];
                    for (int i = 0; i < n; i++) {
                        interleaved[(done + i) * channels + c] = channel[given + i] * scale;
                    }
                }
                given += n;
            }
            done += n;
            position += n;
        }
        return done;
    }

    /** Finds and decodes the next whole frame; false at the end. */
    private boolean nextFrame() {
        given = 0;
        blockSize = 0;
        boolean lost = false;
        long lostAt = 0;
        while (!over && available(start + 2)) {
            if (decodable()) {
                if (lost) {
                    damage.bad(position / (double) sampleRate, null);
                    long missing = frameStart - position;
                    if (missing > 0 && missing < (long) LONGEST_GAP_SECONDS * sampleRate) {
                        silence = (int) missing;
                    }
                }
                damage.good();
                start = at;
                return true;
            }
            if (!lost) {
                String tag = available(start + 3) ? Input.ascii(bytes, start, 3) : "";
                // Tags after the last frame are no damage.
                over = tag.equals("TAG") || tag.equals("APE");
                lost = !over;
                lostAt = in.position() - (end - start);
            }
            start++;
        }
        if (!over) {
            over = true;
            end(lost, lostAt);
        }
        return false;
    }

    private void end(boolean lost, long lostAt) {
        if (position == 0 && lost) {
            throw in.damagedAt(lostAt, "no frame of this FLAC file can be decoded", null);
        }
        damage.end();
        if (position < totalFrames) {
            in.warn("the file is cut off or damaged: its header promises "
                    + Damage.time(totalFrames / (double) sampleRate) + ", "
                    + Damage.time(position / (double) sampleRate) + " are there");
        } else if (lost && totalFrames == 0) {
            in.warn("the file is cut off or damaged after " + Damage.time(position / (double) sampleRate));
        }
    }

    /** Whether a whole, sound frame starts at {@link #start}; it is decoded then, and {@link #at} is its end. */
    private boolean decodable() {
        if ((bytes[start] & 0xff) != 0xff || (bytes[start + 1] & 0xfe) != 0xf8) {
            return false;
        }
        try {
            frame();
            return true;
        } catch (BadFrame | ArrayIndexOutOfBoundsException e) {
            blockSize = 0;
            return false;
        }
    }

    private void frame() throws BadFrame {
        at = start + 2;
        bits = 0;
        bitCount = 0;
        boolean variable = (bytes[start + 1] & 1) != 0;
        int blockCode = (int) unsigned(4);
        int rateCode = (int) unsigned(4);
        int channelCode = (int) unsigned(4);
        int bitsCode = (int) unsigned(3);
        check(unsigned(1) == 0, "a reserved bit is set");
        long number = number();
        int size =
                switch (blockCode) {
                    case 0 -> 0;
                    case 1 -> 192;
                    case 6 -> (int) unsigned(8) + 1;
                    case 7 -> (int) unsigned(16) + 1;
                    default -> blockCode < 6 ? 576 << (blockCode - 2) : 256 << (blockCode - 8);
                };
        int rate =
                switch (rateCode) {
                    case 0 -> sampleRate;
                    case 12 -> (int) unsigned(8) * 1000;
                    case 13 -> (int) unsigned(16);
                    case 14 -> (int) unsigned(16) * 10;
                    case 15 -> 0;
                    default -> RATES[rateCode];
                };
        int headerLength = consumed();
        check((int) unsigned(8) == crc(CRC8, 8, headerLength), "the checksum of the frame header is wrong");
        frameBits = bitsCode == 0 ? streamBits : BITS[bitsCode];
        int count = channelCode < 8 ? channelCode + 1 : 2;
        check(
                size > 0 && rate == sampleRate && frameBits > 0 && channelCode < 11 && count == channels,
                "the frame header does not fit the stream");
        frameStart = variable ? number : number * streamBlock;
        if (samples[0].length < size) {
            samples = new long[channels][size];
            residual = new long[size];
        }
        for (int c = 0; c < channels; c++) {
            boolean side = channelCode == 8 && c == 1 || channelCode == 9 && c == 0 || channelCode == 10 && c == 1;
            subframe(samples[c], size, frameBits + (side ? 1 : 0));
        }
        unsigned(bitCount & 7);
        int bodyLength = consumed();
        check((int) unsigned(16) == crc(CRC16, 16, bodyLength), "the checksum of the frame is wrong");
        // Whole bytes that were taken ahead belong to the next frame.
        at = start + consumed();
        decorrelate(channelCode, size);
        blockSize = size;
    }

    private void decorrelate(int channelCode, int size) {
        if (channelCode < 8) {
            return;
        }
        long[] left = samples[0];
        long[] right = samples[1];
        for (int i = 0; i < size; i++) {
            switch (channelCode) {
                case 8 -> right[i] = left[i] - right[i];
                case 9 -> left[i] += right[i];
                default -> {
                    long side = right[i];
                    long mid = left[i] << 1 | side & 1;
                    left[i] = (mid + side) >> 1;
                    right[i] = (mid - side) >> 1;
                }
            }
        }
    }

    private void subframe(long[] out, int size, int width) throws BadFrame {
        check(unsigned(1) == 0, "a subframe does not begin with 0");
        int type = (int) unsigned(6);
        int wasted = unsigned(1) == 0 ? 0 : 1 + unary();
        int sampleBits = width - wasted;
        check(sampleBits > 0, "all bits are wasted");
        if (type == 0) {
            Arrays.fill(out, 0, size, signed(sampleBits));
        } else if (type == 1) {
            for (int i = 0; i < size; i++) {
                out[i] = signed(sampleBits);
            }
        } else if (type >= 8 && type <= 12) {
            int order = type - 8;
            warmUp(out, size, order, sampleBits);
            residual(order, size);
            predict(out, size, FIXED[order], order, 0);
        } else if (type >= 32) {
            int order = type - 31;
            warmUp(out, size, order, sampleBits);
            int precision = (int) unsigned(4) + 1;
            int shift = (int) signed(5);
            check(precision < 16 && shift >= 0, "a predictor that is not allowed");
            int[] coefficients = new int[order];
            for (int i = 0; i < order; i++) {
                coefficients[i] = (int) signed(precision);
            }
            residual(order, size);
            predict(out, size, coefficients, order, shift);
        } else {
            throw new BadFrame("a subframe of a reserved type");
        }
        if (wasted > 0) {
            for (int i = 0; i < size; i++) {
                out[i] <<= wasted;
            }
        }
    }

    private void warmUp(long[] out, int size, int order, int sampleBits) throws BadFrame {
        check(order <= size, "a predictor longer than its block");
        for (int i = 0; i < order; i++) {
            out[i] = signed(sampleBits);
        }
    }

    private void predict(long[] out, int size, int[] coefficients, int order, int shift) {
        for (int i = order; i < size; i++) {
            long sum = 0;
            for (int j = 0; j < order; j++) {
                sum += coefficients[j] * out[i - 1 - j];
            }
            out[i] = residual[i] + (sum >> shift);
        }
    }

    private void residual(int order, int size) throws BadFrame {
        int method = (int) unsigned(2);
        check(method < 2, "a residual of a reserved kind");
        int parameterBits = method == 0 ? 4 : 5;
        int escape = (1 << parameterBits) - 1;
        int partitions = 1 << unsigned(4);
        check(size % partitions == 0 && size / partitions >= order, "residual partitions that do not fit the block");
        int i = order;
        for (int p = 1; p <= partitions; p++) {
            int to = size / partitions * p;
            int parameter = (int) unsigned(parameterBits);
            if (parameter == escape) {
                int raw = (int) unsigned(5);
                for (; i < to; i++) {
                    residual[i] = signed(raw);
                }
            } else {
                for (; i < to; i++) {
                    long value = (long) unary() << parameter | unsigned(parameter);
                    residual[i] = value >>> 1 ^ -(value & 1);
                }
            }
        }
    }

    /** The frame or sample number, coded as UTF-8 would code a character, up to 36 bits. */
    private long number() throws BadFrame {
        int first = (int) unsigned(8);
        int ones = Integer.numberOfLeadingZeros(~(first << 24));
        if (ones == 0) {
            return first;
        }
        check(ones >= 2 && ones <= 7, "a frame number that is not allowed");
        long value = first & (0x7f >> ones);
        for (int i = 1; i < ones; i++) {
            int next = (int) unsigned(8);
            check((next & 0xc0) == 0x80, "a frame number that is not allowed");
            value = value << 6 | next & 0x3f;
        }
        return value;
    }

    /** The next {@code n} bits, 0 to 32. */
    private long unsigned(int n) throws BadFrame {
        if (n == 0) {
            return 0;
        }
        if (bitCount < n) {
            fill();
            check(bitCount >= n, "the file ends inside a frame");
        }
        long value = bits >>> (64 - n);
        bits <<= n;
        bitCount -= n;
        return value;
    }

    /** The next {@code n} bits in two's complement, 0 to 33. */
    private long signed(int n) throws BadFrame {
        if (n == 0) {
            return 0;
        }
        long value = n > 32 ? unsigned(n - 32) << 32 | unsigned(32) : unsigned(n);
        return value << (64 - n) >> (64 - n);
    }

    /** The number of zeros before the next one, which is taken too. */
    private int unary() throws BadFrame {
        int zeros = 0;
        while (true) {
            if (bitCount == 0) {
                fill();
                check(bitCount > 0, "the file ends inside a frame");
            }
            int n = Long.numberOfLeadingZeros(bits);
            if (n < bitCount) {
                bits <<= n + 1;
                bitCount -= n + 1;
                return zeros + n;
            }
            zeros += bitCount;
            bits = 0;
            bitCount = 0;
        }
    }

    private void fill() {
        while (bitCount <= 56 && (at < end || available(at + 1))) {
            bits |= (bytes[at++] & 0xffL) << (56 - bitCount);
            bitCount += 8;
        }
    }

    /** Makes the bytes up to index {@code to} present; may move {@link #start} and {@link #at}. */
    private boolean available(int to) {
        if (to <= end) {
            return true;
        }
        int wanted = to - start;
        int begin = start;
        System.arraycopy(bytes, start, bytes, 0, end - start);
        at -= begin;
        end -= begin;
        start = 0;
        if (bytes.length < wanted + (1 << 15)) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        while (end < wanted) {
            int n = in.read(bytes, end, bytes.length - end);
            if (n < 0) {
                return false;
            }
            end += n;
        }
        return true;
    }

    /** Bytes of the present frame that are used up; reading on may move all of them, but not change their number. */
    private int consumed() {
        return at - bitCount / 8 - start;
    }

    /** The checksum of the first bytes of the present frame. */
    private int crc(int[] table, int width, int length) {
        int crc = 0;
        int mask = (1 << width) - 1;
        for (int i = start; i < start + length; i++) {
            crc = (crc << 8 & mask) ^ table[crc >> (width - 8) ^ bytes[i] & 0xff];
        }
        return crc;
    }

    private static int[] crcTable(int polynomial, int width) {
        int[] table = new int[256];
        int top = 1 << (width - 1);
        int mask = (1 << width) - 1;
        for (int i = 0; i < 256; i++) {
            int crc = i << (width - 8);
            for (int k = 0; k < 8; k++) {
                crc = (crc & top) != 0 ? crc << 1 ^ polynomial : crc << 1;
            }
            table[i] = crc & mask;
        }
        return table;
    }

    private static void check(boolean condition, String problem) throws BadFrame {
        if (!condition) {
            throw new BadFrame(problem);
        }
    }
}
