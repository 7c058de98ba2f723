package io.lightline.relay.tenant;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lightline.backplane.RawJson;
import io.lightline.relay.filter.Filter;
import io.lightline.relay.filter.InvalidFilterException;
import io.lightline.relay.tenant.TokenRefusedException.Reason;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a token says: the registered claims of RFC 7519, and those of the Centrifugo documentation ({@code authentication.md},
 * {@code channel_token_auth.md}). A claim of the wrong kind makes the whole token {@link Reason#MALFORMED}.
 */
final class Claims {

    /** Characters of all patterns in the {@code caps} of one token: every command tries them. */
    private static final int MAX_PATTERN_TEXT = 512;

    /** As in the client protocol: deeper JSON than this is an attack on somebody's stack. */
    private static final int MAX_DEPTH = 64;

    /** The last second of the year 9999. Later ones are milliseconds by mistake, and not all of time fits an {@link Instant}. */
    private static final BigDecimal LAST_SECOND = BigDecimal.valueOf(253_402_300_799L);

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode claims;

    private Claims(JsonNode claims) {
        this.claims = claims;
    }

    static Claims parse(String json) {
        try {
            JsonNode claims = JSON.readTree(json);
            if (claims.isObject()) {
                return new Claims(claims);
            }
        } catch (JsonProcessingException e) {
            // Says what the token says.
        }
        throw malformed("the claims are no JSON object");
    }

    Optional<String> issuer() {
        return Optional.ofNullable(text(claims, "iss"));
    }

    /** Empty for an anonymous user. */
    String subject() {
        return Optional.ofNullable(text(claims, "sub")).orElse("");
    }

    Optional<String> channel() {
        return Optional.ofNullable(text(claims, "channel"));
    }

    Set<String> audience() {
        JsonNode audience = claims.path("aud");
        return audience.isTextual() ? Set.of(audience.textValue()) : Set.copyOf(texts(claims, "aud"));
    }

    @Nullable
    Instant expiry() {
        return time("exp");
    }

    @Nullable
    Instant notBefore() {
        return time("nbf");
    }

    @Nullable
    Instant issuedAt() {
        return time("iat");
    }

    /** When what the token opened ends: {@code expire_at} if it is there, 0 for never, and otherwise when the token ends. */
    @Nullable
    Instant opensUntil() {
        Instant end = time("expire_at");
        if (end == null) {
            return expiry();
        }
        return end.equals(Instant.EPOCH) ? null : end;
    }

    @Nullable
    RawJson info() {
        return json(claims, "info");
    }

    @Nullable
    Filter filter() {
        return filter(claims);
    }

    /** Claims {@code channels} and {@code subs}; what the second says of a channel counts. */
    Map<String, Subscribing> subscriptions() {
        var subscriptions = new HashMap<String, Subscribing>();
        for (String channel : texts(claims, "channels")) {
            subscriptions.put(channel, Subscribing.PLAIN);
        }
        for (Map.Entry<String, JsonNode> entry : object(claims, "subs").properties()) {
            JsonNode options = entry.getValue();
            if (!options.isObject()) {
                throw malformed("subs: options that are no object");
            }
            subscriptions.put(
                    entry.getKey(), new Subscribing(json(options, "info"), json(options, "data"), filter(options)));
        }
        return Map.copyOf(subscriptions);
    }

    List<Capability> capabilities() {
        List<JsonNode> listed = list(claims, "caps").valueStream().toList();
        int patternText = listed.stream()
                .filter(capability -> match(capability) != Match.EXACT)
                .flatMap(capability -> texts(capability, "channels").stream())
                .mapToInt(String::length)
                .sum();
        if (patternText > MAX_PATTERN_TEXT) {
            throw malformed("caps: patterns of more than " + MAX_PATTERN_TEXT + " characters together");
        }
        return listed.stream().map(Claims::capability).toList();
    }

    private static Match match(JsonNode capability) {
        return Match.of(Optional.ofNullable(text(capability, "match")).orElse(""))
                .orElseThrow(() -> malformed("caps: unknown match"));
    }

    private static Capability capability(JsonNode claim) {
        Match match = match(claim);
        var allow = texts(claim, "allow").stream().map(Permission::of).collect(Collectors.toSet());
        if (allow.contains(Optional.<Permission>empty())) {
            throw malformed("caps: unknown permission");
        }
        return new Capability(
                texts(claim, "channels").stream()
                        .map(channel -> pattern(match, channel))
                        .toList(),
                allow.stream().flatMap(Optional::stream).collect(Collectors.toUnmodifiableSet()),
                filter(claim));
    }

    private static ChannelPattern pattern(Match match, String channel) {
        try {
            return ChannelPattern.of(match, channel);
        } catch (IllegalArgumentException e) {
            throw malformed("caps: " + e.getMessage());
        }
    }

    private static @Nullable Filter filter(JsonNode node) {
        RawJson filter = json(node, "filter");
        try {
            return filter == null ? null : Filter.parse(filter);
        } catch (InvalidFilterException e) {
            throw malformed("filter: " + e.getMessage());
        }
    }

    private @Nullable Instant time(String claim) {
        JsonNode seconds = claims.path(claim);
        if (absent(seconds)) {
            return null;
        }
        // Not before its magnitude is known: 1e999999999 is a number too.
        BigDecimal value = seconds.isNumber() ? seconds.decimalValue() : BigDecimal.ONE.negate();
        if (value.signum() < 0 || value.compareTo(LAST_SECOND) > 0) {
            throw malformed(claim + " is no time in seconds");
        }
        return Instant.ofEpochSecond(value.longValue());
    }

    private static @Nullable RawJson json(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return absent(value) ? null : RawJson.of(value.toString());
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!absent(value) && !value.isTextual()) {
            throw malformed(field + " is no text");
        }
        return value.textValue();
    }

    private static List<String> texts(JsonNode node, String field) {
        JsonNode list = list(node, field);
        if (list.valueStream().anyMatch(value -> !value.isTextual())) {
            throw malformed(field + " is no list of texts");
        }
        return list.valueStream().map(JsonNode::textValue).toList();
    }

    private static JsonNode list(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!absent(value) && !value.isArray()) {
            throw malformed(field + " is no list");
        }
        return value;
    }

    private static JsonNode object(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!absent(value) && !value.isObject()) {
            throw malformed(field + " is no object");
        }
        return value;
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static TokenRefusedException malformed(String problem) {
        return new TokenRefusedException(Reason.MALFORMED, problem);
    }
}
