package org.omniscribe.asr.stream;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.audio.AudioFeed;
import org.omniscribe.asr.audio.AudioRecording;
import org.omniscribe.asr.audio.AudioSource;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.stream.RecognitionEvent.Input;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recognises what a microphone hears, or a file that is played, until it is stopped or the file ends.
 *
 * <p>One thread takes the sound, keeps it in the recording and measures its level; another recognises it, and may fall
 * behind without loss. A microphone that is unplugged is waited for; while it is away, time stands still. The last event
 * is an {@link Input} with {@code ENDED} or {@code FAILED}. Thread-safe.
 */
public final class LiveSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSession.class);

    private static final int BLOCK = AudioClip.SAMPLE_RATE / 50;
    private static final double BLOCK_SECONDS = (double) BLOCK / AudioClip.SAMPLE_RATE;

    /** Seconds that may wait for recognition before this is told. */
    private static final double BEHIND = 5;

    /** Seconds of a file that may wait for recognition; a microphone does not wait. */
    private static final double AHEAD = 1;

    /** Most seconds that are recognised at once to catch up. */
    private static final double CATCH_UP = 5;

    private static final long RETRY_MILLIS = 1000;

    /** What the one thread hands to the other: samples, or one of two marks. */
    private static final float[] BREAK = new float[0];

    private static final float[] END = new float[0];

    private final AudioSource source;
    private final Consumer<? super RecognitionEvent> listener;
    private final StreamingRecognizer recognizer;
    private final BlockingQueue<float[]> queue;
    private final Thread capturing = new Thread(this::capture, "omniscribe-capture");
    private final Thread recognizing = new Thread(this::recognize, "omniscribe-recognition");
    private final Object listening = new Object();

    private AudioRecording recording;
    private AudioFeed feed;
    private boolean opened;
    private boolean behind;
    private boolean paused;
    private boolean stopped;
    private String failure;

    private LiveSession(
            AudioSource source,
            Optional<AudioRecording> recording,
            Function<Consumer<RecognitionEvent>, StreamingRecognizer> recognizer,
            Consumer<? super RecognitionEvent> listener) {
        this.source = source;
        this.recording = recording.orElse(null);
        this.listener = listener;
        this.recognizer = recognizer.apply(event -> {
            // Levels come from the capturing thread, which is never behind.
            if (!(event instanceof RecognitionEvent.Level)) {
                tell(event);
            }
        });
        queue = new LinkedBlockingQueue<>(source.live() ? Integer.MAX_VALUE : (int) (AHEAD / BLOCK_SECONDS));
    }

    /**
     * Begins a session.
     *
     * @param source where the sound comes from; if it cannot be opened, the session ends at once with {@code FAILED}
     * @param recording keeps the sound, if anything; closed at the end
     * @param recognizer makes the recogniser, given who hears its events
     * @param listener hears everything; its calls come from two threads, never two at once
     */
    public static LiveSession start(
            AudioSource source,
            Optional<AudioRecording> recording,
            Function<Consumer<RecognitionEvent>, StreamingRecognizer> recognizer,
            Consumer<? super RecognitionEvent> listener) {
        LiveSession session = new LiveSession(source, recording, recognizer, listener);
        session.capturing.setDaemon(true);
        session.recognizing.setDaemon(true);
        session.capturing.start();
        session.recognizing.start();
        return session;
    }

    /**
     * Stops to listen until {@link #resume}; a microphone is given back to the system. What was said becomes final.
     * Returns at once; {@code PAUSED} tells when it is done.
     */
    public synchronized void pause() {
        paused = true;
    }

    /** Listens again. Returns at once; {@code OPEN} tells when it does. */
    public synchronized void resume() {
        paused = false;
        notifyAll();
    }

    /** Asks the session to end; what was heard is still recognised. Returns at once. */
    public synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    /** Waits until the last event was sent. */
    public void await() throws InterruptedException {
        recognizing.join();
    }

    /**
     * Waits some time.
     *
     * @param millis milliseconds, at least 1
     * @return whether the last event was sent
     */
    public boolean await(long millis) throws InterruptedException {
        recognizing.join(millis);
        return !recognizing.isAlive();
    }

    /**
     * Stops, and waits until the last event was sent, unless the listener itself calls this. An interrupt ends the waiting
     * and is kept.
     */
    @Override
    public void close() {
        stop();
        if (Thread.currentThread() != recognizing && Thread.currentThread() != capturing) {
            try {
                await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void tell(RecognitionEvent event) {
        synchronized (listening) {
            listener.accept(event);
        }
    }

    private void tell(Input.State state, String message) {
        LOG.info("{}: {}", state, message);
        tell(new Input(state, message));
    }

    private void capture() {
        try {
            LevelMeter meter = new LevelMeter(this::tell);
            boolean more = true;
            while (more && open()) {
                more = take(meter);
                queue.put(BREAK);
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            fail(e);
        } finally {
            closeFeed();
            endRecording();
            // The recognising thread takes everything up to the end, so there is room sooner or later.
            boolean ended = false;
            while (!ended) {
                try {
                    queue.put(END);
                    ended = true;
                } catch (InterruptedException e) {
                    LOG.debug("interrupted at the end", e);
                }
            }
        }
    }

    /** Waits until the feed is open and wanted; false if the session is to end instead. */
    private boolean open() throws InterruptedException {
        if (paused() && !stopped()) {
            if (source.live()) {
                closeFeed();
            }
            tell(Input.State.PAUSED, source.name() + " is paused");
        }
        while (!stopped()) {
            if (paused()) {
                waitForChange(0);
                continue;
            }
            try {
                if (feed == null) {
                    feed = source.open();
                }
                opened = true;
                tell(Input.State.OPEN, source.name());
                return true;
            } catch (AudioException e) {
                if (!opened) {
                    throw e;
                }
                waitForChange(RETRY_MILLIS);
            }
        }
        return false;
    }

    /** Takes sound until it is interrupted; whether there may be more of it later. */
    private boolean take(LevelMeter meter) throws InterruptedException {
        while (!paused() && !stopped()) {
            float[] block = new float[BLOCK];
            int length;
            try {
                length = feed.read(block, 0, BLOCK);
            } catch (AudioException e) {
                if (!source.live()) {
                    throw e;
                }
                closeFeed();
                tell(Input.State.LOST, e.getMessage());
                return true;
            }
            if (length < 0) {
                return false;
            }
            record(block, length);
            meter.push(block, 0, length);
            queue.put(length == BLOCK ? block : Arrays.copyOf(block, length));
            tellIfBehind();
        }
        return true;
    }

    private void tellIfBehind() {
        double waiting = queue.size() * BLOCK_SECONDS;
        if (!behind && waiting > BEHIND) {
            tell(
                    Input.State.BEHIND,
                    String.format(
                            Locale.ROOT,
                            "recognition is %.0f s behind; nothing is lost, but close other programs or choose a"
                                    + " smaller model",
                            waiting));
            behind = true;
        } else if (behind && waiting < BEHIND / 5) {
            behind = false;
        }
    }

    private void record(float[] block, int length) {
        if (recording != null) {
            try {
                recording.write(block, 0, length);
            } catch (AudioException e) {
                tell(Input.State.UNRECORDED, e.getMessage());
                recording = null;
            }
        }
    }

    private void endRecording() {
        if (recording != null) {
            try {
                recording.close();
            } catch (AudioException e) {
                tell(Input.State.UNRECORDED, e.getMessage());
            }
        }
    }

    private void closeFeed() {
        if (feed != null) {
            feed.close();
            feed = null;
        }
    }

    private void recognize() {
        try {
            for (float[] next; (next = queue.take()) != END; ) {
                if (next == BREAK) {
                    recognizer.flush();
                } else {
                    push(next);
                }
            }
            recognizer.finish();
        } catch (InterruptedException | RuntimeException | Error e) {
            fail(e);
            drain();
        }
        String reason = failure();
        tell(reason == null ? Input.State.ENDED : Input.State.FAILED, reason == null ? source.name() : reason);
    }

    /** Recognises a block, and what waits behind it where recognition has fallen behind. */
    private void push(float[] block) {
        if (!source.live() || queue.size() < 2 * recognizer.chunkSeconds() / BLOCK_SECONDS) {
            recognizer.push(block, 0, block.length);
            return;
        }
        float[] all = Arrays.copyOf(block, (int) (CATCH_UP * AudioClip.SAMPLE_RATE));
        int length = block.length;
        for (float[] next;
                (next = queue.peek()) != null && next != BREAK && next != END && length + next.length <= all.length; ) {
            System.arraycopy(next, 0, all, length, next.length);
            length += next.length;
            queue.remove();
        }
        recognizer.push(all, 0, length, true);
    }

    /** Takes what is left, so that the capturing thread is not kept waiting. */
    private void drain() {
        stop();
        boolean ended = false;
        while (!ended) {
            try {
                ended = queue.take() == END;
            } catch (InterruptedException e) {
                LOG.debug("interrupted at the end", e);
            }
        }
    }

    private synchronized void fail(Throwable e) {
        LOG.info("session failed", e);
        if (failure == null) {
            failure = FailureText.of(e);
        }
        stop();
    }

    private synchronized String failure() {
        return failure;
    }

    private synchronized boolean paused() {
        return paused;
    }

    private synchronized boolean stopped() {
        return stopped;
    }

    private synchronized void waitForChange(long millis) throws InterruptedException {
        if (!stopped) {
            wait(millis);
        }
    }
}
