package io.lightline.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The only cluster that Helm finds in these tests: an API server that keeps objects, checks them as {@link Strict} does, and whose Deployments are
 * ready and whose tests have succeeded as soon as they are there. Enough for helm to install, upgrade, test, roll back and uninstall; no defaults,
 * no admission, no controllers. Maven sets {@code KUBECONFIG} for the tests, as helm-java would ask the developer's own cluster otherwise.
 */
final class Cluster {

    /** No Secrets. */
    static final Map<String, Map<String, String>> EMPTY = Map.of();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PATH = Pattern.compile(
            "/(?:api|apis/(?<group>[^/]+))/(?<version>v[^/]+)(?:/namespaces/(?<namespace>[^/]+))?/(?<plural>[a-z]+)(?:/(?<name>[^/]+))?");
    private static final Pattern FIELD_NAME = Pattern.compile("metadata\\.name=([^,]+)");
    private static final List<Resource> RESOURCES = List.of(
            new Resource("v1", "configmaps", "ConfigMap"),
            new Resource("v1", "events", "Event"),
            new Resource("v1", "persistentvolumeclaims", "PersistentVolumeClaim"),
            new Resource("v1", "pods", "Pod"),
            new Resource("v1", "secrets", "Secret"),
            new Resource("v1", "serviceaccounts", "ServiceAccount"),
            new Resource("v1", "services", "Service"),
            new Resource("apps/v1", "deployments", "Deployment"),
            new Resource("apps/v1", "replicasets", "ReplicaSet"),
            new Resource("networking.k8s.io/v1", "ingresses", "Ingress"),
            new Resource("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy"),
            new Resource("policy/v1", "poddisruptionbudgets", "PodDisruptionBudget"),
            new Resource("rbac.authorization.k8s.io/v1", "roles", "Role"),
            new Resource("rbac.authorization.k8s.io/v1", "rolebindings", "RoleBinding"));

    private static final Cluster SHARED = new Cluster();

    private final Map<String, ObjectNode> objects = new TreeMap<>();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private long revision = 1;

    private record Resource(String groupVersion, String plural, String kind) {}

    private record Watch(String prefix, @Nullable String name, OutputStream to) {}

    private static final class Refusal extends RuntimeException {
        private final int status;
        private final String reason;

        Refusal(int status, String reason, String message) {
            super(message);
            this.status = status;
            this.reason = reason;
        }
    }

    private Cluster() {
        String kubeconfig = System.getenv("KUBECONFIG");
        if (kubeconfig == null || !kubeconfig.contains("target")) {
            throw new IllegalStateException("Run with KUBECONFIG=target/kubeconfig, as Maven does");
        }
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::answer);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
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

    /** Nothing but these Secrets, by name, with their data as plain text. */
    synchronized void holds(Map<String, Map<String, String>> secrets) {
        objects.clear();
        secrets.forEach((name, data) -> {
            ObjectNode secret = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
            secret.putObject("metadata").put("name", name).put("namespace", Chart.RELEASE);
            data.forEach((key, value) -> secret.withObject("data")
                    .put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
            objects.put("v1/secrets/" + Chart.RELEASE + "/" + name, secret);
        });
    }

    /** What is there of a kind, by its plural. */
    synchronized List<ObjectNode> all(String plural) {
        return objects.entrySet().stream()
                .filter(entry -> entry.getKey().contains("/" + plural + "/"))
                .map(Map.Entry::getValue)
                .toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
            if (exchange.getRequestMethod().equals("GET") && query.containsKey("watch")) {
                watch(exchange, path, query);
            } else {
                reply(exchange, 200, request(exchange, path, query, body));
            }
        } catch (Refusal refusal) {
            reply(
                    exchange,
                    refusal.status,
                    JSON.createObjectNode()
                            .put("kind", "Status")
                            .put("apiVersion", "v1")
                            .put("status", "Failure")
                            .put("reason", refusal.reason)
                            .put("message", refusal.getMessage())
                            .put("code", refusal.status));
        } catch (RuntimeException e) {
            reply(
                    exchange,
                    500,
                    JSON.createObjectNode()
                            .put("kind", "Status")
                            .put("apiVersion", "v1")
                            .put("status", "Failure")
                            .put("message", e.toString())
                            .put("code", 500));
        }
    }

    private JsonNode request(HttpExchange exchange, String path, Map<String, String> query, byte[] body)
            throws IOException {
        return switch (path) {
            case "/version" -> read("{'major':'1','minor':'35','gitVersion':'v1.35.0','platform':'linux/amd64'}");
            case "/api" -> read("{'kind':'APIVersions','versions':['v1']}");
            case "/apis" -> groups();
            case "/openapi/v3" -> openApi();
            default -> {
                if (path.startsWith("/openapi/v3/")) {
                    yield openApi(path.substring("/openapi/v3/".length()));
                }
                Matcher matcher = PATH.matcher(path);
                if (!matcher.matches()) {
                    yield resources(path);
                }
                yield object(exchange.getRequestMethod(), matcher, query, body);
            }
        };
    }

    private synchronized JsonNode object(String method, Matcher path, Map<String, String> query, byte[] body)
            throws IOException {
        Resource resource = resource(path);
        String prefix = prefix(path);
        String name = path.group("name");
        return switch (method) {
            case "GET" ->
                name == null
                        ? list(resource, prefix, query)
                        : present(prefix, name).deepCopy();
            case "POST" -> {
                ObjectNode created = parse(body);
                check(created);
                String key = prefix + created.at("/metadata/name").asText();
                if (objects.containsKey(key)) {
                    throw new Refusal(409, "AlreadyExists", key + " already exists");
                }
                yield put(key, created, path, query, "ADDED");
            }
            case "PUT", "PATCH" -> {
                ObjectNode sent = parse(body);
                ObjectNode before = objects.get(prefix + name);
                ObjectNode after = before == null || method.equals("PUT") ? sent : merged(before, sent);
                check(after);
                yield put(prefix + name, after, path, query, before == null ? "ADDED" : "MODIFIED");
            }
            case "DELETE" -> {
                ObjectNode gone = present(prefix, name);
                objects.remove(prefix + name);
                tell("DELETED", prefix + name, gone);
                yield gone;
            }
            default -> throw new Refusal(405, "MethodNotAllowed", method);
        };
    }

    private JsonNode list(Resource resource, String prefix, Map<String, String> query) {
        ObjectNode list = JSON.createObjectNode()
                .put("kind", resource.kind() + "List")
                .put("apiVersion", resource.groupVersion());
        list.putObject("metadata").put("resourceVersion", "" + revision);
        var items = list.putArray("items");
        Matcher name = FIELD_NAME.matcher(query.getOrDefault("fieldSelector", ""));
        String wanted = name.find() ? name.group(1) : null;
        objects.forEach((key, object) -> {
            boolean labelled = Arrays.stream(
                            query.getOrDefault("labelSelector", "").split(",", -1))
                    .filter(part -> !part.isEmpty())
                    .allMatch(part -> object.at("/metadata/labels")
                            .path(part.replaceFirst("=.*", ""))
                            .asText()
                            .equals(part.replaceFirst("[^=]*=", "")));
            if (key.startsWith(prefix)
                    && labelled
                    && (wanted == null
                            || wanted.equals(object.at("/metadata/name").asText()))) {
                items.add(object);
            }
        });
        return list;
    }

    private void watch(HttpExchange exchange, String path, Map<String, String> query) throws IOException {
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            throw new Refusal(404, "NotFound", path);
        }
        Resource resource = resource(matcher);
        Matcher name = FIELD_NAME.matcher(query.getOrDefault("fieldSelector", ""));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        synchronized (this) {
            var watch = new Watch(prefix(matcher), name.find() ? name.group(1) : null, exchange.getResponseBody());
            if (query.containsKey("sendInitialEvents")) {
                objects.forEach((key, object) -> tell(watch, "ADDED", key, object));
                ObjectNode bookmark =
                        JSON.createObjectNode().put("kind", resource.kind()).put("apiVersion", resource.groupVersion());
                bookmark.putObject("metadata")
                        .put("resourceVersion", "" + revision)
                        .putObject("annotations")
                        .put("k8s.io/initial-events-end", "true");
                send(watch, "BOOKMARK", bookmark);
            }
            watch.to().flush();
            watches.add(watch);
        }
    }

    private ObjectNode put(String key, ObjectNode object, Matcher path, Map<String, String> query, String event) {
        ObjectNode metadata = object.withObject("metadata");
        if (path.group("namespace") != null) {
            metadata.put("namespace", path.group("namespace"));
        }
        metadata.put("resourceVersion", "" + ++revision);
        metadata.put("generation", metadata.path("generation").asInt() + 1);
        if (!metadata.has("uid")) {
            metadata.put("uid", "00000000-0000-0000-0000-%012d".formatted(revision));
            metadata.put("creationTimestamp", "2026-01-01T00:00:00Z");
        }
        live(object);
        if (!query.containsKey("dryRun")) {
            objects.put(key, object);
            tell(event, key, object);
        }
        return object;
    }

    /** What controllers and kubelets would do. */
    private static void live(ObjectNode object) {
        int generation = object.at("/metadata/generation").asInt();
        switch (object.path("kind").asText()) {
            case "Deployment" -> {
                int replicas = object.at("/spec/replicas").asInt(1);
                ObjectNode status = object.putObject("status")
                        .put("observedGeneration", generation)
                        .put("replicas", replicas)
                        .put("updatedReplicas", replicas)
                        .put("readyReplicas", replicas)
                        .put("availableReplicas", replicas);
                status.set(
                        "conditions",
                        read(
                                "[{'type':'Available','status':'True'},{'type':'Progressing','status':'True','reason':'NewReplicaSetAvailable'}]"));
            }
            case "Pod" -> {
                ObjectNode status = object.putObject("status").put("phase", "Succeeded");
                status.set("conditions", read("[{'type':'Ready','status':'True'}]"));
            }
            case "PodDisruptionBudget" ->
                object.putObject("status")
                        .put("observedGeneration", generation)
                        .put("currentHealthy", 2)
                        .put("desiredHealthy", 1)
                        .put("disruptionsAllowed", 1)
                        .put("expectedPods", 2);
            case "Secret" -> {
                object.path("stringData")
                        .properties()
                        .forEach(entry -> object.withObject("data")
                                .put(
                                        entry.getKey(),
                                        Base64.getEncoder()
                                                .encodeToString(entry.getValue()
                                                        .asText()
                                                        .getBytes(StandardCharsets.UTF_8))));
                object.remove("stringData");
            }
            case "Service" -> {
                if (!object.path("spec").has("clusterIP")) {
                    object.withObject("spec").put("clusterIP", "10.0.0.1");
                }
            }
            default -> {
                // Is what it is.
            }
        }
    }

    private static void check(ObjectNode object) {
        ObjectNode own = object.deepCopy();
        own.remove("status");
        own.withObject("metadata").remove("managedFields");
        try {
            Strict.check(own);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "BadRequest", "strict decoding error: " + e.getMessage());
        }
    }

    private ObjectNode present(String prefix, String name) {
        ObjectNode object = objects.get(prefix + name);
        if (object == null) {
            throw new Refusal(404, "NotFound", prefix + name + " not found");
        }
        return object;
    }

    /** A merge patch; what helm sends as another kind of patch means the same for our objects. */
    private static ObjectNode merged(ObjectNode before, ObjectNode patch) {
        ObjectNode result = before.deepCopy();
        patch.properties().forEach(entry -> {
            JsonNode present = result.get(entry.getKey());
            if (entry.getValue().isNull()) {
                result.remove(entry.getKey());
            } else if (present instanceof ObjectNode inner && entry.getValue() instanceof ObjectNode change) {
                result.set(entry.getKey(), merged(inner, change));
            } else {
                result.set(entry.getKey(), entry.getValue());
            }
        });
        return result;
    }

    private void tell(String event, String key, ObjectNode object) {
        watches.forEach(watch -> tell(watch, event, key, object));
    }

    private void tell(Watch watch, String event, String key, ObjectNode object) {
        if (key.startsWith(watch.prefix())
                && (watch.name() == null
                        || watch.name().equals(object.at("/metadata/name").asText()))) {
            send(watch, event, object);
        }
    }

    private void send(Watch watch, String event, ObjectNode object) {
        try {
            ObjectNode message = JSON.createObjectNode().put("type", event).set("object", object);
            watch.to().write((message + "\n").getBytes(StandardCharsets.UTF_8));
            watch.to().flush();
        } catch (IOException gone) {
            watches.remove(watch);
        }
    }

    private static Resource resource(Matcher path) {
        String groupVersion = groupVersion(path);
        return RESOURCES.stream()
                .filter(each -> each.groupVersion().equals(groupVersion)
                        && each.plural().equals(path.group("plural")))
                .findFirst()
                .orElseThrow(() -> new Refusal(404, "NotFound", "no " + groupVersion + " " + path.group("plural")));
    }

    private static String groupVersion(Matcher path) {
        return (path.group("group") == null ? "" : path.group("group") + "/") + path.group("version");
    }

    private static String prefix(Matcher path) {
        return groupVersion(path) + "/" + path.group("plural") + "/"
                + (path.group("namespace") == null ? "" : path.group("namespace") + "/");
    }

    private static JsonNode groups() {
        ObjectNode list = JSON.createObjectNode().put("kind", "APIGroupList").put("apiVersion", "v1");
        var groups = list.putArray("groups");
        RESOURCES.stream()
                .map(Resource::groupVersion)
                .filter(each -> each.contains("/"))
                .distinct()
                .forEach(each -> {
                    String group = each.substring(0, each.indexOf('/'));
                    ObjectNode version = JSON.createObjectNode()
                            .put("groupVersion", each)
                            .put("version", each.substring(group.length() + 1));
                    ObjectNode entry = groups.addObject().put("name", group);
                    entry.putArray("versions").add(version);
                    entry.set("preferredVersion", version);
                });
        return list;
    }

    private static JsonNode resources(String path) {
        String groupVersion = path.replaceFirst("^/apis?/", "");
        ObjectNode list = JSON.createObjectNode()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", groupVersion);
        var resources = list.putArray("resources");
        RESOURCES.stream()
                .filter(each -> each.groupVersion().equals(groupVersion))
                .forEach(each -> {
                    ObjectNode resource = resources
                            .addObject()
                            .put("name", each.plural())
                            .put("singularName", each.kind().toLowerCase(Locale.ROOT))
                            .put("namespaced", true)
                            .put("kind", each.kind());
                    resource.set("verbs", read("['create','delete','get','list','patch','update','watch']"));
                });
        if (resources.isEmpty()) {
            throw new Refusal(404, "NotFound", path);
        }
        return list;
    }

    private static JsonNode openApi() {
        ObjectNode paths = JSON.createObjectNode();
        RESOURCES.stream()
                .map(Resource::groupVersion)
                .distinct()
                .forEach(each -> paths.putObject((each.contains("/") ? "apis/" : "api/") + each)
                        .put("serverRelativeURL", "/openapi/v3/" + each));
        return JSON.createObjectNode().set("paths", paths);
    }

    /** Only that each kind can be patched, with strict validation: what helm looks for. */
    private static JsonNode openApi(String groupVersion) {
        ObjectNode document =
                (ObjectNode) read("{'openapi':'3.0.0','info':{'title':'k','version':'v'},'components':{'schemas':{}}}");
        ObjectNode paths = document.putObject("paths");
        String group = groupVersion.contains("/") ? groupVersion.substring(0, groupVersion.indexOf('/')) : "";
        RESOURCES.stream()
                .filter(each -> each.groupVersion().equals(groupVersion))
                .forEach(each -> {
                    ObjectNode patch = (ObjectNode) read("""
                    {'x-kubernetes-action':'patch','responses':{},'parameters':
                     [{'name':'dryRun','in':'query','schema':{'type':'string'}},{'name':'fieldValidation','in':'query','schema':{'type':'string'}}]}""");
                    patch.putObject("x-kubernetes-group-version-kind")
                            .put("group", group)
                            .put("version", groupVersion.replaceFirst(".*/", ""))
                            .put("kind", each.kind());
                    paths.putObject((group.isEmpty() ? "/api/" : "/apis/") + groupVersion + "/namespaces/{namespace}/"
                                    + each.plural() + "/{name}")
                            .set("patch", patch);
                });
        return document;
    }

    private static ObjectNode parse(byte[] body) throws IOException {
        return Protobuf.isSecret(body) ? Protobuf.secret(body) : (ObjectNode) Rendering.YAML.readTree(body);
    }

    private static Map<String, String> query(@Nullable String raw) {
        var query = new HashMap<String, String>();
        for (String part : raw == null ? new String[0] : raw.split("&", -1)) {
            int equals = part.indexOf('=');
            query.put(
                    equals < 0 ? part : part.substring(0, equals),
                    equals < 0 ? "" : URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    private static JsonNode read(String json) {
        return Rendering.read(json);
    }

    private static void reply(HttpExchange exchange, int status, JsonNode answer) throws IOException {
        byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
