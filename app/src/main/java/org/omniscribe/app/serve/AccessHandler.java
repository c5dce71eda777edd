package org.omniscribe.app.serve;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets in who has the token and calls the server by a name that it was told, and nobody from a web page of another site, which
 * a browser on this machine could be made to show. Whether the server lives may be asked by anybody.
 *
 * <p>A page may have its own name lead to this machine once it is loaded (DNS rebinding), and is then of the same site as the
 * server to a browser; but the name that the browser sends is still its own.
 */
final class AccessHandler extends Handler.Wrapper {
    private static final String BEARER = "Bearer ";
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-f:.%]+]");

    private final ServerOptions options;
    private final Set<String> names = new HashSet<>();
    private final boolean open;

    AccessHandler(ServerOptions options, Handler handler) {
        super(handler);
        this.options = options;
        names.add("localhost");
        names.add(options.host().toLowerCase(Locale.ROOT));
        options.names().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        open = !loopback(options.host());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String host = request.getHeaders().get(HttpHeader.HOST);
        if (host != null && !known(host) || unknownTarget(request)) {
            Reply.refuse(
                    new Refusal(
                            403,
                            "permission_error",
                            "this server does not answer to that name; if it is one of its own, start it with"
                                    + " --allow-host NAME"),
                    request,
                    response,
                    callback);
            return true;
        }
        if (foreign(request, host)) {
            Reply.refuse(
                    new Refusal(403, "permission_error", "web pages of other sites are not served"),
                    request,
                    response,
                    callback);
            return true;
        }
        if (options.token().isPresent()
                && !Request.getPathInContext(request).equals("/health")
                && !knows(request, options.token().get())) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            Reply.refuse(
                    new Refusal(
                            401,
                            "authentication_error",
                            null,
                            "invalid_api_key",
                            "send the token of this server as \"Authorization: Bearer\""),
                    request,
                    response,
                    callback);
            return true;
        }
        return super.handle(request, response, callback);
    }

    /** A target that names a host, as proxies get it, counts as the header does. */
    private boolean unknownTarget(Request request) {
        String host = request.getHttpURI().getHost();
        return host != null && !known(host);
    }

    /** Whether a host, with a port or without, is this server. */
    private boolean known(String host) {
        String name = host.strip().toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        if (names.contains(name) || names.contains(name.replaceAll("[\\[\\]]", ""))) {
            return true;
        }
        // An address is not looked up, so nobody can have it lead elsewhere. The server at this machine only has no
        // other.
        return ADDRESS.matcher(name).matches() && (open || loopback(name));
    }

    private static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean foreign(Request request, String host) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin == null) {
            return false;
        }
        try {
            URI page = URI.create(origin);
            return !(page.getAuthority() != null && page.getAuthority().equalsIgnoreCase(host));
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** Takes as long for a token that is nearly right as for one that is all wrong. */
    private static boolean knows(Request request, String token) {
        String given = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        return given != null
                && given.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && MessageDigest.isEqual(
                        given.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8),
                        token.getBytes(StandardCharsets.UTF_8));
    }
}
