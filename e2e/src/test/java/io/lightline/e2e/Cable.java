package io.lightline.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A client's way to a pod, which can be cut, and mended to the same pod or to another one. Two virtual threads a connection. */
final class Cable implements AutoCloseable {

    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private Optional<URI> end;

    private Cable(URI pod) throws IOException {
        this.door = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        this.end = Optional.of(pod);
    }

    static Cable to(URI pod) throws IOException {
        var cable = new Cable(pod);
        Thread.ofVirtual().start(cable::accept);
        return cable;
    }

    /** Of the pod, by way of the cable. */
    URI webSocketUri() {
        return URI.create("ws://127.0.0.1:" + door.getLocalPort() + "/connection/websocket");
    }

    /** Breaks every connection; new ones break at once. */
    synchronized void cut() {
        end = Optional.empty();
        open.forEach(Cable::close);
    }

    synchronized void mend(URI pod) {
        end = Optional.of(pod);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException closed) {
            // The end.
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket pod = connect(client)) {
            Thread up = Thread.ofVirtual().start(() -> pump(client, pod));
            pump(pod, client);
            up.join();
        } catch (IOException broken) {
            // The client sees a closed socket.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Socket connect(Socket client) throws IOException {
        URI target = end.orElseThrow(() -> new IOException("The cable is cut"));
        var pod = new Socket(target.getHost(), target.getPort());
        open.add(client);
        open.add(pod);
        return pod;
    }

    private void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException broken) {
            // Both ends break.
        }
        close(from);
        close(to);
        open.remove(from);
        open.remove(to);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
