package io.lightline.relay.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A TCP connection on which a test says what it likes, and sees every byte of the answer. */
final class RawSocket implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** So that the server soon notices a client that does not read. */
    private static final int SMALL = 64 * 1024;

    private final Socket socket;
    private final InputStream in;

    private RawSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** A connection, no more. */
    static RawSocket to(URI server) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(SMALL);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return new RawSocket(socket);
    }

    /** A WebSocket to the relay's endpoint: what is sent before the server has switched would be taken for HTTP. */
    static RawSocket upgraded(URI server) throws IOException {
        return upgraded(server, "/connection/websocket");
    }

    static RawSocket upgraded(URI server, String path) throws IOException {
        RawSocket client = to(server);
        assertThat(client.asks(path, "HTTP/1.1", "Sec-WebSocket-Version: 13")).startsWith("HTTP/1.1 101 ");
        return client;
    }

    /** Sends a request to upgrade and returns the head of the answer. */
    String asks(String path, String version, String... headers) throws IOException {
        requests(path, version, headers);
        return readsUntil("\r\n\r\n");
    }

    /** The same, without a look at the answer. */
    void requests(String path, String version, String... headers) throws IOException {
        String request = "GET " + path + " " + version + "\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + String.join("\r\n", headers) + "\r\n\r\n";
        out().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    String readsUntil(String end) throws IOException {
        var read = new StringBuilder();
        while (read.indexOf(end, read.length() - end.length()) < 0) {
            int next = in.read();
            assertThat(next).as("end of stream after %s", read).isNotNegative();
            read.append((char) next);
        }
        return read.toString();
    }

    /** In one piece, so that the server reads them together. */
    void sends(ClientFrame... frames) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (ClientFrame frame : frames) {
            bytes.writeBytes(frame.bytes());
        }
        out().write(bytes.toByteArray());
    }

    OutputStream out() throws IOException {
        return socket.getOutputStream();
    }

    /** Everything up to the end of the stream. */
    byte[] readsToTheEnd() throws IOException {
        return in.readAllBytes();
    }

    byte[] reads(int count) throws IOException {
        return in.readNBytes(count);
    }

    /** Goes without a word, and without TCP's own goodbye. */
    void breaksOff() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
