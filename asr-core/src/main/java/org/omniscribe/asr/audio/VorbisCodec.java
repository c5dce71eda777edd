package org.omniscribe.asr.audio;

import com.jcraft.jogg.Packet;
import com.jcraft.jorbis.Block;
import com.jcraft.jorbis.Comment;
import com.jcraft.jorbis.DspState;
import com.jcraft.jorbis.Info;

/** Vorbis I in Ogg. */
final class VorbisCodec implements OggCodec {
    private static final int MOST_FRAMES = 8192;

    private final Input in;
    private final Info info = new Info();
    private final Comment comment = new Comment();
    private final Packet packet = new Packet();
    private final float[][][] pcm = new float[1][][];
    private int[] index;
    private DspState state;
    private Block block;
    private int headers;
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
        wrap(bytes);
        packet.b_o_s = headers == 0 ? 1 : 0;
        int result;
        try {
            result = info.synthesis_headerin(comment, packet);
            headers++;
            if (result >= 0 && headers == headerPackets()) {
                state = new DspState();
                state.synthesis_init(info);
                block = new Block(state);
                index = new int[info.channels];
            }
        } catch (RuntimeException e) {
            throw in.damaged("header " + headers + " of this Vorbis stream makes no sense", e);
        }
        if (result < 0) {
            throw in.damaged("header " + headers + " of this Vorbis stream makes no sense");
        }
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
                        out[(done + i) * info.channels + c] = channel[index[c] + i];
                    }
                }
                state.synthesis_read(n);
                done += n;
            }
        } catch (RuntimeException e) {
            throw new BadPacket("a damaged packet", e);
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
