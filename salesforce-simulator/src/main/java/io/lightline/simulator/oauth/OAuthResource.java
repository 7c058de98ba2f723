package io.lightline.simulator.oauth;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.Orgs;
import io.lightline.simulator.org.Session;
import io.lightline.simulator.org.User;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.UriInfo;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * Salesforce's OAuth endpoints for clients without a browser: client credentials and JWT bearer. A token response has no
 * {@code expires_in}, and its {@code id} is where clients find the org's id.
 */
@Path("/services/oauth2")
@Produces(MediaType.APPLICATION_JSON)
class OAuthResource {

    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String BASIC = "Basic ";
    private static final String BEARER = "Bearer ";

    private final Orgs orgs;
    private final JwtBearer jwtBearer;
    private final UriInfo uri;

    OAuthResource(Orgs orgs, JwtBearer jwtBearer, UriInfo uri) {
        this.orgs = orgs;
        this.jwtBearer = jwtBearer;
        this.uri = uri;
    }

    /** As Salesforce answers; the signature and the time only come with client credentials. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TokenResponse(
            @JsonProperty("access_token") String accessToken,
            @Nullable String signature,
            String scope,
            @JsonProperty("instance_url") String instanceUrl,
            String id,
            @JsonProperty("token_type") String tokenType,
            @JsonProperty("issued_at") @Nullable String issuedAt) {}

    /** Who a token belongs to. */
    record UserInfo(
            String sub,
            @JsonProperty("user_id") String userId,
            @JsonProperty("organization_id") String organizationId,
            @JsonProperty("preferred_username") String preferredUsername,
            boolean active) {}

    @POST
    @Path("token")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public TokenResponse token(
            @RestForm("grant_type") @Nullable String grantType,
            @RestForm("client_id") @Nullable String clientId,
            @RestForm("client_secret") @Nullable String clientSecret,
            @RestForm @Nullable String assertion,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        return switch (grantType) {
            case "client_credentials" -> clientCredentials(Credentials.of(clientId, clientSecret, authorization));
            case JWT_BEARER -> jwtBearer(assertion);
            case null, default -> throw new OAuthException(OAuthError.UNSUPPORTED_GRANT_TYPE);
        };
    }

    @GET
    @Path("userinfo")
    public Response userInfo(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        if (authorization == null || !authorization.startsWith(BEARER)) {
            return refused("Missing_OAuth_Token");
        }
        return orgs.session(authorization.substring(BEARER.length()))
                .map(session -> Response.ok(describe(session)).build())
                .orElseGet(() -> refused("Bad_OAuth_Token"));
    }

    @POST
    @Path("revoke")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public void revokeByForm(@RestForm @Nullable String token) {
        revoke(token);
    }

    @GET
    @Path("revoke")
    public void revokeByQuery(@RestQuery @Nullable String token) {
        revoke(token);
    }

    @ServerExceptionMapper
    public Response refuse(OAuthException refusal) {
        return Response.status(Status.BAD_REQUEST)
                .type(MediaType.APPLICATION_JSON)
                .entity(refusal.error().body())
                .build();
    }

    private record Credentials(
            @Nullable String id, @Nullable String secret) {

        /** From the form, or from a Basic header. */
        static Credentials of(@Nullable String id, @Nullable String secret, @Nullable String authorization) {
            if (id != null || authorization == null || !authorization.startsWith(BASIC)) {
                return new Credentials(id, secret);
            }
            var pair = decode(authorization.substring(BASIC.length()));
            int colon = pair.indexOf(':');
            return colon < 0
                    ? new Credentials(pair, null)
                    : new Credentials(pair.substring(0, colon), pair.substring(colon + 1));
        }

        private static String decode(String base64) {
            try {
                return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException malformed) {
                throw new OAuthException(OAuthError.INVALID_CLIENT);
            }
        }
    }

    private TokenResponse clientCredentials(Credentials credentials) {
        var org = Optional.ofNullable(credentials.id())
                .flatMap(orgs::ofClient)
                .orElseThrow(() -> new OAuthException(OAuthError.INVALID_CLIENT_ID));
        var secret = org.clientSecret().orElseThrow(() -> new OAuthException(OAuthError.NO_CLIENT_CREDENTIALS_FLOW));
        if (credentials.secret() == null || !sameSecret(secret, credentials.secret())) {
            throw new OAuthException(OAuthError.INVALID_CLIENT);
        }
        var id = identityUrl(org, org.runAsUser());
        var issuedAt = Long.toString(System.currentTimeMillis());
        return new TokenResponse(
                org.sessions().issue(org.runAsUser()),
                sign(id + issuedAt, secret),
                "api",
                instanceUrl(org),
                id,
                "Bearer",
                issuedAt);
    }

    private TokenResponse jwtBearer(@Nullable String assertion) {
        if (assertion == null) {
            throw new OAuthException(OAuthError.INVALID_ASSERTION);
        }
        var grant = jwtBearer.verify(assertion, ownUrl());
        return new TokenResponse(
                grant.org().sessions().issue(grant.user()),
                null,
                "api",
                instanceUrl(grant.org()),
                identityUrl(grant.org(), grant.user()),
                "Bearer",
                null);
    }

    private void revoke(@Nullable String token) {
        if (token == null || orgs.all().stream().noneMatch(org -> org.sessions().revoke(token))) {
            throw new OAuthException(OAuthError.INVALID_TOKEN);
        }
    }

    private UserInfo describe(Session session) {
        var user = session.user();
        return new UserInfo(
                identityUrl(session.org(), user),
                user.id().value(),
                session.org().id().value(),
                user.username(),
                true);
    }

    private String identityUrl(Org org, User user) {
        return instanceUrl(org) + "/id/" + org.id() + "/" + user.id();
    }

    private String instanceUrl(Org org) {
        return org.instanceUrl().orElseGet(this::ownUrl);
    }

    private String ownUrl() {
        var base = uri.getBaseUri().toString();
        return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }

    private static Response refused(String why) {
        return Response.status(Status.FORBIDDEN)
                .type(MediaType.TEXT_PLAIN)
                .entity(why)
                .build();
    }

    private static boolean sameSecret(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private static String sign(String text, String secret) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HmacSHA256", e);
        }
    }
}
