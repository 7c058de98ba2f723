package io.lightline.relay.endpoint;

import io.lightline.relay.admission.Admission;
import io.lightline.relay.admission.Verdict;
import io.lightline.relay.tenant.TenantDirectory;
import io.netty.channel.ChannelHandlerContext;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Refuses sockets that are too many, with a status that a proxy or a client understands: 503, and another pod may take it; 429
 * when it is the client's own fault; 403 for pages whose origin no tenant has (which tenant's page it is, the token decides later).
 * Asked before all that costs something; after {@link HandshakeCheck}, whose refusals are not counted.
 */
@Priority(100)
@Singleton
final class AdmissionCheck implements HttpUpgradeCheck {

    /** RFC 6585 §4. */
    private static final int TOO_MANY_REQUESTS = 429;

    /** Seconds; drawn by lot, so that those who were refused together do not come back together. */
    private static final int LONGEST_RETRY = 5;

    private final Admission admission;
    private final TenantDirectory tenants;

    AdmissionCheck(Admission admission, TenantDirectory tenants) {
        this.admission = admission;
        this.tenants = tenants;
    }

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        HttpServerRequest request = context.httpRequest();
        return switch (decide(request)) {
            case Verdict.Admitted(var slot) -> {
                SlotHolder.hold(slot, netty(request));
                yield CheckResult.permitUpgrade();
            }
            case Verdict.Refused(var reason) -> Uni.createFrom().item(refusal(reason));
        };
    }

    private Verdict decide(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        return origin == null || tenants.knowsOrigin(origin)
                ? admission.ask(ClientAddress.of(request.remoteAddress()))
                : admission.turnAway(Verdict.Reason.ORIGIN);
    }

    static CheckResult refusal(Verdict.Reason reason) {
        return switch (reason) {
            case DRAINING, CONNECTIONS, RATE -> later(HttpURLConnection.HTTP_UNAVAILABLE);
            case ADDRESS -> later(TOO_MANY_REQUESTS);
            case ORIGIN -> CheckResult.rejectUpgradeSync(HttpURLConnection.HTTP_FORBIDDEN);
        };
    }

    private static CheckResult later(int status) {
        int seconds = ThreadLocalRandom.current().nextInt(1, LONGEST_RETRY + 1);
        return CheckResult.rejectUpgradeSync(status, Map.of("Retry-After", List.of("" + seconds)));
    }

    private static ChannelHandlerContext netty(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channelHandlerContext();
    }
}
