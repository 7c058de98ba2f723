package io.lightline.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.lightline.localstack.RelayPod;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.Optional;

/** A back end that publishes through a relay's server API. */
record BackEnd(RelayPod relay) {

    /** Publishes and returns the position that was acknowledged; fails when none was. */
    Position publish(String channel, JsonNode data) {
        return tryToPublish(channel, data)
                .orElseThrow(() -> new AssertionError(relay.name() + " did not take the publication"));
    }

    /** Publishes; empty when the relay has not acknowledged, so that nobody knows. */
    Optional<Position> tryToPublish(String channel, JsonNode data) {
        try {
            var request = Json.object().put("channel", channel).set("data", data);
            HttpResponse<String> answer =
                    Http.send("POST", relay.apiUri("publish"), "X-API-Key", RelayPod.API_KEY, request);
            return Optional.of(Json.parse(answer.body()).path("result"))
                    .filter(result -> answer.statusCode() == 200 && result.has("offset"))
                    .map(Position::of);
        } catch (UncheckedIOException unavailable) {
            return Optional.empty();
        }
    }
}
