package io.lightline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** How often a Redis on this machine was asked to run a script. Blocks. */
record RedisCalls(int port) {

    private static final Pattern SCRIPTS = Pattern.compile("cmdstat_evalsha:calls=(\\d+)");
    private static final int LIMIT_MILLIS = 10_000;

    /** Since it was started. */
    long scripts() {
        var found = SCRIPTS.matcher(info());
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    private String info() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(LIMIT_MILLIS);
            // QUIT, so that the answer has an end.
            socket.getOutputStream().write("INFO commandstats\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException("No Redis at port " + port, e);
        }
    }
}
