package org.omniscribe.app.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.http.MultiPartFormData.Parts;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.io.OmniscribeException;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.TranscriptFormat;
import org.omniscribe.asr.transcript.TranscriptWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers all requests but those for live sessions. */
final class TranscriptionHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(TranscriptionHandler.class);
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final int MOST_FIELDS = 32;
    private static final int LONGEST_FIELD = 1 << 16;
    /** Of a request that is refused, bytes that are waited for before the connection is cut. */
    private static final long MOST_DISCARDED = 1 << 28;

    private final Recognizer recognizer;
    private final ServerOptions options;
    private final Metrics metrics;
    private final Gate gate;
    private final Path folder;

    /**
     * Makes the handler.
     *
     * @param folder where uploads are kept while they are worked on
     */
    TranscriptionHandler(Recognizer recognizer, ServerOptions options, Metrics metrics, Path folder) {
        this.recognizer = recognizer;
        this.options = options;
        this.metrics = metrics;
        this.gate = new Gate(options.jobs(), options.queue(), metrics);
        this.folder = folder;
    }

    /** An answer. */
    private record Answer(int status, String type, String body) {}

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws InterruptedException {
        String path = Request.getPathInContext(request);
        boolean get = HttpMethod.GET.is(request.getMethod());
        if (path.equals(TranscriptionServer.PATH)) {
            if (!HttpMethod.POST.is(request.getMethod())) {
                refuse(new Refusal(405, "invalid_request_error", "send a POST"), request, response, callback);
                return true;
            }
            transcribe(request, response, callback);
            return true;
        }
        if (get && path.equals("/metrics")) {
            answer(new Answer(200, TEXT, metrics.text()), response, callback);
        } else if (get && path.equals("/health")) {
            answer(new Answer(200, JSON, "{\"status\":\"ok\"}"), response, callback);
        } else if (get && path.equals("/v1/models")) {
            long created = recognizer.model().provenance().created().getEpochSecond();
            String models = Answers.text(Answers.models(recognizer.model().name(), created));
            answer(new Answer(200, JSON, models), response, callback);
        } else {
            refuse(
                    new Refusal(
                            404,
                            "invalid_request_error",
                            "there is nothing at " + path + "; there is POST " + TranscriptionServer.PATH
                                    + ", the WebSocket " + TranscriptionServer.LIVE_PATH
                                    + ", and GET /v1/models, /health and /metrics"),
                    request,
                    response,
                    callback);
        }
        return true;
    }

    private void transcribe(Request request, Response response, Callback callback) throws InterruptedException {
        long length = request.getLength();
        if (length > options.mostBytes()) {
            counted(tooLarge(), request, response, callback);
            return;
        }
        if (!gate.enter()) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, 1);
            counted(
                    new Refusal(
                            429, "rate_limit_error", "the server has all the work that it can take; try again soon"),
                    request,
                    response,
                    callback);
            return;
        }
        Answer answer;
        try {
            answer = transcribe(request);
        } catch (Refusal e) {
            counted(e, request, response, callback);
            return;
        } finally {
            gate.leave();
        }
        metrics.answered(answer.status());
        answer(answer, response, callback);
    }

    private Refusal tooLarge() {
        return new Refusal(
                413,
                "invalid_request_error",
                "the request has more than " + options.mostBytes() + " bytes, which is the" + " limit of this server");
    }

    private Answer transcribe(Request request) throws InterruptedException {
        long deadline = System.nanoTime() + options.timeout().toNanos();
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !type.startsWith("multipart/form-data")) {
            throw Refusal.invalid("send the sound as multipart/form-data, in the field \"file\"");
        }
        Path upload = null;
        try (Parts parts = parts(request, type)) {
            TranscriptionRequest asked = TranscriptionRequest.of(parts, options.routing());
            upload = Files.createTempFile(folder, "upload", ".sound");
            asked.file().writeTo(upload);
            Path sound = upload;
            String name =
                    asked.file().getFileName() == null ? "upload" : asked.file().getFileName();
            Transcript transcript = gate.work(deadline, () -> transcribe(sound, name, deadline));
            metrics.audioSeconds.add(transcript.duration());
            return answer(transcript, asked);
        } catch (IOException | RuntimeException e) {
            throw refusal(e);
        } finally {
            delete(upload);
        }
    }

    private Parts parts(Request request, String type) {
        MultiPartConfig limits = new MultiPartConfig.Builder()
                .location(folder)
                .maxParts(MOST_FIELDS)
                .maxSize(options.mostBytes())
                .maxPartSize(options.mostBytes())
                .maxMemoryPartSize(LONGEST_FIELD)
                .useFilesForPartsWithoutFileName(false)
                .build();
        // A parser that gives up fails what it reads, and then the rest could not be thrown away and the caller told
        // why.
        Content.Source content = new Request.Wrapper(request) {
            @Override
            public void fail(Throwable failure) {
                LOG.debug("a request is given up", failure);
            }
        };
        try {
            return MultiPartFormData.getParts(content, request, type, limits);
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                // Jetty's parser tells a form that is too large by the words of its message only.
                if (String.valueOf(cause.getMessage()).contains("max length exceeded")) {
                    throw tooLarge();
                }
            }
            LOG.info("a request could not be read", e);
            throw Refusal.invalid("the request cannot be read as multipart/form-data (" + e.getMessage() + ")");
        }
    }

    private Transcript transcribe(Path sound, String name, long deadline) {
        try (AudioReader reader = AudioReader.open(sound, options.channel())) {
            checkLength(reader.seconds());
            return recognizer.transcribe(reader, name, (done, total) -> {
                checkLength(done);
                if (System.nanoTime() - deadline > 0) {
                    throw new Refusal(
                            503,
                            "server_error",
                            "the recording takes longer than "
                                    + options.timeout().toSeconds() + " s to transcribe; send it in shorter pieces");
                }
            });
        } catch (AudioException e) {
            // Where the file is on this machine is nobody's business, and the advice is for its owner.
            String problem = e.getMessage()
                    .substring(0, e.getMessage().length() - e.remedy().length());
            throw Refusal.invalid(problem.replace(sound.toString(), name)
                    + "WAV, AIFF, AU, FLAC, MP3, Ogg Vorbis, Ogg Opus and SPHERE are read");
        }
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

    private Answer answer(Transcript transcript, TranscriptionRequest asked) {
        return switch (asked.format()) {
            case JSON -> new Answer(200, JSON, Answers.text(Answers.json(transcript)));
            case VERBOSE_JSON ->
                new Answer(
                        200,
                        JSON,
                        Answers.text(Answers.verbose(transcript, asked.words(), asked.segments(), asked.routing())));
            case TEXT -> new Answer(200, TEXT, transcript.text() + "\n");
            case SRT -> new Answer(200, TEXT, TranscriptWriter.format(transcript, TranscriptFormat.SRT));
            case VTT ->
                new Answer(200, "text/vtt; charset=utf-8", TranscriptWriter.format(transcript, TranscriptFormat.VTT));
        };
    }

    private Refusal refusal(Exception e) {
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

    private void counted(Refusal refusal, Request request, Response response, Callback callback) {
        metrics.answered(refusal.status());
        refuse(refusal, request, response, callback);
    }

    /**
     * Refuses a request. A caller that is still sending does not read, and would hear of a broken connection only; so what it
     * sends is taken first, as it comes, and thrown away.
     */
    static void refuse(Refusal refusal, Request request, Response response, Callback callback) {
        Answer answer = new Answer(refusal.status(), JSON, Answers.text(Answers.error(refusal)));
        discard(
                request,
                MOST_DISCARDED,
                all -> {
                    if (!all) {
                        response.getHeaders().put(HttpHeader.CONNECTION, "close");
                    }
                    answer(answer, response, callback);
                },
                callback::failed);
    }

    /**
     * Throws away what is still to come of a request.
     *
     * @param most bytes to wait for
     * @param then told whether that was all
     */
    private static void discard(Request request, long most, Consumer<Boolean> then, Consumer<Throwable> failed) {
        long left = most;
        for (Content.Chunk chunk; (chunk = request.read()) != null; ) {
            if (Content.Chunk.isFailure(chunk)) {
                failed.accept(chunk.getFailure());
                return;
            }
            left -= chunk.remaining();
            boolean last = chunk.isLast();
            chunk.release();
            if (last || left < 0) {
                then.accept(last);
                return;
            }
        }
        long rest = left;
        request.demand(() -> discard(request, rest, then, failed));
    }

    private static void answer(Answer answer, Response response, Callback callback) {
        response.setStatus(answer.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type());
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        Content.Sink.write(response, true, answer.body(), callback);
    }
}
