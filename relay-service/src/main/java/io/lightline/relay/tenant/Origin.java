package io.lightline.relay.tenant;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** Where a page comes from (RFC 6454): compared part by part, never as a text in which another one is found. */
record Origin(String scheme, String host, int port) {

    /** Empty when it is none, as {@code null} from a sandboxed frame. */
    static Optional<Origin> parse(String text) {
        try {
            URI uri = new URI(text);
            return hasOnlyOrigin(uri) ? Optional.of(of(uri)) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean hasOnlyOrigin(URI uri) {
        return uri.getScheme() != null
                && uri.getHost() != null
                && uri.getUserInfo() == null
                && !uri.getRawAuthority().endsWith(":")
                && uri.getRawPath().isEmpty()
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null;
    }

    private static Origin of(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : defaultPort(scheme);
        return new Origin(scheme, uri.getHost().toLowerCase(Locale.ROOT), port);
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            default -> -1;
        };
    }
}
