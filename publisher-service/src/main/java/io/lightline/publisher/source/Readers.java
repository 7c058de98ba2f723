package io.lightline.publisher.source;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.DeliveryThread;
import io.lightline.backplane.LeaseAnswer;
import io.lightline.backplane.Retention;
import io.lightline.publisher.PublisherConfig;
import io.lightline.publisher.Streams;
import io.lightline.publisher.plan.OrgPlan;
import io.lightline.publisher.plan.Plans;
import io.lightline.publisher.plan.TopicPlan;
import io.lightline.publisher.resume.Checkpoints;
import io.lightline.publisher.resume.LeaseBook;
import io.lightline.publisher.route.Reading;
import io.lightline.publisher.route.TopicName;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.pubsub.SalesforceStream;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads the topics that this replica has a lease for, all into one stream.
 *
 * <pre>
 *   plan ──┐                        ┌─ begin: a stream of the topic's org joins the {@link Intake}
 *          ├─► {@link #settle()} ──┤
 *   leases ┘                        └─ end: the stream stops; when all that was under way is answered, its lease can go
 * </pre>
 *
 * <p>Every {@code lease.interval} one claim for all topics tells the others that this replica lives, and what it has. A lease that
 * is lost or not renewed in time ends its reader at once. One that is surplus ends it as well, and is given up as soon as nothing
 * of it is under way, so that the next reader begins where this one ends. At the end of the process all leases go that way.
 *
 * <p><b>Thread.</b> All state belongs to the backplane's delivery thread; nothing blocks but the end of the process, for
 * {@code STOP_LIMIT} at most.
 */
@Singleton
public class Readers {

    private static final Logger LOG = Logger.getLogger(Readers.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final Duration REOPENING = Duration.ofSeconds(10);

    private final Backplane backplane;
    private final DeliveryThread thread;
    private final Plans plans;
    private final TopicWatcher watcher;
    private final Duration interval;
    private final Retention retention;
    private final LeaseBook leases;
    private final EveryRecord everyRecord;
    private final Intake intake = new Intake();
    private final OpenOrgs orgs;
    private final Map<TopicName, Topic> topics = new ConcurrentHashMap<>();
    private final Map<TopicName, Reader> readers = new HashMap<>();
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

    private Map<TopicName, TopicPlan> wanted = Map.of();
    private boolean claiming;
    private boolean claimSoon;
    private boolean closing;
    private volatile boolean answered;
    private DeliveryThread.@Nullable Timer nextClaim;
    private DeliveryThread.@Nullable Timer expiry;

    Readers(Backplane backplane, Plans plans, TopicWatcher watcher, OrgWatcher orgWatcher, PublisherConfig config) {
        this.backplane = backplane;
        this.thread = backplane.deliveryThread();
        this.plans = plans;
        this.watcher = watcher;
        this.orgs = new OpenOrgs(orgWatcher);
        this.interval = config.lease().interval();
        this.retention = new Retention(config.history().size(), config.history().ttl());
        this.leases = new LeaseBook(config.lease(), backplane.podId(), System::nanoTime);
        this.everyRecord = new EveryRecord(backplane);
    }

    /** What all topics bring; each message carries its {@link Reading}. */
    @Outgoing(Streams.SALESFORCE)
    public Multi<Message<TopicItem>> items() {
        return intake.merged();
    }

    /** Each topic that is configured, whoever reads it. May be called from any thread. */
    public Collection<Topic> topics() {
        return List.copyOf(topics.values());
    }

    /** Whether the last claim was answered, and not too long ago. May be called from any thread. */
    public boolean answered() {
        return answered;
    }

    void start(@Observes StartupEvent start) {
        plans.follow(orgPlans -> thread.execute(() -> plan(orgPlans)));
    }

    /** Before the pipeline ends, which has to bring what is under way home. */
    void stop(@Observes @Priority(1) ShutdownEvent shutdown) {
        thread.execute(this::close);
        ended.completeOnTimeout(null, STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    @PreDestroy
    void closeOrgs() {
        thread.execute(() -> orgs.keep(Set.of()));
    }

    private void plan(List<OrgPlan> orgPlans) {
        var next = new HashMap<TopicName, TopicPlan>();
        orgPlans.forEach(
                org -> org.topics().forEach(topic -> next.put(topic.route().topic(), topic)));
        wanted = Map.copyOf(next);
        wanted.keySet().forEach(this::remember);
        forgetUnplanned();
        claimSoon = true;
        settle();
    }

    private void remember(TopicName name) {
        if (!topics.containsKey(name)) {
            var topic = new Topic(name);
            topics.put(name, topic);
            watcher.added(topic);
        }
    }

    private void forgetUnplanned() {
        topics.values().stream()
                .filter(topic -> !wanted.containsKey(topic.name()) && !readers.containsKey(topic.name()))
                .toList()
                .forEach(topic -> {
                    topics.remove(topic.name());
                    watcher.removed(topic);
                });
        var configured = new HashSet<OpenOrgs.Key>();
        wanted.values().forEach(plan -> configured.add(org(plan)));
        readers.values().forEach(reader -> configured.add(org(reader.plan)));
        orgs.keep(configured);
    }

    private static OpenOrgs.Key org(TopicPlan plan) {
        return new OpenOrgs.Key(plan.route().topic().org(), plan.org());
    }

    private void claim() {
        if (claiming || closing) {
            return;
        }
        claiming = true;
        claimSoon = false;
        backplane.claim(leases.claim(names())).subscribe().with(this::claimed, this::unclaimed);
    }

    private void claimed(LeaseAnswer answer) {
        try {
            leases.answered(answer);
            if (expiry != null) {
                expiry.cancel();
            }
            expiry = thread.schedule(leases.validity(), this::expired);
            settle();
            // Only now: who is told before that this replica is ready may publish what no stream is there for.
            answered = true;
        } finally {
            // Whatever went wrong: who does not claim any more loses all.
            scheduleClaim();
        }
    }

    private void unclaimed(Throwable cause) {
        LOG.debugf("Leases not renewed: cause=%s", cause.getMessage());
        scheduleClaim();
    }

    private void scheduleClaim() {
        claiming = false;
        if (claimSoon) {
            claim();
        } else {
            nextClaim = thread.schedule(interval, this::claim);
        }
    }

    private void claimNow() {
        claimSoon = true;
        if (!claiming) {
            if (nextClaim != null) {
                nextClaim.cancel();
            }
            claim();
        }
    }

    private void expired() {
        if (!leases.valid()) {
            answered = false;
            LOG.warnf("Leases not renewed in time, their topics are not read any more: topics=%d", readers.size());
            settle();
        }
    }

    /** What is wanted, and what is still read although it is not. */
    private Set<String> names() {
        var names = new HashSet<String>();
        wanted.keySet().forEach(name -> names.add(name.toString()));
        readers.keySet().forEach(name -> names.add(name.toString()));
        return names;
    }

    /** Ends what should not be read, begins what should. To be called after whatever may have changed either. */
    private void settle() {
        List.copyOf(readers.values()).stream()
                .filter(reader -> closing || !reader.isRight())
                .forEach(Reader::stop);
        if (closing) {
            leaveWhenDone();
            return;
        }
        wanted.forEach((name, plan) -> {
            if (!readers.containsKey(name)) {
                beginOrRelease(name, plan);
            }
        });
        if (claimSoon) {
            claimNow();
        }
    }

    private void beginOrRelease(TopicName name, TopicPlan plan) {
        OptionalLong fence = leases.readable(name.toString());
        if (fence.isPresent()) {
            begin(name, plan, fence.getAsLong());
        } else if (leases.leaving(name.toString())) {
            leases.release(name.toString());
            claimSoon = true;
        }
    }

    private void begin(TopicName name, TopicPlan plan, long fence) {
        var reader = new Reader(name, plan, fence);
        readers.put(name, reader);
        reader.start();
    }

    private void close() {
        closing = true;
        if (nextClaim != null) {
            nextClaim.cancel();
        }
        settle();
    }

    private void leaveWhenDone() {
        if (readers.isEmpty() && !ended.isDone()) {
            backplane.claim(leases.claim(Set.of())).subscribe().with(_ -> ended.complete(null), failure -> {
                LOG.warnf("Leases not given back, others have to wait for their end: cause=%s", failure.getMessage());
                ended.complete(null);
            });
        }
    }

    /** One topic that is read under one lease, from its begin until nothing of it is under way. */
    private final class Reader {

        private final TopicName name;
        private final TopicPlan plan;
        private final Reading reading;
        private final Topic topic;
        private @Nullable SalesforceStream stream;
        private boolean stopping;

        Reader(TopicName name, TopicPlan plan, long fence) {
            this.name = name;
            this.plan = plan;
            this.reading = new Reading(plan.route(), fence, List.of(), () -> thread.execute(this::fenced));
            this.topic = Objects.requireNonNull(topics.get(name), "a planned topic");
        }

        /** Whether the topic is still to be read as it is. */
        boolean isRight() {
            OptionalLong fence = leases.readable(name.toString());
            return plan.equals(wanted.get(name)) && fence.isPresent() && fence.getAsLong() == reading.fence();
        }

        void start() {
            SalesforceStream begun;
            try {
                begun = orgs.open(org(plan)).stream(
                        plan.stream(), new Checkpoints(backplane, reading, retention, leases.storeHasForgotten()));
            } catch (IllegalArgumentException | IllegalStateException e) {
                misconfigured(e.getMessage());
                return;
            }
            stream = begun;
            topic.begins(begun);
            watcher.began(topic, begun);
            LOG.infof("Topic is read here: topic=%s fence=%d", name, reading.fence());
            intake.add(everyRecord.attached(Multi.createFrom().publisher(begun), reading));
        }

        /** Somebody may mend it, in a file that is read anew then; meanwhile the lease stays here as well as anywhere. */
        private void misconfigured(@Nullable String reason) {
            LOG.errorf("Topic cannot be read: topic=%s reason=%s", name, reason);
            topic.fails("misconfigured: " + reason);
            var _ = thread.schedule(REOPENING, this::stop);
        }

        /** Asks Salesforce for nothing more, at once. */
        void stop() {
            if (stopping) {
                return;
            }
            stopping = true;
            if (stream == null) {
                thread.execute(this::done);
            } else {
                var _ = stream.stop().whenComplete((_, _) -> thread.execute(this::done));
            }
        }

        private void done() {
            readers.remove(name);
            if (stream != null) {
                LOG.infof("Topic is not read here any more: topic=%s fence=%d", name, reading.fence());
                watcher.ended(topic);
                topic.ends();
            }
            forgetUnplanned();
            claimSoon = true;
            settle();
        }

        private void fenced() {
            LOG.warnf("Somebody else reads the topic: topic=%s fence=%d", name, reading.fence());
            leases.fenced(name.toString(), reading.fence());
            settle();
        }
    }
}
