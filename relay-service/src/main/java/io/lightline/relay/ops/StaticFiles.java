package io.lightline.relay.ops;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Serves the demo page, when there is one. */
@Singleton
final class StaticFiles {

    /** Every path but those of the server API, of Quarkus and of the WebSocket. */
    private static final String NOT_OURS = "/(?!api/|q/|connection/).*";

    /** Later the server API has said already that there is no such method. */
    private static final int BEFORE_REST = 1;

    void register(@Observes Router router, RelayConfig config) {
        config.staticFiles()
                .ifPresent(folder -> router.routeWithRegex(NOT_OURS)
                        .method(HttpMethod.GET)
                        .order(BEFORE_REST)
                        .handler(StaticHandler.create(
                                        FileSystemAccess.ROOT,
                                        folder.toAbsolutePath().toString())
                                .setCachingEnabled(false)));
    }
}
