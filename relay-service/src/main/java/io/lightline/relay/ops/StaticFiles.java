package io.lightline.relay.ops;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Serves the demo page, when there is one. */
@Singleton
final class StaticFiles {

    void register(@Observes Router router, RelayConfig config) {
        config.staticFiles()
                .ifPresent(folder -> router.route()
                        .order(Integer.MAX_VALUE)
                        .handler(StaticHandler.create(
                                        FileSystemAccess.ROOT,
                                        folder.toAbsolutePath().toString())
                                .setCachingEnabled(false)));
    }
}
