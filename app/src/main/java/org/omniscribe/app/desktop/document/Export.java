package org.omniscribe.app.desktop.document;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.TranscriptFormat;
import org.omniscribe.asr.transcript.TranscriptWriter;

/** The files that a transcript can be taken away in: all formats of the library, and one for word processors. */
final class Export {
    private static final String WORD = "docx";

    /** The endings of all files that can be written, without a dot. */
    static final List<String> ENDINGS = Stream.concat(
                    Arrays.stream(TranscriptFormat.values()).map(TranscriptFormat::extension), Stream.of(WORD))
            .toList();

    private Export() {}

    /** The file that is meant by a name: the name itself if it has one of the endings, else with the given one. */
    static Path named(Path chosen, String ending) {
        String name = chosen.getFileName().toString();
        return ENDINGS.contains(ending(name)) ? chosen : chosen.resolveSibling(name + "." + ending);
    }

    /** The bytes of a file in the format that its ending says, which is one of {@link #ENDINGS}. */
    static byte[] bytes(Transcript transcript, Path file) {
        String ending = ending(file.getFileName().toString());
        return ending.equals(WORD)
                ? WordDocument.of(transcript)
                : TranscriptWriter.format(transcript, TranscriptFormat.parse(ending))
                        .getBytes(StandardCharsets.UTF_8);
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
