package io.lightline.publisher.plan;

import io.lightline.publisher.OrgConfig;
import io.lightline.publisher.PublisherConfig;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What is to be read: the configured orgs, and those of the file, which is looked at again and again. When the file is no good, or
 * not there, the last one that was good stays in force.
 *
 * <p>Metric: {@code lightline.publisher.orgs.readings} counts by {@code outcome} how often a changed file was {@code taken}, and
 * how often it was looked at and {@code refused}. Alert on a rise of the latter: what was changed last is not in force.
 */
@Singleton
public class Plans {

    private static final Logger LOG = Logger.getLogger(Plans.class);

    private final PublisherConfig config;
    private final MeterRegistry meters;
    private final List<OrgPlan> configured;
    private final Optional<OrgsFile> file;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("orgs-file").factory());

    private final List<Consumer<List<OrgPlan>>> followers = new ArrayList<>();
    private List<OrgPlan> inForce;
    private @Nullable String textInForce;
    private @Nullable String complaint;

    Plans(PublisherConfig config, MeterRegistry meters) {
        this.config = config;
        this.meters = meters;
        this.configured = plans(config.orgs());
        this.inForce = configured;
        this.file = config.orgsFile().map(OrgsFile::new);
    }

    /**
     * Tells what is to be read: once before this returns, and then whenever it changes, on a thread of this class. Reads the file,
     * so it blocks. A follower must not block.
     */
    public synchronized void follow(Consumer<List<OrgPlan>> follower) {
        if (followers.isEmpty() && file.isPresent()) {
            look(file.get());
            long interval = config.reloadInterval().toMillis();
            var _ = thread.scheduleWithFixedDelay(() -> look(file.get()), interval, interval, TimeUnit.MILLISECONDS);
        }
        followers.add(follower);
        follower.accept(inForce);
    }

    private synchronized void look(OrgsFile present) {
        try {
            String text = present.text();
            if (text.equals(textInForce)) {
                recovered();
                return;
            }
            List<OrgPlan> all = together(OrgsFile.orgs(text));
            textInForce = text;
            inForce = all;
            recovered();
            count("taken");
            LOG.infof(
                    "Orgs taken from the file: file=%s orgs=%d",
                    config.orgsFile().get(), all.size() - configured.size());
            followers.forEach(follower -> follower.accept(all));
        } catch (OrgsFileException e) {
            refused(e);
        }
    }

    private List<OrgPlan> together(Map<String, OrgConfig> ofTheFile) {
        configured.stream()
                .map(OrgPlan::name)
                .filter(ofTheFile::containsKey)
                .findFirst()
                .ifPresent(name -> {
                    throw new OrgsFileException(
                            OrgsFile.PREFIX + "." + name + " is an org of the configuration already");
                });
        var all = new ArrayList<>(configured);
        all.addAll(plans(ofTheFile));
        OrgCheck.collision(all).ifPresent(collision -> {
            throw new OrgsFileException(collision);
        });
        return List.copyOf(all);
    }

    private static List<OrgPlan> plans(Map<String, OrgConfig> orgs) {
        return orgs.entrySet().stream()
                .map(org -> OrgPlan.of(org.getKey(), org.getValue()))
                .toList();
    }

    /** Said once, counted each time. */
    private void refused(OrgsFileException cause) {
        count("refused");
        if (!Objects.equals(complaint, cause.getMessage())) {
            complaint = cause.getMessage();
            LOG.errorf(
                    "Orgs not taken from the file, the last good ones stay: file=%s reason=%s",
                    config.orgsFile().get(), complaint);
        }
    }

    private void recovered() {
        complaint = null;
    }

    private void count(String outcome) {
        meters.counter("lightline.publisher.orgs.readings", "outcome", outcome).increment();
    }

    @PreDestroy
    void close() {
        thread.shutdownNow();
    }
}
