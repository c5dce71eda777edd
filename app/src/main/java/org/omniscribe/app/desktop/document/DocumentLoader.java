package org.omniscribe.app.desktop.document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.omniscribe.app.desktop.base.Desk;
import org.omniscribe.app.desktop.timeline.Timeline;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.audio.AudioRecording;
import org.omniscribe.asr.transcript.Transcript;

/** Opens transcripts: the text at once, the picture and the sound of the recording as they are read. */
public final class DocumentLoader {
    private DocumentLoader() {}

    /**
     * Makes a document of a transcript, and begins to read its recording.
     *
     * @param timeline with the experts, if they are known, and without sound
     * @param recording the recording, which may be missing
     * @param soundReady told on the window's thread when the document's sound can be heard
     */
    public static Document open(
            Desk desk, Transcript transcript, Timeline timeline, Path recording, Runnable soundReady) {
        Document document = Document.of(transcript, timeline, Optional.empty());
        desk.inBackground(
                () -> decode(recording, timeline),
                wav -> {
                    document.setSound(wav);
                    soundReady.run();
                },
                desk::fail);
        return document;
    }

    /** A timeline with the experts that a transcript tells, without sound. */
    public static Timeline timeline(Transcript transcript) {
        if (transcript.routing().isEmpty()) {
            return new Timeline(List.of(), 1);
        }
        Transcript.Routing routing = transcript.routing().get();
        Timeline timeline = new Timeline(seen(routing), routing.stepSeconds());
        timeline.addRouting(routing.trace());
        return timeline;
    }

    /** As many experts for every layer as the busiest layer is seen to have. */
    private static List<Integer> seen(Transcript.Routing routing) {
        int most = 1;
        for (int[] layer : routing.trace().expert()) {
            for (int expert : layer) {
                most = Math.max(most, expert + 1);
            }
        }
        return new ArrayList<>(Collections.nCopies(routing.trace().layers(), most));
    }

    /** Reads a recording into the timeline, and into a file that can be played from any place. */
    private static Path decode(Path recording, Timeline timeline) throws IOException {
        Path wav = Files.createTempFile("omniscribe-", ".wav");
        wav.toFile().deleteOnExit();
        float[] block = new float[AudioClip.SAMPLE_RATE];
        try (AudioReader reader = AudioReader.open(recording);
                AudioRecording copy = AudioRecording.create(wav)) {
            for (int n; (n = reader.read(block, 0, block.length)) >= 0; ) {
                copy.write(block, 0, n);
                timeline.addSound(block, 0, n);
            }
        }
        return wav;
    }
}
