package io.lightline.localstack;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** The simulated Salesforce org of the stack: its addresses and its process. */
public final class Simulator {

    /** A bearer token that its REST API always accepts. */
    public static final String TOKEN = "demo";

    private static final String API_VERSION = "v66.0";

    private final int httpPort;
    private final int grpcPort;
    private final ServiceProcess process;

    Simulator(int httpPort, int grpcPort, Path jar, StackLog log) {
        this.httpPort = httpPort;
        this.grpcPort = grpcPort;
        var properties = Map.of(
                "quarkus.http.host",
                "127.0.0.1",
                "quarkus.http.port",
                "" + httpPort,
                "quarkus.grpc.server.host",
                "127.0.0.1",
                "quarkus.grpc.server.port",
                "" + grpcPort);
        this.process = new ServiceProcess(
                new ServiceProcess.Settings("simulator", jar, properties, httpUri("/services/data")), log);
    }

    public ServiceProcess process() {
        return process;
    }

    /** Where one logs in, publishes, and where the simulator's own control API is. */
    public URI httpUri(String path) {
        return URI.create("http://127.0.0.1:" + httpPort + path);
    }

    /** The REST resource of a kind of record, for example {@code Order__e} or {@code Account}. */
    public URI objectsUri(String type) {
        return httpUri("/services/data/" + API_VERSION + "/sobjects/" + type);
    }

    /** Of the Pub/Sub API, in plaintext. */
    public int grpcPort() {
        return grpcPort;
    }
}
