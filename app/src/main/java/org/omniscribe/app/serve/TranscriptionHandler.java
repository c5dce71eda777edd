package org.omniscribe.app.serve;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.omniscribe.asr.model.ModelManifest;

/** Answers all requests but those for live sessions. */
final class TranscriptionHandler extends Handler.Abstract {
    private static final String MODELS = "/v1/models";

    private final ModelManifest model;
    private final Metrics metrics;
    private final Transcriptions transcriptions;

    TranscriptionHandler(ModelManifest model, Metrics metrics, Transcriptions transcriptions) {
        this.model = model;
        this.metrics = metrics;
        this.transcriptions = transcriptions;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        boolean get = HttpMethod.GET.is(request.getMethod());
        boolean translate = path.equals(TranscriptionServer.TRANSLATIONS);
        if (translate || path.equals(TranscriptionServer.PATH)) {
            if (HttpMethod.POST.is(request.getMethod())) {
                transcriptions.answer(request, response, callback, translate);
            } else {
                response.getHeaders().put(HttpHeader.ALLOW, "POST");
                Reply.refuse(new Refusal(405, "invalid_request_error", "send a POST"), request, response, callback);
            }
        } else if (get && path.equals("/metrics")) {
            new Reply(200, Reply.TEXT, metrics.text()).send(response, callback);
        } else if (get && path.equals("/health")) {
            new Reply(200, Reply.JSON, "{\"status\":\"ok\"}").send(response, callback);
        } else if (get && path.equals(MODELS)) {
            new Reply(200, Reply.JSON, Answers.text(Answers.models(model.name(), created()))).send(response, callback);
        } else if (get && path.startsWith(MODELS + "/")) {
            model(path.substring(MODELS.length() + 1), request, response, callback);
        } else {
            Reply.refuse(nothingAt(path), request, response, callback);
        }
        return true;
    }

    private void model(String encoded, Request request, Response response, Callback callback) {
        if (model.name().equals(decoded(encoded))) {
            new Reply(200, Reply.JSON, Answers.text(Answers.model(model.name(), created()))).send(response, callback);
            return;
        }
        Reply.refuse(
                new Refusal(
                        404,
                        "invalid_request_error",
                        "model",
                        "model_not_found",
                        "there is no model \"" + encoded + "\" here; there is \"" + model.name() + "\""),
                request,
                response,
                callback);
    }

    private static String decoded(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return path;
        }
    }

    private long created() {
        return model.provenance().created().getEpochSecond();
    }

    private static Refusal nothingAt(String path) {
        return new Refusal(
                404,
                "invalid_request_error",
                "there is nothing at " + path + "; there is POST " + TranscriptionServer.PATH + " and "
                        + TranscriptionServer.TRANSLATIONS + ", the WebSocket "
                        + TranscriptionServer.LIVE_PATH + ", and GET " + MODELS + ", /health and /metrics");
    }
}
