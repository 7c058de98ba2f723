package io.lightline.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A WebSocket by hand (RFC 6455), for clients that do what no library lets them: they read nothing, they say too much, or they
 * break the protocol. Every method blocks; one thread reads, another one may write.
 */
final class RawSocket implements AutoCloseable {

    /** Ends a read that nothing answers, so that a failed test ends too. */
    private static final int READ_LIMIT_MILLIS = 60_000;

    private static final int FINAL_TEXT = 0x81;
    private static final int CLOSE = 0x8;
    private static final int MASKED = 0x80;
    private static final int LENGTH_IN_16_BITS = 126;
    private static final int LENGTH_IN_64_BITS = 127;
    private static final int ABNORMAL_CLOSURE = 1006;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Queue<JsonNode> unread = new ArrayDeque<>();

    private RawSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = new DataOutputStream(socket.getOutputStream());
    }

    /** Opens a WebSocket and says nothing yet. */
    static RawSocket open(URI relay) {
        return open(relay, new Socket());
    }

    /** Opens one for which the system takes few bytes while nobody reads. */
    static RawSocket openNarrow(URI relay, int receiveBuffer) {
        try {
            var socket = new Socket();
            socket.setReceiveBufferSize(receiveBuffer);
            return open(relay, socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawSocket open(URI relay, Socket socket) {
        try {
            socket.setSoTimeout(READ_LIMIT_MILLIS);
            socket.connect(new InetSocketAddress(relay.getHost(), relay.getPort()));
            var raw = new RawSocket(socket);
            raw.upgrade(relay);
            return raw;
        } catch (IOException e) {
            throw new UncheckedIOException("No WebSocket at " + relay, e);
        }
    }

    private void upgrade(URI relay) throws IOException {
        String request = """
                GET %s HTTP/1.1\r
                Host: %s\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                \r
                """.formatted(relay.getPath(), relay.getAuthority());
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        String status = line();
        if (!status.startsWith("HTTP/1.1 101")) {
            throw new IOException("The upgrade was answered with " + status);
        }
        while (!line().isEmpty()) {
            // The headers do not matter.
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /** Sends a command and returns the result in its reply; what else comes before it is dropped. */
    JsonNode ask(String command, JsonNode request) {
        send(frame(Json.object().put("id", 1).set(command, request)));
        while (true) {
            JsonNode message = read();
            if (message.has("id")) {
                return message.path(command);
            }
        }
    }

    /** One masked text frame, as bytes to {@link #send}. */
    static byte[] frame(JsonNode command) {
        byte[] payload = command.toString().getBytes(StandardCharsets.UTF_8);
        var frame = new ByteArrayOutputStream();
        frame.write(FINAL_TEXT);
        if (payload.length >= LENGTH_IN_16_BITS) {
            throw new IllegalArgumentException("Short commands only, not " + payload.length + " bytes");
        }
        frame.write(MASKED | payload.length);
        // A mask of zeros is legal and leaves the payload as it is.
        frame.writeBytes(new byte[Integer.BYTES]);
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** The beginning of a masked text frame that says how long it will be. */
    static byte[] header(long length) {
        var header = new ByteArrayOutputStream();
        header.write(FINAL_TEXT);
        header.write(MASKED | LENGTH_IN_64_BITS);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            header.write((int) (length >>> shift));
        }
        header.writeBytes(new byte[Integer.BYTES]);
        return header.toByteArray();
    }

    /** Sends bytes as they are. */
    void send(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("The relay takes nothing any more", e);
        }
    }

    /**
     * The next message of the relay.
     *
     * @throws UncheckedIOException when the socket ends before
     */
    JsonNode read() {
        while (unread.isEmpty()) {
            try {
                if (readFrame() instanceof Frame.Text(var text)) {
                    text.lines().map(Json::parse).forEach(unread::add);
                } else {
                    throw new EOFException("Closed");
                }
            } catch (IOException e) {
                throw new UncheckedIOException("The relay says nothing any more", e);
            }
        }
        return unread.remove();
    }

    /** Reads on until the socket ends, and returns the code of the relay's Close; 1006 when there was none. */
    int readToTheEnd() {
        try {
            while (true) {
                if (readFrame() instanceof Frame.Close(var code)) {
                    return code;
                }
            }
        } catch (IOException ended) {
            return ABNORMAL_CLOSURE;
        }
    }

    private sealed interface Frame {
        record Text(String text) implements Frame {}

        record Close(int code) implements Frame {}
    }

    private Frame readFrame() throws IOException {
        int opcode = in.readUnsignedByte() & 0xf;
        int length = in.readUnsignedByte();
        long size = switch (length) {
            case LENGTH_IN_16_BITS -> in.readUnsignedShort();
            case LENGTH_IN_64_BITS -> in.readLong();
            default -> length;
        };
        byte[] payload = in.readNBytes(Math.toIntExact(size));
        if (payload.length < size) {
            throw new EOFException("In the middle of a frame");
        }
        if (opcode == CLOSE) {
            return new Frame.Close((payload[0] & 0xff) << Byte.SIZE | payload[1] & 0xff);
        }
        return new Frame.Text(new String(payload, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
