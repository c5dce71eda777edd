package org.omniscribe.app.serve;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers in the form of OpenAI also where Jetty refuses a request before anybody else sees it. */
final class ErrorReplies extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        Object said = request.getAttribute(ERROR_MESSAGE);
        String reason = said == null ? HttpStatus.getMessage(status) : said.toString();
        String type = status == 503 || status >= 500 ? "server_error" : "invalid_request_error";
        String message = status >= 500
                ? "the server cannot answer this now (" + status + "); try again later"
                : "this is no request that the server understands (" + reason + ")";
        if (status >= 400 && status != 404) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        Reply.of(new Refusal(status, type, message)).send(response, callback);
        return true;
    }
}
