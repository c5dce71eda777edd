package org.omniscribe.app.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.stream.RecognitionEvent;
import org.omniscribe.asr.stream.StreamOptions;
import org.omniscribe.asr.stream.StreamingRecognizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A live session: binary messages bring samples, 16-bit little-endian, mono, 16 kHz, in pieces of any size; the text
 * {@code flush} makes final what was heard, and {@code end} ends the session. Events go back as JSON, one a message.
 *
 * <p>The next message is taken when the one before is worked through, so a caller that sends faster than can be heard has
 * to wait. Public for Jetty only, which calls it by reflection.
 */
public final class LiveSocket implements Session.Listener.AutoDemanding {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSocket.class);

    private final Metrics metrics;
    private final boolean routing;
    private final int most;
    private final StreamingRecognizer recognizer;
    private Session session;
    private int half = -1;
    private boolean ended;
    private boolean completed;
    private final Set<LiveSocket> sessions;

    /**
     * A session that is to begin.
     *
     * @param most sessions at the same time
     * @param routing whether to tell of experts
     * @param sessions is told that it is open, and that it is not
     */
    LiveSocket(Recognizer recognizer, Metrics metrics, int most, boolean routing, Set<LiveSocket> sessions) {
        this.sessions = sessions;
        this.metrics = metrics;
        this.most = most;
        this.routing = routing;
        this.recognizer = recognizer.stream(StreamOptions.standard(), this::tell);
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session = opened;
        sessions.add(this);
        if (metrics.live.incrementAndGet() > most) {
            // Two came at once to the last place.
            send(Answers.liveError("there are as many live sessions as this server takes; try again later"));
            session.close(StatusCode.TRY_AGAIN_LATER, "", Callback.NOOP);
        }
    }

    private void tell(RecognitionEvent event) {
        ObjectNode node = Answers.live(event, routing);
        if (node != null) {
            send(node);
        }
    }

    private void send(ObjectNode node) {
        session.sendText(Answers.text(node), Callback.NOOP);
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        try {
            hear(payload.order(ByteOrder.LITTLE_ENDIAN));
            callback.succeed();
        } catch (RuntimeException e) {
            callback.fail(e);
            fail(e);
        }
    }

    private synchronized void hear(ByteBuffer bytes) {
        if (completed) {
            return;
        }
        int count = (bytes.remaining() + (half < 0 ? 0 : 1)) / 2;
        float[] samples = new float[count];
        for (int i = 0; i < count; i++) {
            // A sample may begin in one message and end in the next.
            samples[i] = (half < 0 ? bytes.getShort() : (short) (bytes.get() << 8 | half)) / 32768f;
            half = -1;
        }
        if (bytes.hasRemaining()) {
            half = bytes.get() & 0xff;
        }
        recognizer.push(samples, 0, count);
        metrics.liveSeconds.add((double) count / AudioClip.SAMPLE_RATE);
    }

    @Override
    public void onWebSocketText(String message) {
        try {
            switch (message.strip()) {
                case "flush" -> flush();
                case "end" -> complete(StatusCode.NORMAL);
                default -> {
                    send(Answers.liveError("the texts \"flush\" and \"end\" are known, and sound in binary messages"));
                    session.close(StatusCode.POLICY_VIOLATION, "unknown text", Callback.NOOP);
                }
            }
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private synchronized void flush() {
        if (!completed) {
            recognizer.flush();
        }
    }

    /** The server ends: what was heard becomes final and is told. */
    void complete() {
        try {
            complete(StatusCode.SHUTDOWN);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private synchronized void complete(int status) {
        if (!completed) {
            completed = true;
            recognizer.finish();
            send(Answers.liveEnd(recognizer.seconds()));
            session.close(status, "", Callback.NOOP);
        }
    }

    private void fail(RuntimeException e) {
        LOG.error("a live session failed", e);
        send(Answers.liveError("recognition failed; the log of the server says why"));
        session.close(StatusCode.SERVER_ERROR, "failed", Callback.NOOP);
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        LOG.info("a live session was cut off", cause);
        end();
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason, Callback callback) {
        end();
        callback.succeed();
    }

    private synchronized void end() {
        if (!ended && session != null) {
            ended = true;
            sessions.remove(this);
            metrics.live.decrementAndGet();
        }
    }
}
