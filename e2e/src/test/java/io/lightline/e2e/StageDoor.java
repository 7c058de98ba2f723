package io.lightline.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lightline.localstack.LocalStack;
import io.lightline.localstack.ServiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Where a test in another language gives orders about a stack: {@code POST /kill/2} ends the second relay by {@code kill -9},
 * {@code /start/2} starts it again and waits until it is ready. Answers when it is done, with 500 and why when it failed.
 */
final class StageDoor implements AutoCloseable {

    private final LocalStack stack;
    private final HttpServer server;

    private StageDoor(LocalStack stack, HttpServer server) {
        this.stack = stack;
        this.server = server;
    }

    static StageDoor of(LocalStack stack) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var door = new StageDoor(stack, server);
        server.createContext("/", door::take);
        server.start();
        return door;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange order) throws IOException {
        try (order) {
            answer(order, problem(order.getRequestURI().getPath()));
        }
    }

    /** What went wrong, or nothing. */
    private String problem(String path) {
        try {
            String[] words = path.split("/", 3);
            obey(words[1], stack.relay(Integer.parseInt(words[2]) - 1).process());
            return "";
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    private static void obey(String what, ServiceProcess relay) {
        switch (what) {
            case "kill" -> relay.kill();
            case "start" -> {
                relay.start();
                relay.awaitReady();
            }
            default -> throw new IllegalArgumentException("Understood are kill and start, not " + what);
        }
    }

    private static void answer(HttpExchange order, String problem) throws IOException {
        byte[] body = problem.getBytes(StandardCharsets.UTF_8);
        order.sendResponseHeaders(problem.isEmpty() ? 204 : 500, problem.isEmpty() ? -1 : body.length);
        if (!problem.isEmpty()) {
            order.getResponseBody().write(body);
        }
    }
}
