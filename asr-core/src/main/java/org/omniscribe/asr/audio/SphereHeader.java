package org.omniscribe.asr.audio;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** NIST SPHERE, the format of the Linguistic Data Consortium: PCM of either byte order, mu-law, A-law, and Shorten. */
final class SphereHeader {
    private SphereHeader() {}

    static PcmSource read(Input in) {
        byte[] first = in.header(16, "SPHERE header");
        int size = number(in, "header length", Input.ascii(first, 8, 8).strip());
        if (size < 16 || size > 1 << 20) {
            throw in.damaged("this SPHERE header claims to be " + size + " bytes long");
        }
        Map<String, String> fields = fields(Input.ascii(in.header(size - 16, "SPHERE header"), 0, size));
        String coding = fields.getOrDefault("sample_coding", "pcm").toLowerCase(Locale.ROOT);
        int channels = number(in, "channel_count", fields.getOrDefault("channel_count", "1"));
        int rate = number(in, "sample_rate", fields.get("sample_rate"));
        AudioReader.check(in, rate, channels);
        String count = fields.get("sample_count");
        long frames = count == null ? -1 : number(in, "sample_count", count);
        if (coding.matches("pcm,embedded-shorten-v\\d+\\.\\d+")) {
            return new ShortenSource(in, rate, channels, frames);
        }
        if (coding.contains("shorten") || coding.contains("wavpack") || coding.contains("shortpack")) {
            throw in.unsupported("a SPHERE file that is compressed in a way that is not read here (" + coding
                    + "); sph2pipe -p -f wav unpacks it");
        }
        SampleFormat format =
                switch (coding) {
                    case "ulaw", "mu-law", "mulaw" -> SampleFormat.MU_LAW;
                    case "alaw", "a-law" -> SampleFormat.A_LAW;
                    case "pcm" ->
                        switch (number(in, "sample_n_bytes", fields.getOrDefault("sample_n_bytes", "2"))) {
                            case 1 -> SampleFormat.SIGNED_8;
                            case 2 -> SampleFormat.SIGNED_16;
                            case 3 -> SampleFormat.SIGNED_24;
                            case 4 -> SampleFormat.SIGNED_32;
                            default -> null;
                        };
                    default -> null;
                };
        if (format == null) {
            throw in.unsupported("a SPHERE file whose sound is stored in a way that is not read here (" + coding + ", "
                    + fields.get("sample_n_bytes") + " bytes a sample)");
        }
        // "01" is least byte first, "10" most byte first.
        boolean bigEndian = fields.getOrDefault("sample_byte_format", "01").startsWith("1") && format.bytes() > 1;
        return new LinearSource(in, format, bigEndian, channels, rate, frames);
    }

    /** Lines of "name -type value" up to "end_head". */
    private static Map<String, String> fields(String header) {
        Map<String, String> fields = new TreeMap<>();
        for (String line : header.split("\n")) {
            if (line.strip().equals("end_head")) {
                break;
            }
            String[] parts = line.strip().split("\\s+", 3);
            if (parts.length == 3) {
                fields.put(parts[0], parts[2]);
            }
        }
        return fields;
    }

    private static int number(Input in, String name, String value) {
        try {
            if (value != null) {
                return Integer.parseInt(value.strip());
            }
        } catch (NumberFormatException e) {
            throw in.damaged("the SPHERE header has \"" + value + "\" where the number " + name + " belongs", e);
        }
        throw in.damaged("the SPHERE header lacks " + name);
    }
}
