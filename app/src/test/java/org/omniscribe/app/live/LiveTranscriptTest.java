package org.omniscribe.app.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.live.LiveTranscript.Output;
import org.omniscribe.asr.stream.RecognitionEvent.Final;
import org.omniscribe.asr.stream.RecognitionEvent.Partial;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.TranscriptFormat;
import org.omniscribe.asr.transcript.Word;

class LiveTranscriptTest {
    @TempDir
    Path folder;

    private final List<String> complaints = new ArrayList<>();

    private LiveTranscript transcript(Path file) {
        return new LiveTranscript("mic", "tiny", List.of(new Output(TranscriptFormat.TXT, file)), complaints::add);
    }

    @Test
    void whatIsSaidSoFarIsInTheFileWithTheStableWordsOfTheUtteranceThatIsSpoken() throws IOException {
        Path file = folder.resolve("talk.txt");
        LiveTranscript transcript = transcript(file);
        transcript.save();
        assertEquals("", Files.readString(file));
        transcript.take(new Final(2, new Segment(0, 1, List.of(new Word("one", 0, 1, 1)))));
        transcript.take(new Partial(4, List.of(new Word("two", 2, 3, 1)), List.of(new Word("tree", 3, 4, 1))));
        transcript.save();
        assertEquals("one\ntwo\n", Files.readString(file));
        transcript.take(new Final(6, new Segment(2, 4, List.of(new Word("two", 2, 3, 1), new Word("three", 3, 4, 1)))));
        transcript.save();
        assertEquals("one\ntwo three\n", Files.readString(file));
        assertEquals(3, transcript.words());
    }

    @Test
    void aFileThatCannotBeWrittenIsToldOnceAndTriedAgain() throws IOException {
        Path notes = Files.writeString(folder.resolve("notes"), "in the way of a folder");
        LiveTranscript transcript = transcript(notes.resolve("talk.txt"));
        transcript.save();
        transcript.save();
        assertTrue(transcript.unsaved());
        assertEquals(1, complaints.size(), complaints::toString);
        Files.delete(notes);
        transcript.save();
        assertFalse(transcript.unsaved());
        assertTrue(Files.exists(folder.resolve("notes/talk.txt")));
    }
}
