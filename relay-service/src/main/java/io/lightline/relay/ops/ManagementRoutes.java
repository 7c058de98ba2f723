package io.lightline.relay.ops;

import io.lightline.relay.admission.Admission;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;

/**
 * What an operator may ask of one pod, on the management port, which no ingress leads to:
 *
 * <ul>
 *   <li>{@code POST /lightline/shed?target=1000} or {@code ?fraction=0.2}: close the connections above the target, or that part
 *       of them;
 *   <li>{@code GET /lightline/drain}: whether the pod is about to end, and how many are left.
 * </ul>
 */
@Singleton
final class ManagementRoutes {

    private final Admission admission;
    private final Shedding shedding;

    ManagementRoutes(Admission admission, Shedding shedding) {
        this.admission = admission;
        this.shedding = shedding;
    }

    void register(@Observes ManagementInterface management) {
        var router = management.router();
        router.post("/lightline/shed").handler(this::shed);
        router.get("/lightline/drain").handler(this::drainStatus);
    }

    private void drainStatus(RoutingContext context) {
        answer(
                context,
                HttpURLConnection.HTTP_OK,
                new JsonObject().put("draining", admission.draining()).put("connections", admission.sockets()));
    }

    private void shed(RoutingContext context) {
        ShedGoal goal;
        try {
            goal = ShedGoal.parse(
                    context.request().getParam("target"), context.request().getParam("fraction"));
        } catch (IllegalArgumentException e) {
            answer(context, HttpURLConnection.HTTP_BAD_REQUEST, new JsonObject().put("error", e.getMessage()));
            return;
        }
        switch (shedding.shed(goal)) {
            case Shedding.Outcome.Started(var connections, var target, var closing) ->
                answer(
                        context,
                        HttpURLConnection.HTTP_OK,
                        new JsonObject()
                                .put("connections", connections)
                                .put("target", target)
                                .put("closing", closing));
            case Shedding.Outcome.Busy _ ->
                answer(
                        context,
                        HttpURLConnection.HTTP_CONFLICT,
                        new JsonObject().put("error", "connections are being closed already"));
        }
    }

    private static void answer(RoutingContext context, int status, JsonObject body) {
        var _ = context.response().setStatusCode(status);
        var _ = context.json(body);
    }
}
