package io.lightline.relay.ops;

import io.lightline.relay.admission.Admission;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready any more once the pod is about to end. */
@Readiness
@Singleton
final class DrainReadiness implements HealthCheck {

    private final Admission admission;

    DrainReadiness(Admission admission) {
        this.admission = admission;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("drain")
                .status(!admission.draining())
                .withData("connections", admission.sockets())
                .build();
    }
}
