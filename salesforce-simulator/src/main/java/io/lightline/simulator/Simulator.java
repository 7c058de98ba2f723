package io.lightline.simulator;

import io.lightline.simulator.streaming.StreamingApi;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.value.registry.ValueRegistry;
import io.quarkus.vertx.http.HttpServer;
import org.jboss.logging.Logger;

/** The program: says in one line where it listens, by the ports that it really got, and runs until it is stopped. */
@QuarkusMain
public class Simulator implements QuarkusApplication {

    private static final Logger LOG = Logger.getLogger(Simulator.class);

    private final ValueRegistry servers;
    private final StreamingApi streaming;

    Simulator(ValueRegistry servers, StreamingApi streaming) {
        this.servers = servers;
        this.streaming = streaming;
    }

    /** Blocks its thread; all servers listen before it is called. */
    @Override
    public int run(String... args) {
        LOG.infof(
                "Simulator ready http=%d grpc=%d streaming=%d",
                servers.get(HttpServer.HTTP_SERVER).getPort(),
                servers.get(GrpcServer.GRPC_SERVER).getPort(),
                streaming.port());
        Quarkus.waitForExit();
        return 0;
    }
}
