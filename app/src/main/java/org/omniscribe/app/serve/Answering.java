package org.omniscribe.app.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;

/**
 * The answer of one request: complete, or as server-sent events with the words as they come, those that the libraries of
 * OpenAI expect. For one thread at a time.
 */
final class Answering {
    private static final String END = "data: [DONE]\n\n";

    private final Response response;
    private final Callback callback;
    private boolean begun;
    private int sent;

    Answering(Response response, Callback callback) {
        this.response = response;
        this.callback = callback;
    }

    /** Whether a part of the answer is on its way, so that the request cannot be refused by its status any more. */
    boolean begun() {
        return begun;
    }

    /**
     * Sends what was said beyond what is sent.
     *
     * @param words all words up to now, which do not change any more
     * @throws UncheckedIOException if the caller has left
     */
    void said(List<Word> words) {
        if (words.size() > sent) {
            String text = String.join(
                    " ",
                    words.subList(sent, words.size()).stream().map(Word::text).toList());
            send(event(Answers.delta(sent == 0 ? text : " " + text)));
            sent = words.size();
        }
    }

    private void send(String events) {
        if (!begun) {
            begun = true;
            Reply.head(response, 200, Reply.EVENTS);
            // Proxies would keep the events until the end.
            response.getHeaders().put("X-Accel-Buffering", "no");
        }
        try {
            Content.Sink.write(response, false, ByteBuffer.wrap(events.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String event(ObjectNode node) {
        return "data: " + Answers.text(node) + "\n\n";
    }

    /** Sends all that is left. */
    void complete(Transcript transcript, TranscriptionRequest asked) {
        if (asked.stream()) {
            said(transcript.words());
            send(event(Answers.done(transcript)));
            Content.Sink.write(response, true, END, callback);
        } else {
            Transcriptions.reply(transcript, asked).send(response, callback);
        }
    }

    /** Ends an answer that has begun. */
    void fail(Refusal refusal) {
        Content.Sink.write(response, true, event(Answers.error(refusal)) + END, callback);
    }
}
