package io.lightline.relay.ops;

import io.lightline.relay.admission.Admission;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.session.Session;
import io.lightline.relay.session.SessionLoops;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Empties the pod before it ends. On SIGTERM readiness fails, no socket opens any more, and all that are open are closed with
 * 3001, evenly over the drain window and in random order; the server API goes on. The pod ends as soon as none is left and no
 * request to the server API runs, and in any case soon after the window. By itself WebSockets Next would close all at once with 1000, which SDKs take for good-bye.
 *
 * <p>Gauge: {@code lightline.draining}, 1 from then on.
 */
@Startup
@Singleton
final class Drain {

    private static final Logger LOG = Logger.getLogger(Drain.class);

    /** For the closing handshakes of the last ones; the outbox cuts a client that does not answer sooner than that. */
    private static final Duration LAST_GOODBYES = Duration.ofSeconds(3);

    /** For requests to the server API that are being answered. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

    private final Admission admission;
    private final SessionLoops loops;
    private final ApiRequests requests;
    private final PacedClosing closing;
    private final Duration window;

    Drain(
            Admission admission,
            SessionLoops loops,
            ApiRequests requests,
            PacedClosing closing,
            DrainConfig config,
            MeterRegistry registry) {
        this.admission = admission;
        this.loops = loops;
        this.requests = requests;
        this.closing = closing;
        this.window = config.window();
        registry.gauge("lightline.draining", admission, known -> known.draining() ? 1 : 0);
    }

    /** Blocks, and so puts off the end of everything else. */
    void drain(@Observes ShutdownDelayInitiatedEvent event) {
        admission.drain();
        int before = admission.sockets();
        if (before > 0) {
            LOG.infof("Draining connections=%d window=%s", before, window);
            closeAll();
            LOG.infof("Drained left=%d", admission.sockets());
        }
        awaitAnswers();
    }

    private void awaitAnswers() {
        try {
            if (!closing.await(this::answered, LAST_ANSWERS)) {
                LOG.warnf("Ending with requests to the server API under way requests=%d", requests.running());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeAll() {
        try {
            closing.all(window, loops::sessions, Drain::close, this::empty);
            closing.await(this::empty, LAST_GOODBYES);
        } catch (InterruptedException e) {
            loops.sessions().forEach(Drain::close);
            Thread.currentThread().interrupt();
        }
    }

    private static void close(Session session) {
        session.end(CloseCode.SHUTDOWN);
    }

    private boolean answered() {
        return requests.running() == 0;
    }

    private boolean empty() {
        return admission.sockets() == 0;
    }
}
