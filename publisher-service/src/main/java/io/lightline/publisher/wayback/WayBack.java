package io.lightline.publisher.wayback;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.BackplaneConfig;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.DeliveryThread;
import io.lightline.backplane.LeaseAnswer;
import io.lightline.backplane.RawJson;
import io.lightline.publisher.PublisherConfig;
import io.lightline.publisher.plan.OrgPlan;
import io.lightline.publisher.plan.Plans;
import io.lightline.publisher.resume.LeaseBook;
import io.lightline.publisher.route.TopicName;
import io.lightline.salesforce.OrgSettings;
import io.lightline.salesforce.SalesforceOrg;
import io.lightline.salesforce.publish.EventDraft;
import io.lightline.salesforce.publish.PublishOutcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Serves the {@code publish-topics} of the orgs: relays ask on the channel of a topic, Salesforce's outcome is the answer. Replicas
 * share these topics by leases of a group of their own, so that one at a time serves each, whoever reads it, if anybody does. At a
 * hand-over the old one stops before the new one begins: for an interval nobody serves the topic, which its callers are told at
 * once. Two that overlap all the same, after a silence longer than the lease, would both publish; the channel's subscribers see the
 * event once, as it has one id.
 *
 * <p>An org has a connection of its own for this, apart from the one that reads, so that neither waits for the other.
 *
 * <p>Metric: {@code lightline.publisher.way.back} counts what became of events, by {@code org}, {@code topic} and {@code outcome}:
 * {@code published}, {@code invalid} (the callers' mistakes), {@code refused} (alert: the org does not let us) and
 * {@code unavailable} (alert on a steady rise).
 *
 * <p><b>Thread.</b> All state belongs to the backplane's delivery thread; nothing blocks but the end of the process, for
 * {@code STOP_LIMIT} at most.
 */
@Singleton
public class WayBack {

    private static final Logger LOG = Logger.getLogger(WayBack.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final Backplane backplane;
    private final DeliveryThread thread;
    private final Plans plans;
    private final MeterRegistry meters;
    private final Duration interval;
    private final Duration answerLimit;
    private final LeaseBook leases;
    private final Map<Target, SalesforceOrg> orgs = new HashMap<>();
    private final Map<TopicName, Served> served = new HashMap<>();
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

    private Map<TopicName, Target> wanted = Map.of();
    private int underway;
    private boolean member;
    private boolean claiming;
    private boolean closing;
    private DeliveryThread.@Nullable Timer nextClaim;
    private DeliveryThread.@Nullable Timer expiry;

    WayBack(Backplane backplane, BackplaneConfig asking, Plans plans, MeterRegistry meters, PublisherConfig publisher) {
        this.backplane = backplane;
        this.thread = backplane.deliveryThread();
        this.plans = plans;
        this.meters = meters;
        this.interval = publisher.lease().interval();
        // The rest is for the way there and back.
        this.answerLimit = asking.timeout().multipliedBy(4).dividedBy(5);
        this.leases = new LeaseBook(OwnGroup.of(publisher.lease()), backplane.podId(), System::nanoTime);
    }

    /** Where the events of a topic go. */
    private record Target(String org, String tenant, OrgSettings settings) {}

    /** One topic that is served under one lease. */
    private record Served(ChannelName channel, Target target, long fence) {}

    /** Apart from those who read: who reads a topic need not publish to it. */
    private record OwnGroup(String group, Duration ttl, Duration interval) implements PublisherConfig.Lease {

        static OwnGroup of(PublisherConfig.Lease reading) {
            return new OwnGroup(reading.group() + ".way-back", reading.ttl(), reading.interval());
        }
    }

    void start(@Observes StartupEvent start) {
        plans.follow(orgPlans -> thread.execute(() -> plan(orgPlans)));
    }

    void stop(@Observes @Priority(1) ShutdownEvent shutdown) {
        thread.execute(this::close);
        ended.completeOnTimeout(null, STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    @PreDestroy
    void closeOrgs() {
        thread.execute(() -> keepOrgs(Set.of()));
    }

    private void plan(List<OrgPlan> orgPlans) {
        var next = new HashMap<TopicName, Target>();
        for (OrgPlan org : orgPlans) {
            var target = new Target(org.name(), org.tenant(), org.settings());
            org.publishTopics().forEach(topic -> next.put(new TopicName(org.name(), topic), target));
        }
        wanted = Map.copyOf(next);
        settle();
        keepOrgs(Set.copyOf(next.values()));
        claim();
    }

    private void keepOrgs(Set<Target> configured) {
        orgs.entrySet().removeIf(org -> {
            if (configured.contains(org.getKey())) {
                return false;
            }
            org.getValue().close();
            return true;
        });
    }

    private void claim() {
        if (claiming || closing) {
            return;
        }
        if (nextClaim != null) {
            nextClaim.cancel();
        }
        if (wanted.isEmpty() && !member) {
            return;
        }
        claiming = true;
        var names = new HashSet<String>();
        wanted.keySet().forEach(name -> names.add(name.toString()));
        member = !names.isEmpty();
        backplane.claim(leases.claim(names)).subscribe().with(this::claimed, this::unclaimed);
    }

    private void claimed(LeaseAnswer answer) {
        try {
            leases.answered(answer);
            if (expiry != null) {
                expiry.cancel();
            }
            expiry = thread.schedule(leases.validity(), this::settle);
            settle();
        } finally {
            // Whatever went wrong: who does not claim any more loses all.
            claimLater();
        }
    }

    private void unclaimed(Throwable cause) {
        LOG.debugf("Leases of the way back not renewed: cause=%s", cause.getMessage());
        claimLater();
    }

    private void claimLater() {
        claiming = false;
        if (!closing) {
            nextClaim = thread.schedule(interval, this::claim);
        }
    }

    /** Stops what should not be served, begins what should; what is surplus goes with the next claim. */
    private void settle() {
        List.copyOf(served.keySet()).stream().filter(name -> !right(name)).forEach(this::end);
        if (closing) {
            return;
        }
        wanted.forEach((name, target) -> {
            if (!served.containsKey(name)) {
                leases.readable(name.toString()).ifPresent(fence -> begin(name, target, fence));
            }
            if (leases.leaving(name.toString())) {
                leases.release(name.toString());
            }
        });
    }

    private boolean right(TopicName name) {
        Served now = served.get(name);
        var fence = leases.readable(name.toString());
        return !closing
                && now != null
                && now.target.equals(wanted.get(name))
                && fence.isPresent()
                && fence.getAsLong() == now.fence;
    }

    private void begin(TopicName name, Target target, long fence) {
        SalesforceOrg org;
        try {
            org = orgs.computeIfAbsent(target, _ -> SalesforceOrg.open(target.settings));
        } catch (IllegalArgumentException | IllegalStateException e) {
            // Somebody may mend it, in a file that is read anew at each try; the reader of the org says it too.
            LOG.debugf("Topic cannot be published to: topic=%s reason=%s", name, e.getMessage());
            return;
        }
        var topic = new Served(new ChannelName(target.tenant, name.topic()), target, fence);
        served.put(name, topic);
        backplane
                .serve(topic.channel, question -> answer(name, org, question))
                .subscribe()
                .with(_ -> LOG.infof("Topic is published to from here: topic=%s fence=%d", name, fence), failure -> {
                    LOG.debugf("Topic is not served: topic=%s cause=%s", name, failure.getMessage());
                    // The next claim's answer begins anew.
                    served.remove(name, topic);
                });
    }

    private void end(TopicName name) {
        Served topic = served.remove(name);
        if (topic != null) {
            LOG.infof("Topic is not published to from here any more: topic=%s", name);
            backplane
                    .unserve(topic.channel)
                    .subscribe()
                    .with(_ -> {}, failure -> LOG.debugf("Not unserved: cause=%s", failure.getMessage()));
        }
    }

    /** On the delivery thread; Salesforce's outcome comes on the connector's. */
    private Uni<RawJson> answer(TopicName name, SalesforceOrg org, RawJson question) {
        EventDraft draft = WayBackFormat.question(question);
        underway++;
        return Uni.createFrom()
                .completionStage(() -> org.publisher().publish(name.topic(), List.of(draft), answerLimit))
                .map(List::getFirst)
                .emitOn(thread)
                .invoke(outcome -> count(name, outcome))
                .map(WayBackFormat::answer)
                .onTermination()
                .invoke(() -> {
                    underway--;
                    leaveWhenDone();
                });
    }

    private void count(TopicName name, PublishOutcome outcome) {
        meters.counter(
                        "lightline.publisher.way.back",
                        "org",
                        name.org(),
                        "topic",
                        name.topic(),
                        "outcome",
                        outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT))
                .increment();
    }

    private void close() {
        closing = true;
        if (nextClaim != null) {
            nextClaim.cancel();
        }
        settle();
        leaveWhenDone();
    }

    private void leaveWhenDone() {
        if (!closing || underway > 0 || ended.isDone()) {
            return;
        }
        if (member) {
            member = false;
            backplane
                    .claim(leases.claim(Set.of()))
                    .subscribe()
                    .with(_ -> ended.complete(null), _ -> ended.complete(null));
        } else {
            ended.complete(null);
        }
    }
}
