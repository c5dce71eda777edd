package org.omniscribe.app.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.http.MultiPartFormData.Parts;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.RequestOptions;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.decode.Hotwords;
import org.omniscribe.asr.io.OmniscribeException;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.TranscriptFormat;
import org.omniscribe.asr.transcript.TranscriptWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests for transcriptions. A body is read without a thread or a place being held for it; when it is there, the
 * request takes a place, waits for its turn and is worked on, as long as its caller is there.
 */
final class Transcriptions {
    private static final Logger LOG = LoggerFactory.getLogger(Transcriptions.class);
    private static final int MAX_FIELDS = 32;
    private static final int MAX_FIELD_BYTES = 1 << 16;

    /** Bodies that may be on their way in at the same time; each takes room on the disk. */
    private static final int MAX_UPLOADS = 256;

    /** A body has this long, and more if it is large: a second for so many bytes. */
    private static final long MIN_UPLOAD_SECONDS = 30;

    private static final long MIN_BYTES_PER_SECOND = 1000;

    /** What Nginx logs where a caller left; nobody gets it. */
    private static final int LEFT = 499;

    private final Recognizer recognizer;
    private final ServerOptions options;
    private final Metrics metrics;
    private final Gate gate;
    private final Semaphore uploads = new Semaphore(MAX_UPLOADS);
    private final Path folder;
    private volatile long end = Long.MAX_VALUE;

    /** The caller has closed its connection. */
    private static final class Left extends RuntimeException {
        Left() {
            super("the caller left", null, false, false);
        }
    }

    /**
     * Makes it ready.
     *
     * @param folder where uploads are kept while they are worked on
     */
    Transcriptions(Recognizer recognizer, ServerOptions options, Metrics metrics, Path folder) {
        this.recognizer = recognizer;
        this.options = options;
        this.metrics = metrics;
        this.gate = new Gate(options.jobs(), options.queue(), metrics);
        this.folder = folder;
    }

    /** The server is closed: what is not done by then, as {@link System#nanoTime} counts, is refused. */
    void endBy(long nanos) {
        end = nanos;
    }

    /** A request on its way to its answer. */
    private final class Going {
        final Request request;
        final Response response;
        final Callback callback;
        final boolean translate;
        final Upload upload;
        final long deadline;

        Going(Request request, Response response, Callback callback, boolean translate) {
            this.request = request;
            this.response = response;
            this.callback = callback;
            this.translate = translate;
            long begun = request.getBeginNanoTime();
            deadline = begun + options.timeout().toNanos();
            long slowest = options.timeout().toNanos();
            if (request.getLength() >= 0) {
                slowest = Math.min(
                        slowest,
                        TimeUnit.SECONDS.toNanos(MIN_UPLOAD_SECONDS + request.getLength() / MIN_BYTES_PER_SECOND));
            }
            upload = new Upload(request, begun + slowest - System.nanoTime());
        }

        void refuse(Refusal refusal) {
            metrics.answered(refusal.status());
            if (refusal.status() == 408 || refusal.status() == 429 || refusal.status() == 503) {
                response.getHeaders().put(HttpHeader.RETRY_AFTER, 1);
            }
            Reply.refuse(refusal, upload, response, callback);
        }

        /** Throws what ends the work. */
        void look() {
            if (WatchedEndPoint.left(request)) {
                throw new Left();
            }
            long now = System.nanoTime();
            if (now - deadline > 0) {
                throw new Refusal(
                        503,
                        "server_error",
                        "the recording takes longer than " + options.timeout().toSeconds()
                                + " s to transcribe; send it in shorter pieces");
            }
            if (end != Long.MAX_VALUE && now - end > 0) {
                throw new Refusal(503, "server_error", "the server is ending; try again later");
            }
        }
    }

    /**
     * Answers one.
     *
     * @param translate whether the English of what is said is asked for
     */
    void answer(Request request, Response response, Callback callback, boolean translate) {
        Going going = new Going(request, response, callback, translate);
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (request.getLength() > options.mostBytes()) {
            going.refuse(tooLarge());
        } else if (type == null || !type.startsWith("multipart/form-data")) {
            going.refuse(Refusal.invalid("send the sound as multipart/form-data, in the field \"file\""));
        } else if (gate.full() || !uploads.tryAcquire()) {
            going.refuse(busy());
        } else {
            metrics.coming.incrementAndGet();
            MultiPartFormData.onParts(going.upload, request, type, limits(), new Promise.Invocable<>() {
                @Override
                public void succeeded(Parts parts) {
                    in();
                    going.upload.done();
                    work(going, parts);
                }

                @Override
                public void failed(Throwable e) {
                    in();
                    // Jetty looks for the parts again when the answer is complete; there, the parser's failure would
                    // end
                    // the connection, and with it the next request of a caller who keeps it.
                    request.removeAttribute(MultiPartFormData.class.getName());
                    unread(going, e);
                }

                private void in() {
                    metrics.coming.decrementAndGet();
                    uploads.release();
                }
            });
        }
    }

    private static Refusal busy() {
        return new Refusal(
                429,
                "rate_limit_error",
                null,
                "rate_limit_exceeded",
                "the server has all the work that it can take; try again soon");
    }

    private Refusal tooLarge() {
        return new Refusal(
                413,
                "invalid_request_error",
                "the request has more than " + options.mostBytes() + " bytes, which is the" + " limit of this server");
    }

    private MultiPartConfig limits() {
        return new MultiPartConfig.Builder()
                .location(folder)
                .maxParts(MAX_FIELDS)
                .maxSize(options.mostBytes())
                .maxPartSize(options.mostBytes())
                .maxMemoryPartSize(MAX_FIELD_BYTES)
                .useFilesForPartsWithoutFileName(false)
                .build();
    }

    private void unread(Going going, Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Upload.TooSlow || cause instanceof TimeoutException) {
                going.refuse(new Refusal(
                        408,
                        "invalid_request_error",
                        null,
                        "request_timeout",
                        "the request did not come in in time; send it faster, or in shorter pieces"));
                return;
            }
            // Jetty's parser tells a form that is too large by the words of its message only.
            String message = String.valueOf(cause.getMessage());
            if (message.contains("max length exceeded")) {
                going.refuse(tooLarge());
                return;
            }
            if (message.contains("max memory file size exceeded")) {
                going.refuse(
                        Refusal.invalid("a field other than the file has more than " + MAX_FIELD_BYTES + " bytes"));
                return;
            }
            if (cause instanceof FileSystemException full) {
                LOG.error("an upload could not be kept", full);
                going.refuse(new Refusal(503, "server_error", "the server has no room for uploads; try again later"));
                return;
            }
        }
        LOG.info("a request could not be read", e);
        going.refuse(Refusal.invalid("the request cannot be read as multipart/form-data (" + e.getMessage() + ")"));
    }

    private void work(Going going, Parts parts) {
        if (!gate.enter()) {
            parts.close();
            going.refuse(busy());
            return;
        }
        Path sound = null;
        Answering answering = new Answering(going.response, going.callback);
        try (parts) {
            TranscriptionRequest asked = TranscriptionRequest.of(parts, options.routing(), writes(), going.translate);
            sound = Files.createTempFile(folder, "upload", ".sound");
            asked.file().writeTo(sound);
            Path file = sound;
            Transcript transcript =
                    gate.work(going.deadline, going::look, () -> transcribe(file, asked, going, answering));
            metrics.audioSeconds.add(transcript.duration());
            metrics.answered(200);
            going.upload.answering();
            answering.complete(transcript, asked);
        } catch (Left | UncheckedIOException | EofException e) {
            LOG.info("a caller left before its answer");
            metrics.answered(LEFT);
            going.callback.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refuse(going, answering, new Refusal(503, "server_error", "the server is ending; try again later"));
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            refuse(going, answering, refusal(e));
        } finally {
            gate.leave();
            delete(sound);
        }
    }

    private void refuse(Going going, Answering answering, Refusal refusal) {
        if (answering.begun()) {
            metrics.answered(refusal.status());
            going.upload.answering();
            answering.fail(refusal);
        } else {
            going.refuse(refusal);
        }
    }

    private Transcript transcribe(Path sound, TranscriptionRequest asked, Going going, Answering answering) {
        String name =
                asked.file().getFileName() == null ? "upload" : asked.file().getFileName();
        try (AudioReader reader = AudioReader.open(sound, options.channel())) {
            checkLength(reader.seconds());
            RequestOptions how = RequestOptions.standard()
                    .withRequest(asked.asked())
                    .withProgress((done, total) -> {
                        checkLength(done);
                        going.look();
                    });
            if (asked.stream()) {
                how = how.withSaid(answering::said);
            }
            Optional<Hotwords> hot = writes() ? Optional.empty() : Prompt.hotwords(asked.prompt());
            return recognizer.transcribe(reader, name, hot.isPresent() ? how.withHotwords(hot.get()) : how);
        } catch (AudioException e) {
            // Where the file is on this machine is nobody's business, and the advice is for its owner.
            String problem = e.getMessage()
                    .substring(0, e.getMessage().length() - e.remedy().length());
            throw Refusal.field(
                    "file",
                    problem.replace(sound.toString(), name)
                            + "WAV, AIFF, AU, FLAC, MP3, Ogg Vorbis, Ogg Opus and SPHERE are read");
        }
    }

    /** Whether the model writes by attention, and so takes language, prompt and temperature itself. */
    private boolean writes() {
        return recognizer.model().architecture().decoder() != null;
    }

    private void checkLength(double seconds) {
        if (seconds > options.longestSeconds()) {
            throw new Refusal(
                    413,
                    "invalid_request_error",
                    "the recording is longer than the " + Math.round(options.longestSeconds())
                            + " s that this server allows");
        }
    }

    /** What a transcript is in the form that was asked for. */
    static Reply reply(Transcript transcript, TranscriptionRequest asked) {
        return switch (asked.format()) {
            case JSON -> new Reply(200, Reply.JSON, Answers.text(Answers.json(transcript)));
            case VERBOSE_JSON -> new Reply(200, Reply.JSON, Answers.text(Answers.verbose(transcript, asked)));
            case TEXT -> new Reply(200, Reply.TEXT, transcript.text() + "\n");
            case SRT -> new Reply(200, Reply.TEXT, TranscriptWriter.captions(transcript, TranscriptFormat.SRT));
            case VTT ->
                new Reply(200, "text/vtt; charset=utf-8", TranscriptWriter.captions(transcript, TranscriptFormat.VTT));
        };
    }

    private static Refusal refusal(Throwable e) {
        Refusal refusal = e instanceof OmniscribeException failure ? Refusal.of(failure) : Refusal.failed();
        if (refusal.status() == 500) {
            LOG.error("a request failed", e);
        }
        return refusal;
    }

    private static void delete(Path upload) {
        try {
            if (upload != null) {
                Files.deleteIfExists(upload);
            }
        } catch (IOException e) {
            LOG.warn("{} is left over", upload, e);
        }
    }
}
