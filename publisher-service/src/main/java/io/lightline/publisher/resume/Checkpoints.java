package io.lightline.publisher.resume;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.Checkpoint;
import io.lightline.backplane.CheckpointConflictException;
import io.lightline.backplane.FencedException;
import io.lightline.backplane.Retention;
import io.lightline.publisher.route.Reading;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.pubsub.ReplayStore;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/**
 * The checkpoint of one topic, beside its publications, for one reading under one lease. An event moves it in the same step in
 * which it is published, so a crash neither loses nor repeats one; here it is only read, which locks older readers out, and moved
 * on while a topic is quiet.
 */
public final class Checkpoints implements ReplayStore {

    private static final String BEGUN = "begun";

    private final Backplane backplane;
    private final Reading reading;
    private final Retention retention;
    private final boolean storeHasForgotten;

    /** @param storeHasForgotten whether the store may have known of a begin that it does not know of */
    public Checkpoints(Backplane backplane, Reading reading, Retention retention, boolean storeHasForgotten) {
        this.backplane = backplane;
        this.reading = reading;
        this.retention = retention;
        this.storeHasForgotten = storeHasForgotten;
    }

    @Override
    public Uni<Optional<ReplayId>> load(String topic) {
        return watched(backplane.checkpoint(reading.route().channel(), reading.fence()))
                .map(stored -> stored.map(ReplayId::ofBase64));
    }

    @Override
    public Uni<Void> idle(String topic, Optional<ReplayId> previous, ReplayId latest) {
        var checkpoint = Checkpoint.move(previous.map(ReplayId::base64), latest.base64(), reading.fence());
        return watched(backplane.publishFrom(reading.route().channel(), List.of(), retention, checkpoint))
                .replaceWithVoid();
    }

    @Override
    public Uni<Boolean> begin(String topic) {
        var mark = Checkpoint.move(Optional.empty(), BEGUN, 0);
        return backplane
                .publishFrom(reading.route().begun(), List.of(), retention, mark)
                .replaceWith(storeHasForgotten)
                .onFailure(CheckpointConflictException.class)
                .recoverWithItem(true);
    }

    private <T> Uni<T> watched(Uni<T> answer) {
        return answer.onFailure(FencedException.class).invoke(reading.onFenced());
    }
}
