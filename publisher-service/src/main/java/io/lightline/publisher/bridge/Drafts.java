package io.lightline.publisher.bridge;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lightline.backplane.Draft;
import io.lightline.backplane.RawJson;
import io.lightline.salesforce.event.Gap;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.event.TopicItem;
import io.lightline.salesforce.event.UndecodableEvent;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * What subscribers see. All publications carry the tags {@code org} and {@code topic}, those of an event also {@code replayId} and
 * {@code eventUuid}. The tag {@code lightline} marks what is no ordinary event: {@code gap}, events may be missing before;
 * {@code resync}, a change event that tells only that records have changed; {@code dead-letter}, an event that nobody can read.
 */
final class Drafts {

    private static final String KIND = "lightline";

    private Drafts() {}

    static Draft of(TopicItem item) {
        return switch (item) {
            case SalesforceEvent event -> event(event);
            case UndecodableEvent event -> deadLetter(event);
            case Gap gap -> gap(gap);
        };
    }

    private static Draft event(SalesforceEvent event) {
        Map<String, String> tags = tags(event, event.replayId());
        if (event.change() != null && event.change().isGap()) {
            tags.put(KIND, "resync");
        }
        return new Draft(RawJson.of(event.empApi()), null, tags, Instant.now());
    }

    private static Draft deadLetter(UndecodableEvent event) {
        Map<String, String> tags = tags(event, event.replayId());
        tags.put(KIND, "dead-letter");
        var data = JsonNodeFactory.instance
                .objectNode()
                .put("topic", event.topic())
                .put("replayId", event.replayId().base64())
                .put("eventUuid", event.id())
                .put("schemaId", event.schemaId())
                .put("reason", event.reason())
                .put("payload", Base64.getEncoder().encodeToString(event.payload()));
        return draft(data, tags);
    }

    private static Draft gap(Gap gap) {
        ReplayId after = gap.previous();
        var data = JsonNodeFactory.instance.objectNode();
        data.putObject("gap")
                .put("topic", gap.topic())
                .put("after", after == null ? null : after.base64())
                .put("reason", gap.reason())
                .put("detected", gap.detected().toString());
        return draft(data, Map.of(KIND, "gap", "org", gap.orgId(), "topic", gap.topic()));
    }

    private static Map<String, String> tags(TopicItem item, ReplayId replayId) {
        return new HashMap<>(Map.of(
                "org", item.orgId(), "topic", item.topic(), "replayId", replayId.base64(), "eventUuid", item.id()));
    }

    private static Draft draft(ObjectNode data, Map<String, String> tags) {
        return new Draft(RawJson.of(data.toString()), null, tags, Instant.now());
    }
}
