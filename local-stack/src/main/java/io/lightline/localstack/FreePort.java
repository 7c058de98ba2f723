package io.lightline.localstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ports of 127.0.0.1 that nobody listens on, and that no other process of ours is about to listen on: each process takes
 * them from a block of its own, and says so by listening on the block's first port for as long as it lives.
 */
public final class FreePort {

    /**
     * Below the range from which systems take the ports of outgoing connections (Linux: 32768 and up). A port that the system
     * itself hands out may be the source of somebody's connection by the time that a slow process wants to listen on it.
     */
    private static final int FIRST = 10_000;

    private static final int BLOCK = 50;
    private static final int BLOCKS = 440;
    private static final int TRIES = 1_000;

    private static final List<ServerSocket> CLAIMS = new ArrayList<>();
    private static int next;
    private static int end;

    private FreePort() {}

    /** A port that is free now, and that neither this process nor another one has given to anybody. */
    public static synchronized int next() {
        for (int i = 0; i < TRIES; i++) {
            if (next == end) {
                claimBlock();
            }
            int port = next++;
            if (isFree(port)) {
                return port;
            }
        }
        throw noneFree();
    }

    /** Whether a server could listen on the port now. */
    public static boolean isFree(int port) {
        ServerSocket socket = listen(port);
        if (socket == null) {
            return false;
        }
        close(socket);
        return true;
    }

    private static void claimBlock() {
        for (int i = 0; i < TRIES; i++) {
            int first = FIRST + BLOCK * ThreadLocalRandom.current().nextInt(BLOCKS);
            ServerSocket claim = listen(first);
            if (claim != null) {
                CLAIMS.add(claim);
                next = first + 1;
                end = first + BLOCK;
                return;
            }
        }
        throw noneFree();
    }

    private static @Nullable ServerSocket listen(int port) {
        try {
            return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        } catch (IOException taken) {
            return null;
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("Port " + socket.getLocalPort() + " cannot be closed", e);
        }
    }

    private static IllegalStateException noneFree() {
        return new IllegalStateException(
                "No free port on 127.0.0.1 between " + FIRST + " and " + (FIRST + BLOCK * BLOCKS));
    }
}
