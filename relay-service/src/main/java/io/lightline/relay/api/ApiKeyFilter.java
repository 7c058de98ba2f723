package io.lightline.relay.api;

import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.tenant.Tenant;
import io.lightline.relay.tenant.TenantDirectory;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Lets nobody into the server API without a key, and tells whose key it is. */
@Singleton
final class ApiKeyFilter {

    static final String HEADER = "X-API-Key";

    /** What the OpenAPI document calls it: {@code quarkus.smallrye-openapi.security-scheme-name}. */
    static final String SCHEME = "api-key";

    private static final String TENANT = "lightline.tenant";

    private final Instance<TenantDirectory> tenants;

    /** Quarkus makes filters before there is run-time configuration, so the directory is looked up later. */
    ApiKeyFilter(Instance<TenantDirectory> tenants) {
        this.tenants = tenants;
    }

    @ServerRequestFilter
    Optional<Response> check(ContainerRequestContext request) {
        String key = request.getHeaderString(HEADER);
        Optional<Tenant> tenant = key == null ? Optional.empty() : tenants.get().byApiKey(key);
        tenant.ifPresent(known -> request.setProperty(TENANT, known));
        return tenant.isPresent() ? Optional.empty() : Optional.of(refusal());
    }

    private static Response refusal() {
        var error =
                new ApiAnswer.Error(ErrorCode.UNAUTHORIZED.code(), "unauthorized: " + HEADER + " missing or unknown");
        return Response.status(Response.Status.UNAUTHORIZED)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(ApiAnswer.failed(error))
                .build();
    }

    static Tenant tenantOf(ContainerRequestContext request) {
        return (Tenant) request.getProperty(TENANT);
    }
}
