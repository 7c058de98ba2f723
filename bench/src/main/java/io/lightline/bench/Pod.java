package io.lightline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * A relay on this machine.
 *
 * @param address where clients come in
 * @param management where health and metrics are
 */
record Pod(URI address, URI management) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LIMIT = Duration.ofSeconds(30);

    URI webSocket() {
        return URI.create("ws://" + address.getAuthority() + "/connection/websocket");
    }

    /** The HTTP status of its readiness; 0 when it does not answer within half a minute. Blocks. */
    int readiness() {
        try {
            return HTTP.send(request("/q/health/ready"), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException nobody) {
            return 0;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** All of its metrics. Blocks. */
    Metrics metrics() {
        try {
            return new Metrics(
                    HTTP.send(request("/q/metrics"), BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException("No metrics at " + management, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(management.resolve(path)).timeout(LIMIT).build();
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Interrupted", e);
    }
}
