package io.lightline.e2e;

import io.lightline.localstack.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What an ingress is to the pods: spreads TCP connections over those that say they are ready, one after the other. It asks them ten
 * times a second, so it may send somebody to a pod that has just begun to end. Two virtual threads a connection.
 */
final class Balancer implements AutoCloseable {

    private static final int BACKLOG = 1024;
    private static final int READY = 200;
    private static final long ASK_EVERY_MILLIS = 100;

    private final List<LoneRelay> pods;
    private final Set<LoneRelay> ready = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turn = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService asking =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    private final ServerSocket door;

    private Balancer(List<LoneRelay> pods) throws IOException {
        this.pods = pods;
        this.door = new ServerSocket(FreePort.next(), BACKLOG, InetAddress.getLoopbackAddress());
    }

    static Balancer start(List<LoneRelay> pods) throws IOException {
        var balancer = new Balancer(pods);
        balancer.askWhoIsReady();
        var _ = balancer.asking.scheduleWithFixedDelay(
                balancer::askWhoIsReady, ASK_EVERY_MILLIS, ASK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        Thread.ofVirtual().start(balancer::accept);
        return balancer;
    }

    /** Of one of the pods, which one is up to us. */
    URI uri(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + door.getLocalPort() + path);
    }

    private void askWhoIsReady() {
        for (LoneRelay pod : pods) {
            if (pod.readiness() == READY) {
                ready.add(pod);
            } else {
                ready.remove(pod);
            }
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException closed) {
            // The end.
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket pod = connect()) {
            open.add(pod);
            Thread up = Thread.ofVirtual().start(() -> pump(client, pod));
            pump(pod, client);
            up.join();
            open.remove(pod);
        } catch (IOException refused) {
            // The client sees a closed socket.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private Socket connect() throws IOException {
        List<LoneRelay> candidates = pods.stream().filter(ready::contains).toList();
        if (candidates.isEmpty()) {
            throw new IOException("No pod is ready");
        }
        URI pod = candidates
                .get(Math.floorMod(turn.getAndIncrement(), candidates.size()))
                .webSocketUri();
        var socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(pod.getHost(), pod.getPort()));
        return socket;
    }

    /** One direction, until its end, which is passed on; a broken socket breaks both. */
    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException broken) {
            close(from);
            close(to);
        }
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
        asking.shutdownNow();
        door.close();
        open.forEach(Balancer::close);
    }
}
