package io.lightline.bench;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What every scenario stands on: an audience on one pod, a publisher on the other, and a clock. Offenders have an event loop
 * of their own, so that they do not delay the audience on this side of the wire.
 */
final class Stage implements AutoCloseable {

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Settings settings;
    private final Pod pod;
    private final EventLoopGroup loops = new NioEventLoopGroup(2, daemons("audience"));
    private final EventLoopGroup offenders = new NioEventLoopGroup(1, daemons("offenders"));
    private final Audience audience;
    private final PacedPublisher publisher;

    Stage(Settings settings, int bytes) {
        this.settings = settings;
        pod = settings.pod();
        audience = Audience.gather(loops, pod, settings.subscribers());
        publisher = publish(audience.channel(), bytes);
    }

    /** Publishes on the other pod, until it is closed. */
    PacedPublisher publish(String onChannel, int bytes) {
        return PacedPublisher.start(loops, settings.other(), onChannel, settings.rate(), bytes);
    }

    /** A failure ends the program, whatever still runs. */
    private static ThreadFactory daemons(String name) {
        return Thread.ofPlatform().daemon().name(name + "-", 0).factory();
    }

    String channel() {
        return audience.channel();
    }

    EventLoopGroup offenders() {
        return offenders;
    }

    /** Lets time pass: what is measured meanwhile does not count. */
    void warmUp(Duration length) {
        pass(length, () -> false);
        audience.take();
    }

    /** Measures for a time. */
    Phase measure(String name, Duration length) {
        return measure(name, length, () -> false);
    }

    /** Measures until something has come true, for two minutes at most, and no shorter than a time. */
    Phase measureUntil(String name, Duration least, BooleanSupplier enough) {
        long end = System.nanoTime() + least.toNanos();
        return measure(name, PATIENCE, () -> System.nanoTime() > end && enough.getAsBoolean());
    }

    private Phase measure(String name, Duration most, BooleanSupplier enough) {
        System.out.println("... " + name);
        audience.take();
        long begin = System.nanoTime();
        try (var watch = Watch.start(pod)) {
            pass(most, enough);
            return new Phase(name, Duration.ofNanos(System.nanoTime() - begin), audience.take(), watch.seen());
        }
    }

    /** Waits, answers whether the condition came true. */
    static boolean pass(Duration most, BooleanSupplier enough) {
        return pass(most, LOOK, enough);
    }

    /** As {@link #pass(Duration, BooleanSupplier)}, and looks as often as it is told. */
    static boolean pass(Duration most, Duration look, BooleanSupplier enough) {
        long end = System.nanoTime() + most.toNanos();
        while (!enough.getAsBoolean()) {
            if (System.nanoTime() >= end) {
                return false;
            }
            LockSupport.parkNanos(Math.min(look.toNanos(), end - System.nanoTime()));
        }
        return true;
    }

    /** What becomes of something, if it comes within two minutes; blocks. */
    static <T> T await(CompletableFuture<T> outcome) {
        return outcome.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Ends the publications, and says what the audience has of them. */
    void conclude(Report report) {
        publisher.close();
        long published = publisher.published();
        pass(PATIENCE, () -> audience.behind(published) == 0);
        report.add("published", published);
        report.add("others that do not have everything", audience.behind(published));
        report.add("others' publications out of order, missing or repeated", audience.disorder());
        report.add("others closed by the relay", audience.lost());
    }

    @Override
    public void close() {
        publisher.close();
        audience.close();
        var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        var _ = offenders.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
