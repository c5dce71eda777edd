package org.omniscribe.asr.audio;

/** Which format a recording has, by its first bytes, and what stands behind the sound of a file. */
final class Formats {
    private static final int START = 64;
    /** So few bytes behind the sound are not worth a word. */
    private static final int FEW = 32;

    private Formats() {}

    /** A decoder for the recording that begins at the present place, which is no tag. */
    static PcmSource open(Input in) {
        byte[] start = in.peek(START);
        String magic = Input.ascii(start, 0, 4);
        String form = Input.ascii(start, 8, 4);
        if (magic.matches("RIFF|RIFX|RF64|BW64") && form.equals("WAVE")) {
            return WavHeader.read(in);
        }
        if (magic.equals("FORM") && form.matches("AIF[FC]")) {
            return AiffHeader.read(in);
        }
        if (magic.equals(".snd")) {
            return AuHeader.read(in);
        }
        if (Input.ascii(start, 0, 7).equals("NIST_1A")) {
            return SphereHeader.read(in);
        }
        if (magic.equals("fLaC")) {
            return new FlacSource(in);
        }
        if (magic.equals("OggS")) {
            return new OggSource(in);
        }
        String other = otherKind(start, magic, form);
        if (other == null && Mp3Frames.present(in)) {
            return new Mp3Source(in);
        }
        throw in.unsupported(other == null ? "this is no kind of sound file that is known here" : other);
    }

    /** Whether a recording in a container begins at the present place, beyond doubt. */
    static boolean begins(Input in) {
        if (!in.ahead(3)) {
            return false;
        }
        byte first = in.at(0);
        if (first != 'R' && first != 'B' && first != 'F' && first != 'N' && first != 'f' && first != 'O') {
            return false;
        }
        byte[] start = in.peek(12);
        String magic = Input.ascii(start, 0, 4);
        String form = Input.ascii(start, 8, 4);
        return magic.matches("RIFF|RIFX|RF64|BW64") && form.equals("WAVE")
                || magic.equals("FORM") && form.matches("AIF[FC]")
                || Input.ascii(start, 0, 8).equals("NIST_1A\n")
                || magic.equals("fLaC") && start.length > 7 && (start[4] & 0x7f) == 0 && start[5] == 0
                || magic.equals("OggS") && start.length > 5 && start[4] == 0 && (start[5] & 2) != 0;
    }

    /**
     * Looks at what stands behind the sound of a recording: chunks and tags are passed over.
     *
     * @param seconds how long the sound was
     * @param byteRate bytes a second, where the samples stand one after the other; else 0
     * @return the recording that begins there, or null; other bytes are named in a warning
     */
    static PcmSource following(Input in, double seconds, int byteRate) {
        while (in.ahead(0)) {
            in.skipZeros();
            in.skipId3();
            if (begins(in)) {
                in.warn("after " + Damage.time(seconds) + " another recording begins in the file; it is read on");
                return open(in);
            }
            if (!in.skipTag() && !chunk(in)) {
                long at = in.position();
                long left = in.skip(Long.MAX_VALUE);
                if (left > FEW) {
                    String asSound = byteRate == 0
                            ? ""
                            : ", which would be " + Damage.time(left / (double) byteRate) + " of sound";
                    in.warn(left + " bytes behind the sound of " + Damage.time(seconds)
                            + " that the header declares are not read (from byte " + at + " on" + asSound + ")");
                }
                return null;
            }
        }
        return null;
    }

    /** Passes over a chunk of a WAV or AIFF file, if one stands here. */
    private static boolean chunk(Input in) {
        byte[] head = in.peek(8);
        if (!Chunks.named(head, 0) || head.length < 8) {
            return false;
        }
        long little = OggStream.little(head, 4, 4);
        long big = Integer.toUnsignedLong(Integer.reverseBytes((int) little));
        long left = in.length() < 0 ? Long.MAX_VALUE : in.length() - in.position() - 8;
        long size = Math.min(little, big) == 0 ? Math.max(little, big) : Math.min(little, big);
        if (size > left) {
            return false;
        }
        in.skip(8);
        Chunks.skip(in, size);
        return true;
    }

    /** What a file is that is no sound file read here, as far as its first bytes tell; null if they tell nothing. */
    private static String otherKind(byte[] start, String magic, String form) {
        if (Input.ascii(start, 4, 4).equals("ftyp")) {
            return "this is an MP4 file (m4a, mp4, mov), which is not read here";
        }
        if (magic.equals("\u001aE\u00df\u00a3")) {
            return "this is a Matroska or WebM file, which is not read here";
        }
        if (magic.equals("0&\u00b2u")) {
            return "this is a Windows Media file, which is not read here";
        }
        if (magic.equals("RIFF")) {
            return "this is a RIFF file, but of the kind \"" + form.strip() + "\" instead of sound";
        }
        if (magic.equals("FORM")) {
            return "this is an IFF file, but of the kind \"" + form.strip() + "\" instead of sound";
        }
        if (Input.ascii(start, 0, 5).equals("#!AMR")) {
            return "this is an AMR file, which is not read here";
        }
        if (magic.equals("riff")) {
            return "this is a Wave64 file, which is not read here";
        }
        if (magic.equals("caff")) {
            return "this is a Core Audio file, which is not read here";
        }
        if (magic.equals("wvpk")) {
            return "this is a WavPack file, which is not read here";
        }
        if (magic.equals("ajkg")) {
            return "this is a Shorten file, which is not read here";
        }
        // The sync word of ADTS looks like that of MPEG audio, but for its layer of 0.
        if (start.length > 1 && start[0] == -1 && (start[1] & 0xf6) == 0xf0) {
            return "this is an AAC file, which is not read here";
        }
        return null;
    }
}
