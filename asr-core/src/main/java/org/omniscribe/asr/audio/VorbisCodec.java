package org.omniscribe.asr.audio;

import com.jcraft.jogg.Packet;
import com.jcraft.jorbis.Block;
import com.jcraft.jorbis.Comment;
import com.jcraft.jorbis.DspState;
import com.jcraft.jorbis.Info;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Vorbis I in Ogg. */
final class VorbisCodec implements OggCodec {
    /** The longest block there may be. */
    private static final int MOST_FRAMES = 8192;

    private static final byte[] NAME = "vorbis".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 1 + NAME.length;
    /** Where the first header tells the channels and, as exponents, the two sizes of blocks; and how long it is. */
    private static final int CHANNELS = 11;

    private static final int BLOCKS = 28;
    private static final int IDENTIFICATION = 30;
    private static final int LEAST_EXPONENT = 6;
    private static final int GREATEST_EXPONENT = 13;

    private final Input in;
    private final Info info = new Info();
    private final Comment comment = new Comment();
    private final Packet packet = new Packet();
    private final float[][][] pcm = new float[1][][];
    private int[] index;
    private DspState state;
    private Block block;
    private int headers;
    private int channels;
    private int longest;
    private long packets;
    private int lastBlock;

    VorbisCodec(Input in) {
        this.in = in;
        info.init();
        comment.init();
    }

    @Override
    public int headerPackets() {
        return 3;
    }

    @Override
    public void header(byte[] bytes) {
        String fault = "header " + (headers + 1) + " of this Vorbis stream makes no sense";
        int result;
        try {
            wrap(checked(bytes));
            packet.b_o_s = headers == 0 ? 1 : 0;
            result = info.synthesis_headerin(comment, packet);
            headers++;
            if (result >= 0 && headers == headerPackets()) {
                state = new DspState();
                state.synthesis_init(info);
                block = new Block(state);
                index = new int[info.channels];
            }
        } catch (RuntimeException e) {
            throw in.damaged(fault, e);
        }
        if (result < 0) {
            throw in.damaged(fault);
        }
    }

    /** A header that the decoder can take: it believes all that it is told. */
    private byte[] checked(byte[] bytes) {
        boolean named = bytes.length > HEADER
                && bytes[0] == 2 * headers + 1
                && Arrays.equals(bytes, 1, HEADER, NAME, 0, NAME.length);
        if (!named) {
            throw new IllegalArgumentException("no header of Vorbis");
        }
        if (headers == 0) {
            int shorter = bytes.length < IDENTIFICATION ? 0 : bytes[BLOCKS] & 15;
            int longer = bytes.length < IDENTIFICATION ? 0 : bytes[BLOCKS] >> 4 & 15;
            if (shorter < LEAST_EXPONENT || longer < shorter || longer > GREATEST_EXPONENT) {
                throw new IllegalArgumentException("blocks of a size that cannot be");
            }
            channels = bytes[CHANNELS] & 255;
            longest = 1 << longer;
        } else if (headers == 1) {
            // Nobody asks for the comments: no vendor, no comments, and the mark at the end.
            byte[] empty = Arrays.copyOf(bytes, HEADER + 2 * Integer.BYTES + 1);
            Arrays.fill(empty, HEADER, empty.length, (byte) 0);
            empty[empty.length - 1] = 1;
            return empty;
        } else {
            VorbisSetup.check(bytes, HEADER, channels, longest);
        }
        return bytes;
    }

    @Override
    public int sampleRate() {
        return info.rate;
    }

    @Override
    public int channels() {
        return info.channels;
    }

    @Override
    public int preSkip() {
        return 0;
    }

    @Override
    public boolean positionTrimsStart() {
        return true;
    }

    @Override
    public int decode(byte[] bytes, float[] out) throws BadPacket {
        wrap(bytes);
        packet.b_o_s = 0;
        int done = 0;
        boolean finite = true;
        try {
            if (bytes.length == 0 || block.synthesis(packet) != 0) {
                throw new BadPacket("a damaged packet", null);
            }
            state.synthesis_blockin(block);
            lastBlock = info.blocksize(packet);
            int frames;
            while ((frames = state.synthesis_pcmout(pcm, index)) > 0) {
                int n = Math.min(frames, MOST_FRAMES - done);
                if (n == 0) {
                    throw new BadPacket("a packet that is too long", null);
                }
                for (int c = 0; c < info.channels; c++) {
                    float[] channel = pcm[0][c];
                    for (int i = 0; i < n; i++) {
                        float sample = channel[index[c] + i];
                        finite &= Float.isFinite(sample);
                        out[(done + i) * info.channels + c] = sample;
                    }
                }
                state.synthesis_read(n);
                done += n;
            }
        } catch (RuntimeException e) {
            throw new BadPacket("a damaged packet", e);
        }
        if (!finite) {
            throw new BadPacket("samples that are no numbers", null);
        }
        return done;
    }

    @Override
    public int duration(byte[] bytes) {
        // Half a block is what a packet adds between neighbours of its own size.
        return lastBlock / 2;
    }

    @Override
    public int mostFrames() {
        return MOST_FRAMES;
    }

    private void wrap(byte[] bytes) {
        packet.packet_base = bytes;
        packet.packet = 0;
        packet.bytes = bytes.length;
        packet.e_o_s = 0;
        // Positions are the business of OggSource.
        packet.granulepos = -1;
        packet.packetno = packets++;
    }
}
