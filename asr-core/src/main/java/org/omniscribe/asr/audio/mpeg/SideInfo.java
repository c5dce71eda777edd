package org.omniscribe.asr.audio.mpeg;

import java.util.ArrayList;
import java.util.List;

/**
 * What a frame of layer III says of a channel of a granule before its data (ISO/IEC 11172-3, section 2.4.1.7).
 *
 * @param bits length of scale factors and Huffman codes
 * @param bigValues pairs of values in the first three regions
 * @param gain the global gain
 * @param scaleCompress how long the scale factors are
 * @param bands lengths of the scale factor bands, with a 0 behind the last
 * @param longBands how many of them belong to long blocks
 * @param shortBands how many belong to short blocks, those of all three windows counted
 * @param blockType 0 to 3: long, start, short, stop
 * @param mixed whether the lowest bands of a short block are long
 * @param tables the Huffman tables of the three regions
 * @param regions scale factor bands of each region, less one
 * @param subblockGains of the three windows of a short block
 * @param preflag whether the high bands are amplified
 * @param scaleShift 1 or 2: by what the scale factors count
 * @param count1Table the Huffman table of the values of 1 and 0
 * @param sharedScales which groups of scale factors are those of the granule before, as four bits
 */
record SideInfo(
        int bits,
        int bigValues,
        int gain,
        int scaleCompress,
        int[] bands,
        int longBands,
        int shortBands,
        int blockType,
        boolean mixed,
        int[] tables,
        int[] regions,
        int[] subblockGains,
        boolean preflag,
        int scaleShift,
        int count1Table,
        int sharedScales) {
    static final int SHORT = 2;
    static final int STOP = 3;
    private static final int MAX_PAIRS = 288;
    private static final int[] NO_GAINS = new int[3];
    /** Eight rows of long, eight of short, eight of mixed blocks. */
    private static final int[][] BANDS = Tables.rows("bands.txt");

    /**
     * The side information of all granules and channels of a frame, granule by granule.
     *
     * @param shared which scale factors the second granule shares with the first, four bits a channel
     * @return null if it makes no sense
     */
    static List<SideInfo> read(FrameHeader header, Bits bits, int shared) {
        int count = header.channels() * (header.mpeg1() ? 2 : 1);
        List<SideInfo> infos = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // The first granule shares nothing.
            int channel = i % header.channels();
            int flags = i < header.channels() ? 0 : shared >> 4 * (header.channels() - 1 - channel) & 15;
            SideInfo info = read(header, bits, i < header.channels(), flags);
            if (info == null) {
                return null;
            }
            infos.add(info);
        }
        return infos;
    }

    private static SideInfo read(FrameHeader header, Bits in, boolean firstGranule, int shared) {
        int row = Math.max(0, header.rateRow() - 1);
        int bits = in.read(12);
        int bigValues = in.read(9);
        if (bigValues > MAX_PAIRS) {
            return null;
        }
        int gain = in.read(8);
        int compress = in.read(header.mpeg1() ? 4 : 9);
        int[] bands = BANDS[row];
        int longBands = 22;
        int shortBands = 0;
        int type = 0;
        boolean mixed = false;
        int[] tables = new int[3];
        int[] regions = {7, 255, 255};
        int[] gains = NO_GAINS;
        if (in.read(1) == 1) {
            type = in.read(2);
            if (type == 0) {
                return null;
            }
            mixed = in.read(1) == 1;
            if (type == SHORT) {
                bands = BANDS[row + (mixed ? 16 : 8)];
                longBands = !mixed ? 0 : header.mpeg1() ? 8 : 6;
                shortBands = mixed ? 30 : 39;
                regions[0] = mixed ? 7 : 8;
            }
            tables[0] = in.read(5);
            tables[1] = in.read(5);
            gains = new int[] {in.read(3), in.read(3), in.read(3)};
        } else {
            tables = new int[] {in.read(5), in.read(5), in.read(5)};
            regions = new int[] {in.read(4), in.read(3), 255};
        }
        boolean preflag = header.mpeg1() ? in.read(1) == 1 : compress >= 500;
        int shift = in.read(1) + 1;
        int count1 = in.read(1);
        // Short blocks have all their scale factors themselves.
        int sharing = firstGranule || type == SHORT ? 0 : shared;
        return new SideInfo(
                bits,
                bigValues,
                gain,
                compress,
                bands,
                longBands,
                shortBands,
                type,
                mixed,
                tables,
                regions,
                gains,
                preflag,
                shift,
                count1,
                sharing);
    }
}
