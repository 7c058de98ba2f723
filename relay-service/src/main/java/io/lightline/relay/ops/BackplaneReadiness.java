package io.lightline.relay.ops;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.BackplaneState;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready only while publications go out to the other pods and come back. */
@Readiness
@Singleton
final class BackplaneReadiness implements HealthCheck {

    private final Backplane backplane;

    BackplaneReadiness(Backplane backplane) {
        this.backplane = backplane;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("backplane");
        return switch (backplane.state()) {
            case BackplaneState.Ready _ -> response.up().build();
            case BackplaneState.Unavailable(var reason) ->
                response.down().withData("reason", reason).build();
        };
    }
}
