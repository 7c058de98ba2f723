package io.lightline.relay.api;

import static io.lightline.relay.api.Fields.required;

import io.lightline.relay.tenant.Tenant;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Carries out one command that came by itself, for the tenant whose key it has. */
@Singleton
final class ApiCommands {

    private final ApiMetrics metrics;

    ApiCommands(ApiMetrics metrics) {
        this.metrics = metrics;
    }

    /** @param request null when the body was empty */
    <Q, R> Uni<ApiAnswer<R>> answer(
            ContainerRequestContext context,
            ApiMethod method,
            @Nullable Q request,
            BiFunction<Tenant, Q, Uni<R>> work) {
        Tenant tenant = ApiKeyFilter.tenantOf(context);
        return ApiAnswer.from(() -> metrics.measured(method, () -> work.apply(tenant, required(request, "the body"))));
    }
}
