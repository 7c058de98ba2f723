package io.lightline.publisher.ops;

import io.lightline.publisher.source.Readers;
import io.lightline.publisher.source.Topic;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when the replicas hear of each other, and each topic that is read here has begun, or is known to be in trouble: an org that
 * is down is no reason to end a roll-out. Says of each topic what it is doing.
 */
@Readiness
@ApplicationScoped
class TopicsReadiness implements HealthCheck {

    private final Readers readers;

    TopicsReadiness(Readers readers) {
        this.readers = readers;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("topics")
                .status(readers.answered() && readers.topics().stream().allMatch(Topic::settled));
        readers.topics().stream()
                .sorted(Comparator.comparing(topic -> topic.name().toString()))
                .forEach(topic -> response.withData(topic.name().toString(), topic.state()));
        return response.build();
    }
}
