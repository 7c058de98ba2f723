package io.lightline.localstack;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A simulated Salesforce org on this machine: its addresses and its process. */
public final class Simulator {

    /** A bearer token that its REST API always accepts. */
    public static final String TOKEN = "demo";

    private static final String API_VERSION = "v66.0";

    private static final String PAGES_OF_THIS_MACHINE = "http://(127[.]0[.]0[.]1|localhost):[0-9]+";

    private static final Map<String, String> OPEN_TO_PAGES = Map.of(
            "quarkus.http.cors.enabled",
            "true",
            "quarkus.http.cors.origins",
            "/" + PAGES_OF_THIS_MACHINE + "/",
            "lightline.simulator.streaming.allowed-origins",
            PAGES_OF_THIS_MACHINE);

    private final int httpPort;
    private final int grpcPort;
    private final int streamingPort;
    private final ServiceProcess process;

    /** The one of a stack, which answers pages of this machine. */
    static Simulator of(Ports ports, Path jar, StackLog log) {
        return new Simulator(
                ports.simulatorHttp(), ports.simulatorGrpc(), ports.simulatorStreaming(), jar, OPEN_TO_PAGES, log);
    }

    private Simulator(
            int httpPort, int grpcPort, int streamingPort, Path jar, Map<String, String> settings, StackLog log) {
        this.httpPort = httpPort;
        this.grpcPort = grpcPort;
        this.streamingPort = streamingPort;
        var properties = new HashMap<>(settings);
        properties.put("quarkus.http.host", "127.0.0.1");
        properties.put("quarkus.http.port", "" + httpPort);
        properties.put("quarkus.grpc.server.host", "127.0.0.1");
        properties.put("quarkus.grpc.server.port", "" + grpcPort);
        properties.put("lightline.simulator.streaming.port", "" + streamingPort);
        this.process = new ServiceProcess(
                new ServiceProcess.Settings("simulator", jar, properties, httpUri("/services/data")), log);
    }

    /** One of a test's own, on free ports; nothing runs before its {@link #process} is started. */
    public static Simulator prepare(Map<String, String> settings, StackLog log) {
        return new Simulator(
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                Program.SIMULATOR.jar(Program.project()),
                settings,
                log);
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

    /** Of the Streaming API: where CometD clients connect. */
    public URI streamingUri() {
        return URI.create("http://127.0.0.1:" + streamingPort + "/cometd/" + API_VERSION.substring(1));
    }
}
