package io.lightline.publisher.resume;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.Checkpoint;
import io.lightline.backplane.Retention;
import io.lightline.publisher.PublisherConfig;
import io.lightline.publisher.route.Routes;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.pubsub.ReplayStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Keeps each topic's checkpoint beside its publications. An event moves it in the same step in which it is published, so a
 * crash neither loses nor repeats one; here it is only read, and moved on while a topic is quiet.
 */
@ApplicationScoped
class Checkpoints implements ReplayStore {

    private final Backplane backplane;
    private final Routes routes;
    private final Retention retention;

    Checkpoints(Backplane backplane, Routes routes, PublisherConfig config) {
        this.backplane = backplane;
        this.routes = routes;
        this.retention = new Retention(config.history().size(), config.history().ttl());
    }

    @Override
    public Uni<Optional<ReplayId>> load(String topic) {
        return backplane.checkpoint(routes.channel(topic)).map(stored -> stored.map(ReplayId::ofBase64));
    }

    @Override
    public Uni<Void> idle(String topic, Optional<ReplayId> previous, ReplayId latest) {
        var checkpoint = Checkpoint.move(previous.map(ReplayId::base64), latest.base64(), 0);
        return backplane
                .publishFrom(routes.channel(topic), List.of(), retention, checkpoint)
                .replaceWithVoid();
    }
}
