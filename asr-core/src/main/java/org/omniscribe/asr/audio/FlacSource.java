package org.omniscribe.asr.audio;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.kc7bfi.jflac.FLACDecoder;
import org.kc7bfi.jflac.FrameListener;
import org.kc7bfi.jflac.frame.Frame;
import org.kc7bfi.jflac.frame.Header;
import org.kc7bfi.jflac.io.BitInputStream;
import org.kc7bfi.jflac.metadata.Metadata;
import org.kc7bfi.jflac.metadata.StreamInfo;

/**
 * FLAC (RFC 9639) of up to {@value #MOST_BITS} bits, by the javasound-flac library.
 *
 * <p>The library looks for the next frame after damage by itself, and checks every frame by its CRC; a frame whose CRC is
 * wrong is not given out. Where the frame numbers tell how much is missing, there is silence of that length instead.
 *
 * <p>The library misreads a block that is shorter than twice the order of its predictor, which can only be the last few
 * samples of a file. Its CRC tells, so that they too are missing with a warning.
 */
final class FlacSource implements PcmSource {
    private static final int MOST_BITS = 24;
    private static final int LONGEST_GAP_SECONDS = 60;
    private static final int BLOCK_HEAD = 4;
    private static final int STREAM_INFO = 34;

    /** Ends the file by an exception: at a common end, the library can go round for ever behind a false frame mark. */
    private static final class End extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("the end of the file");
        }
    }

    private final Input in;
    private final Damage damage;
    private final long start;
    private final StreamInfo info;
    private final FLACDecoder decoder;

    /** Of the frame that is given out at present. */
    private Header header;

    private int given;
    private int silence;
    private long position;

    /** Whether the library had to pass over something since the last sound frame. */
    private boolean lost;

    /** Starts at the marker "fLaC". */
    FlacSource(Input in) {
        this.in = in;
        this.damage = new Damage(in, "frames");
        byte[] head = head(in);
        this.start = in.position();
        try {
            int at = head.length - STREAM_INFO;
            info = new StreamInfo(
                    new BitInputStream(new ByteArrayInputStream(head, at, STREAM_INFO)), STREAM_INFO, true);
            // The library cannot do without a number of samples, so it always gets the greatest one.
            head[at + 13] |= 0x0f;
            Arrays.fill(head, at + 14, at + 18, (byte) 0xff);
            List<InputStream> parts = List.of(new ByteArrayInputStream(head), in, new End());
            decoder = new FLACDecoder(new SequenceInputStream(Collections.enumeration(parts)));
            decoder.readStreamInfo();
        } catch (IOException e) {
            throw in.damaged("the stream description of this FLAC file makes no sense", e);
        }
        if (info.getBitsPerSample() > MOST_BITS) {
            throw in.unsupported("this FLAC file has " + info.getBitsPerSample() + " bits a sample; up to " + MOST_BITS
                    + " are read");
        }
        AudioReader.check(in, sampleRate(), channels());
        decoder.addFrameListener(new FrameListener() {
            @Override
            public void processMetadata(Metadata metadata) {}

            @Override
            public void processFrame(Frame frame) {}

            @Override
            public void processError(String message) {
                lost = true;
            }
        });
    }

    /** Reads all metadata; the marker and the stream description, as if they were all there is. */
    private static byte[] head(Input in) {
        byte[] head = Arrays.copyOf(in.header(4, "FLAC marker"), 4 + BLOCK_HEAD + STREAM_INFO);
        boolean found = false;
        boolean last = false;
        while (!last) {
            byte[] block = in.header(BLOCK_HEAD, "FLAC metadata");
            last = block[0] < 0;
            int size = (block[1] & 0xff) << 16 | (block[2] & 0xff) << 8 | (block[3] & 0xff);
            if ((block[0] & 0x7f) == Metadata.METADATA_TYPE_STREAMINFO) {
                if (size < STREAM_INFO) {
                    throw in.damaged("the stream description of this FLAC file is cut off");
                }
                System.arraycopy(in.header(size, "FLAC stream description"), 0, head, 4 + BLOCK_HEAD, STREAM_INFO);
                found = true;
            } else if (in.skip(size) < size) {
                throw in.damaged("the file ends inside its FLAC metadata");
            }
        }
        if (!found) {
            throw in.damaged("this FLAC file lacks its stream description");
        }
        head[4] = (byte) (0x80 | Metadata.METADATA_TYPE_STREAMINFO);
        head[4 + BLOCK_HEAD - 1] = STREAM_INFO;
        return head;
    }

    @Override
    public int sampleRate() {
        return info.getSampleRate();
    }

    @Override
    public int channels() {
        return info.getChannels();
    }

    @Override
    public long expectedFrames() {
        return info.getTotalSamples() == 0 ? -1 : info.getTotalSamples();
    }

    @Override
    public int read(float[] interleaved) {
        int channels = channels();
        int wanted = interleaved.length / channels;
        int done = 0;
        while (done < wanted) {
            if (silence == 0 && (header == null || given == header.blockSize) && !nextFrame()) {
                break;
            }
            int n;
            if (silence > 0) {
                n = Math.min(wanted - done, silence);
                Arrays.fill(interleaved, done * channels, (done + n) * channels, 0);
                silence -= n;
            } else {
                n = Math.min(wanted - done, header.blockSize - given);
                float scale = 1f / (1 << (header.bitsPerSample - 1));
                for (int c = 0; c < channels; c++) {
                    int[] channel = decoder.getChannelData()[c].getOutput();
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

    /** Goes on to the next sound frame; false at the end. */
    private boolean nextFrame() {
        given = 0;
        do {
            header = decode();
            if (header == null) {
                end();
                return false;
            }
        } while (!sound());
        if (lost) {
            // Only frames of one size are counted in a way that the library understands.
            long missing = info.getMinBlockSize() == info.getMaxBlockSize() ? header.sampleNumber - position : 0;
            if (missing > 0 && missing < (long) LONGEST_GAP_SECONDS * sampleRate()) {
                silence = (int) missing;
                damage.bad(seconds(position), null);
            } else {
                in.warn("damaged data at " + Damage.time(seconds(position)) + " was left out");
            }
        }
        lost = false;
        damage.good();
        return true;
    }

    /** The next frame that the library makes out, sound or not; null at the end of the file. */
    private Header decode() {
        while (true) {
            try {
                return decoder.readNextFrame().header;
            } catch (AudioException e) {
                throw e;
            } catch (IOException e) {
                return null;
            } catch (RuntimeException e) {
                // Sizes that contradict each other, behind a frame's mark: the next try begins behind that mark.
                lost = true;
            }
        }
    }

    private boolean sound() {
        // A CRC over data and their CRC is 0.
        boolean sound = decoder.getBitInputStream().getReadCRC16() == 0
                && header.channels == channels()
                && header.sampleRate == sampleRate();
        lost |= !sound;
        return sound;
    }

    private void end() {
        long total = info.getTotalSamples();
        if (position == 0 && lost) {
            throw in.damagedAt(start, "no frame of this FLAC file can be decoded", null);
        }
        damage.end();
        if (position < total) {
            in.warn("the file is cut off or damaged: its header promises " + Damage.time(seconds(total)) + ", "
                    + Damage.time(seconds(position)) + " are there");
        } else if (lost && total == 0) {
            in.warn("the file is cut off or damaged after " + Damage.time(seconds(position)));
        }
    }

    private double seconds(long samples) {
        return samples / (double) sampleRate();
    }
}
