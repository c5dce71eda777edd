package org.omniscribe.app.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.stream.RecognitionEvent;
import org.omniscribe.asr.stream.RecognitionEvent.Final;
import org.omniscribe.asr.stream.RecognitionEvent.Input;
import org.omniscribe.asr.stream.RecognitionEvent.Partial;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Word;

class LiveCaptionsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private LiveCaptions captions(int columns) {
        return new LiveCaptions(new PrintWriter(out), new PrintWriter(err), columns, true);
    }

    private static List<Word> words(String... texts) {
        List<Word> words = new ArrayList<>();
        for (String text : texts) {
            words.add(new Word(text, words.size(), words.size() + 1, 1));
        }
        return words;
    }

    private static RecognitionEvent end(String... texts) {
        return new Final(9, new Segment(0, texts.length, words(texts)));
    }

    @Test
    void theTentativeTailIsDimAndRewritten() {
        LiveCaptions captions = captions(80);
        captions.take(new Partial(1, List.of(), words("the", "odd")));
        captions.take(new Partial(2, words("the"), words("old", "man")));
        captions.take(end("the", "old", "man"));
        assertEquals(
                "\r\u001b[K\u001b[2mthe odd\u001b[0m"
                        + "\r\u001b[Kthe \u001b[2mold man\u001b[0m"
                        + "\r\u001b[Kthe old man"
                        + System.lineSeparator(),
                out.toString());
    }

    @Test
    void onlyTheEndOfALongUtteranceIsShownAndNeverMoreThanALine() {
        for (int columns = 1; columns < 40; columns++) {
            out.getBuffer().setLength(0);
            captions(columns).take(new Partial(2, words("there", "was", "an"), words("old", "man")));
            String shown = out.toString().replaceAll("\u001b\\[\\d*[mK]|\r", "");
            assertTrue(shown.length() < Math.max(columns, 5), columns + ": " + shown);
            assertTrue("there was an old man".endsWith(shown.replaceFirst("^\\.\\.\\. ", "")), shown);
        }
        assertEquals("there was an old man", out.toString().replaceAll("\u001b\\[\\d*[mK]|\r", ""));
    }

    @Test
    void withoutATerminalOnlyFinishedUtterancesAreWritten() {
        LiveCaptions captions = captions(0);
        captions.take(new Partial(1, words("the"), words("odd")));
        captions.take(end("the", "old", "man"));
        captions.take(new Input(Input.State.ENDED, "mic"));
        assertEquals("the old man" + System.lineSeparator(), out.toString());
    }

    @Test
    void whatHappensToTheMicrophoneIsToldAboveTheWords() {
        LiveCaptions captions = captions(80);
        captions.take(new Input(Input.State.OPEN, "mic"));
        captions.take(new Partial(1, words("the"), List.of()));
        captions.take(new Input(Input.State.LOST, "mic is gone"));
        captions.take(new Input(Input.State.FAILED, "no good"));
        assertTrue(out.toString().endsWith("\r\u001b[K"), "the words make room");
        assertEquals(
                List.of("omniscribe: listening to mic; Ctrl-C ends", "omniscribe: mic is gone", "omniscribe: no good"),
                err.toString().lines().toList());
        assertTrue(captions.failed());
    }
}
