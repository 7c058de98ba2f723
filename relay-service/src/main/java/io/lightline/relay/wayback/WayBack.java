package io.lightline.relay.wayback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lightline.backplane.Backplane;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.NobodyServesException;
import io.lightline.backplane.RawJson;
import io.lightline.backplane.ServerFailedException;
import io.lightline.relay.protocol.ErrorCode;
import io.smallrye.mutiny.Uni;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Hands events for Salesforce to the publisher that serves their topic, and its answers back. Nothing is published on the channel
 * here: an event that Salesforce has taken comes around through the subscription, as every other one.
 *
 * <p>The question is {@code {"publish":{"id":"<uuid>","data":{…}}}}, the answer {@code {"replayId":"<base64>"}} or
 * {@code {"error":{"code":"invalid|refused|unavailable","message":"…","field":"Amount__c"}}}.
 */
public record WayBack(Backplane backplane) {

    private static final Logger LOG = Logger.getLogger(WayBack.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Publishes one event. Never blocks; answers on any thread, within {@code lightline.backplane.timeout}, and fails only when this
     * pod has no backplane.
     *
     * @param id that the event keeps: with the same one Salesforce gets it once, as far as the publisher remembers
     */
    public Uni<WayBackAnswer> publish(ChannelName topic, UUID id, RawJson data) {
        return backplane
                .ask(topic, question(id, data))
                .map(answer -> read(topic, answer))
                .onFailure(NobodyServesException.class)
                .recoverWithItem(_ -> unavailable("nobody publishes to " + topic.name() + " now"))
                .onFailure(ServerFailedException.class)
                .recoverWithItem(failure -> failed(topic, failure))
                .onFailure(IllegalArgumentException.class)
                .recoverWithItem(_ -> new WayBackAnswer.Failed(ErrorCode.LIMIT_EXCEEDED, "the event is too large"));
    }

    /** The data is JSON already, and stays as it is. */
    private static RawJson question(UUID id, RawJson data) {
        var question = new ByteArrayOutputStream(data.length() + 80);
        question.writeBytes(("{\"publish\":{\"id\":\"" + id + "\",\"data\":").getBytes(StandardCharsets.UTF_8));
        question.writeBytes(data.utf8());
        question.writeBytes("}}".getBytes(StandardCharsets.UTF_8));
        return RawJson.of(question.toByteArray());
    }

    private static WayBackAnswer read(ChannelName topic, RawJson answer) {
        try {
            JsonNode json = JSON.readTree(answer.utf8());
            JsonNode error = json.path("error");
            return error.isMissingNode()
                    ? new WayBackAnswer.Taken(json.path("replayId").asText())
                    : failed(error);
        } catch (IOException e) {
            return failed(topic, e);
        }
    }

    private static WayBackAnswer failed(JsonNode error) {
        String message = error.path("message").asText("no reason given");
        String field = error.path("field").asText("");
        String detail = field.isEmpty() ? message : field + ": " + message;
        return switch (error.path("code").asText("")) {
            case "invalid" -> new WayBackAnswer.Failed(ErrorCode.BAD_REQUEST, detail);
            case "refused" -> new WayBackAnswer.Failed(ErrorCode.PERMISSION_DENIED, detail);
            // Also what only a later publisher knows: trying again is right until it is known here.
            default -> unavailable(detail);
        };
    }

    private static WayBackAnswer failed(ChannelName topic, Throwable failure) {
        LOG.warnf("The publisher failed channel=%s reason=%s", topic, failure.getMessage());
        return unavailable("the publisher failed");
    }

    private static WayBackAnswer unavailable(String detail) {
        return new WayBackAnswer.Failed(ErrorCode.INTERNAL, detail);
    }
}
