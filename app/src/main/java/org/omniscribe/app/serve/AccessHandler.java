package org.omniscribe.app.serve;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets in who has the token, and nobody from a web page of another site, which a browser on this machine could be made to
 * show. Whether the server lives may be asked by anybody.
 */
final class AccessHandler extends Handler.Wrapper {
    private static final String BEARER = "Bearer ";

    private final ServerOptions options;

    AccessHandler(ServerOptions options, Handler handler) {
        super(handler);
        this.options = options;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (foreign(request)) {
            TranscriptionHandler.refuse(
                    new Refusal(403, "permission_error", "web pages of other sites are not served"),
                    request,
                    response,
                    callback);
            return true;
        }
        if (options.token().isPresent()
                && !Request.getPathInContext(request).equals("/health")
                && !known(request, options.token().get())) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            TranscriptionHandler.refuse(
                    new Refusal(
                            401, "authentication_error", "send the token of this server as \"Authorization: Bearer\""),
                    request,
                    response,
                    callback);
            return true;
        }
        return super.handle(request, response, callback);
    }

    private static boolean foreign(Request request) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin == null) {
            return false;
        }
        try {
            URI page = URI.create(origin);
            return !(page.getAuthority() != null
                    && page.getAuthority().equalsIgnoreCase(request.getHeaders().get(HttpHeader.HOST)));
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** Takes as long for a token that is nearly right as for one that is all wrong. */
    private static boolean known(Request request, String token) {
        String given = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        return given != null
                && given.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && MessageDigest.isEqual(
                        given.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8),
                        token.getBytes(StandardCharsets.UTF_8));
    }
}
