package io.lightline.simulator.pubsub;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.lightline.simulator.org.Orgs;
import io.lightline.simulator.org.Session;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets a call in whose three headers fit together: a valid token, an instance URL, and the id of the token's org. The
 * headers count when a call begins; a stream outlives its token. In an outage calls get no answer at all.
 *
 * @see <a href="https://developer.salesforce.com/docs/platform/pub-sub-api/guide/supported-auth.html">Supported
 *     Authentication</a>
 */
@ApplicationScoped
class CallAuthenticator implements ServerInterceptor {

    private static final Context.Key<Session> SESSION = Context.key("session");
    private static final Context.Key<Wire> WIRE = Context.key("wire");
    private static final Metadata.Key<String> ACCESS_TOKEN = header("accesstoken");
    private static final Metadata.Key<String> INSTANCE_URL = header("instanceurl");
    private static final Metadata.Key<String> TENANT_ID = header("tenantid");

    private final Orgs orgs;

    CallAuthenticator(Orgs orgs) {
        this.orgs = orgs;
    }

    /** Whose call runs on this thread. */
    static Session caller() {
        return Objects.requireNonNull(SESSION.get(), "Not within an authenticated call");
    }

    /** What lies under the call that runs on this thread. */
    static Wire wire() {
        return Objects.requireNonNull(WIRE.get(), "Not within an authenticated call");
    }

    @Override
    public <Q, R> Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        try {
            var session = authenticate(headers);
            if (session.org().outage().blackHole()) {
                return new Listener<>() {};
            }
            var context = Context.current().withValues(SESSION, session, WIRE, Wire.under(call));
            return Contexts.interceptCall(context, call, headers, next);
        } catch (StatusRuntimeException refused) {
            call.close(refused.getStatus(), Objects.requireNonNullElseGet(refused.getTrailers(), Metadata::new));
            return new Listener<>() {};
        }
    }

    private Session authenticate(Metadata headers) {
        var token = headers.get(ACCESS_TOKEN);
        var tenant = headers.get(TENANT_ID);
        if (token == null || token.isBlank() || tenant == null || !isAbsoluteUrl(headers.get(INSTANCE_URL))) {
            throw PubSubError.AUTH_HEADERS_INVALID.exception();
        }
        var session = orgs.session(token).orElseThrow(PubSubError.AUTH_ERROR::exception);
        if (!tenant.equals(session.org().id().value())) {
            throw PubSubError.AUTH_HEADERS_INVALID.exception();
        }
        return session;
    }

    private static boolean isAbsoluteUrl(@Nullable String url) {
        try {
            return url != null && URI.create(url).getHost() != null;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static Metadata.Key<String> header(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
