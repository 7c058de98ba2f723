package io.lightline.simulator;

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

    Simulator(ValueRegistry servers) {
        this.servers = servers;
    }

    /** Blocks its thread; both servers listen before it is called. */
    @Override
    public int run(String... args) {
        LOG.infof(
                "Simulator ready http=%d grpc=%d",
                servers.get(HttpServer.HTTP_SERVER).getPort(),
                servers.get(GrpcServer.GRPC_SERVER).getPort());
        Quarkus.waitForExit();
        return 0;
    }
}
