package io.lightline.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * The only cluster that Helm finds in these tests: an API server that knows Secrets, for the templates' {@code lookup}. Maven sets
 * {@code KUBECONFIG} for the tests, as helm-java would ask the developer's own cluster otherwise.
 */
final class Cluster {

    /** No Secrets. */
    static final Map<String, Map<String, String>> EMPTY = Map.of();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Cluster SHARED = new Cluster();
    private static final String SECRETS = "/api/v1/namespaces/" + Chart.RELEASE + "/secrets/";

    private volatile Map<String, Map<String, String>> secrets = EMPTY;

    private Cluster() {
        String kubeconfig = System.getenv("KUBECONFIG");
        if (kubeconfig == null || !kubeconfig.contains("target")) {
            throw new IllegalStateException("Run with KUBECONFIG=target/kubeconfig, as Maven does");
        }
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::answer);
            server.start();
            Files.writeString(
                    Path.of(kubeconfig), """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}]
                    contexts: [{name: test, context: {cluster: test, user: test}}]
                    users: [{name: test, user: {}}]
                    current-context: test
                    """.formatted(server.getAddress().getPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Cluster shared() {
        return SHARED;
    }

    /** Secrets by name, their data as plain text. */
    void holds(Map<String, Map<String, String>> present) {
        secrets = present;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/version")) {
            reply(exchange, 200, JSON.readTree("{\"major\":\"1\",\"minor\":\"35\",\"gitVersion\":\"v1.35.0\"}"));
        } else if (path.equals("/api/v1")) {
            reply(exchange, 200, JSON.readTree("""
                    {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"v1","resources":
                     [{"name":"secrets","singularName":"secret","namespaced":true,"kind":"Secret","verbs":["get","list"]}]}"""));
        } else if (path.startsWith(SECRETS) && secrets.containsKey(path.substring(SECRETS.length()))) {
            String name = path.substring(SECRETS.length());
            var data = new TreeMap<String, String>();
            secrets.get(name)
                    .forEach((key, value) ->
                            data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
            reply(
                    exchange,
                    200,
                    JSON.valueToTree(Map.of(
                            "kind", "Secret", "apiVersion", "v1", "metadata", Map.of("name", name), "data", data)));
        } else {
            reply(
                    exchange,
                    404,
                    JSON.valueToTree(Map.of(
                            "kind",
                            "Status",
                            "apiVersion",
                            "v1",
                            "status",
                            "Failure",
                            "reason",
                            "NotFound",
                            "code",
                            404)));
        }
    }

    private static void reply(HttpExchange exchange, int status, JsonNode answer) throws IOException {
        byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
