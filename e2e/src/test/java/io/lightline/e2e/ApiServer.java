package io.lightline.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.Yaml;

/**
 * A Kubernetes API server with ConfigMaps and Secrets of one namespace, for one service account, which may do what its Role says and
 * nothing else. What it may not do is answered with 403 and remembered.
 */
final class ApiServer implements AutoCloseable {

    static final String NAMESPACE = "prod";
    static final String TOKEN = "token-of-the-service-account";
    /** What both the ConfigMap and the Secret have. */
    private static final String FILE = "application.yaml";

    private static final String OBJECTS = "/api/v1/namespaces/" + NAMESPACE + "/";

    private final HttpServer server;
    private final JsonNode rules;
    private final Map<String, ObjectNode> objects = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();

    private ApiServer(Path manifests, String role) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rules = rules(manifests, role);
        server.createContext("/", this::answer);
        server.start();
    }

    /**
     * Starts one that grants what a Role says.
     *
     * @param manifests as the chart renders them
     * @param role name of the Role among them
     */
    static ApiServer start(Path manifests, String role) {
        return new ApiServer(manifests, role);
    }

    private static JsonNode rules(Path manifests, String role) {
        try (Reader yaml = Files.newBufferedReader(manifests)) {
            return StreamSupport.stream(new Yaml().loadAll(yaml).spliterator(), false)
                    .map(manifest -> new ObjectMapper().<JsonNode>valueToTree(manifest))
                    .filter(manifest -> manifest.path("kind").asText().equals("Role")
                            && manifest.path("metadata").path("name").asText().equals(role))
                    .map(manifest -> manifest.path("rules"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("No Role " + role + " in " + manifests));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    void configMap(String name, String yaml) {
        objects.put("configmaps/" + name, object("ConfigMap", name, yaml));
    }

    void secret(String name, String yaml) {
        String base64 = Base64.getEncoder().encodeToString(yaml.getBytes(StandardCharsets.UTF_8));
        objects.put("secrets/" + name, object("Secret", name, base64));
    }

    private static ObjectNode object(String kind, String name, String file) {
        ObjectNode object = Json.object().put("apiVersion", "v1").put("kind", kind);
        object.putObject("metadata")
                .put("name", name)
                .put("namespace", NAMESPACE)
                .put("uid", "1")
                .put("resourceVersion", "1");
        object.putObject("data").put(FILE, file);
        return object;
    }

    /** Method and path of each, in order. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** Of these, those that the Role does not allow, or that came without the token. */
    List<String> refused() {
        return List.copyOf(refused);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            requests.add(request);
            String object = exchange.getRequestURI().getPath().replaceFirst("^" + OBJECTS, "");
            if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                refused.add(request);
                send(exchange, 401, status(401, "Unauthorized"));
            } else if (!allowed(exchange.getRequestMethod(), object)) {
                refused.add(request);
                send(exchange, 403, status(403, forbidden(object)));
            } else {
                ObjectNode found = objects.get(object);
                send(exchange, found == null ? 404 : 200, found == null ? status(404, object + " not found") : found);
            }
        }
    }

    private boolean allowed(String method, String object) {
        String[] parts = object.split("/", -1);
        return method.equals("GET")
                && parts.length == 2
                && rules.valueStream()
                        .anyMatch(rule -> names(rule, "verbs", "get")
                                && names(rule, "apiGroups", "")
                                && names(rule, "resources", parts[0])
                                && names(rule, "resourceNames", parts[1]));
    }

    private static boolean names(JsonNode rule, String what, String name) {
        return rule.path(what).valueStream().anyMatch(named -> named.asText().equals(name));
    }

    private static String forbidden(String object) {
        String[] parts = object.split("/", -1);
        return parts[0] + " \"" + parts[parts.length - 1] + "\" is forbidden: User \"system:serviceaccount:" + NAMESPACE
                + ":lightline\" cannot get resource \"" + parts[0] + "\" in API group \"\" in the namespace \""
                + NAMESPACE
                + "\"";
    }

    private static ObjectNode status(int code, String message) {
        return Json.object()
                .put("apiVersion", "v1")
                .put("kind", "Status")
                .put("status", "Failure")
                .put("message", message)
                .put("code", code);
    }

    private static void send(HttpExchange exchange, int code, ObjectNode body) throws IOException {
        byte[] json = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, json.length);
        exchange.getResponseBody().write(json);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
