package io.lightline.e2e;

import io.lightline.localstack.FolderLog;
import io.lightline.localstack.FreePort;
import io.lightline.localstack.RedisProcess;
import io.lightline.localstack.ServiceProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Two relays of several tenants and a Redis of their own; what they know is in {@code sdk/relays.yaml}, their keys are new each
 * time. Their output is in {@code target/tenants}.
 */
final class TenantPods implements AutoCloseable {

    private static final Path JAR = Path.of("..", "relay-service", "target", "quarkus-app", "quarkus-run.jar");
    private static final Path CONFIG = Path.of("sdk", "relays.yaml").toAbsolutePath();

    private final RedisProcess redis = RedisProcess.start();
    private final String acmeSecret = UUID.randomUUID().toString();
    private final OrgCertificate globex = OrgCertificate.of("globex");
    private final OrgCertificate initech = OrgCertificate.of("initech");
    private final List<Pod> pods = List.of(new Pod("tenants-1"), new Pod("tenants-2"));

    private TenantPods() {}

    /** Starts everything and waits until it is ready. */
    static TenantPods start() {
        var started = new TenantPods();
        try {
            started.pods.forEach(pod -> pod.process.start());
            started.pods.forEach(pod -> pod.process.awaitReady());
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    /** What the tests of {@code sdk} read: addresses, and keys to sign with. */
    Map<String, String> environment() {
        return Map.of(
                "POD_1", pods.getFirst().webSocketUri(),
                "POD_2", pods.getLast().webSocketUri(),
                "API", pods.getLast().apiUri(),
                "ACME_SECRET", acmeSecret,
                "GLOBEX_CERTIFICATE", globex.certificate(),
                "GLOBEX_PRIVATE_KEY", globex.privateKey(),
                "INITECH_PRIVATE_KEY", initech.privateKey());
    }

    URI webSocketUri(int pod) {
        return URI.create(pods.get(pod).webSocketUri());
    }

    /** With which acme's back end signs tokens. */
    String acmeSecret() {
        return acmeSecret;
    }

    @Override
    public void close() {
        pods.forEach(pod -> pod.process.close());
        redis.close();
    }

    private final class Pod {

        private final int http = FreePort.next();
        private final int management = FreePort.next();
        private final ServiceProcess process;

        Pod(String name) {
            var readiness = URI.create("http://127.0.0.1:" + management + "/q/health/ready");
            process = new ServiceProcess(
                    new ServiceProcess.Settings(name, JAR, properties(name), readiness),
                    new FolderLog(Path.of("target", "tenants")));
        }

        private Map<String, String> properties(String name) {
            var properties = new HashMap<String, String>();
            properties.put("quarkus.config.locations", CONFIG.toString());
            properties.put("quarkus.http.host", "127.0.0.1");
            properties.put("quarkus.http.port", "" + http);
            properties.put("quarkus.management.host", "127.0.0.1");
            properties.put("quarkus.management.port", "" + management);
            properties.put("quarkus.redis.hosts", redis.uri().toString());
            properties.put("lightline.node-name", name);
            properties.put("lightline.drain.window", "1s");
            properties.put("acme.secret", acmeSecret);
            properties.put("globex.certificate", globex.certificate());
            properties.put("initech.certificate", initech.certificate());
            return properties;
        }

        String webSocketUri() {
            return "ws://127.0.0.1:" + http + "/connection/websocket";
        }

        String apiUri() {
            return "http://127.0.0.1:" + http + "/api/";
        }
    }
}
