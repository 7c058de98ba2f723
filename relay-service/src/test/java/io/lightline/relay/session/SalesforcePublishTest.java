package io.lightline.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.RawJson;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client publishes to Salesforce goes to whoever serves the topic, and not to the channel. */
@NullUnmarked
class SalesforcePublishTest {

    private static final Map<String, String> CONFIG = Map.of(
            "lightline.tenants.demo.anonymous", "true",
            "lightline.tenants.demo.namespaces.event.prefix", "/event/",
            "lightline.tenants.demo.namespaces.open.prefix", "/event/Open",
            "lightline.tenants.demo.namespaces.open.publish", "anybody",
            "lightline.tenants.demo.namespaces.open.publish-rate", "1",
            "lightline.tenants.demo.namespaces.open.publish-burst", "2",
            "lightline.tenants.demo.namespaces.open.salesforce-publish", "true",
            "lightline.tenants.demo.namespaces.locked.prefix", "/event/Locked",
            "lightline.tenants.demo.namespaces.locked.salesforce-publish", "true");

    private final SessionPod pod = new SessionPod(CONFIG);
    private final TestClient client = pod.open("s1");
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        pod.close();
    }

    @Test
    void successMeansThatSalesforceHasIt() {
        // given
        serve("/event/Open__e", "{\"replayId\":\"AAAAAAAXkCkAAA==\"}");
        client.asks(1, "connect", "{}");
        client.asks(2, "subscribe", "{\"channel\":\"/event/Open__e\"}");

        // when
        String reply = client.asks(3, "publish", "{\"channel\":\"/event/Open__e\",\"data\":{\"A__c\": 1}}");

        // then
        assertThat(reply).isEqualTo("{\"id\":3,\"publish\":{}}");
        assertThat(asked)
                .singleElement()
                .satisfies(question -> assertThat(question)
                        .matches("\\{\"publish\":\\{\"id\":\"[0-9a-f-]{36}\",\"data\":\\{\"A__c\": ?1}}}"));
        pod.settle();
        assertThat(client.pushes()).isEmpty();
    }

    @Test
    void anErrorNamesTheField() {
        // given
        serve(
                "/event/Open__e",
                "{\"error\":{\"code\":\"invalid\",\"message\":\"wants a number, not text\",\"field\":\"Amount__c\"}}");
        client.asks(1, "connect", "{}");

        // when
        String reply = client.asks(2, "publish", "{\"channel\":\"/event/Open__e\",\"data\":{}}");

        // then
        assertThat(reply)
                .isEqualTo(
                        "{\"id\":2,\"error\":{\"code\":107,\"message\":\"bad request: Amount__c: wants a number, not text\"}}");
    }

    @Test
    void whenNobodyServesTheTopicThereIsATemporaryErrorAtOnce() {
        // given
        client.asks(1, "connect", "{}");

        // when
        String reply = client.asks(2, "publish", "{\"channel\":\"/event/Open__e\",\"data\":{}}");

        // then
        assertThat(reply)
                .isEqualTo("{\"id\":2,\"error\":{\"code\":100,\"message\":"
                        + "\"internal server error: nobody publishes to /event/Open__e now\",\"temporary\":true}}");
    }

    @Test
    void withoutTheKeyAndWithoutTheRightNothingIsAsked() {
        // given
        serve("/event/Order__e", "{}");
        serve("/event/Locked__e", "{}");
        client.asks(1, "connect", "{}");

        // when
        String off = client.asks(2, "publish", "{\"channel\":\"/event/Order__e\",\"data\":{}}");
        String locked = client.asks(3, "publish", "{\"channel\":\"/event/Locked__e\",\"data\":{}}");

        // then
        assertThat(off).contains("\"code\":103");
        assertThat(locked).contains("\"code\":103");
        assertThat(asked).isEmpty();
    }

    @Test
    void theRateOfTheNamespaceCounts() {
        // given
        serve("/event/Open__e", "{\"replayId\":\"AAAAAAAXkCkAAA==\"}");
        client.asks(1, "connect", "{}");

        // when
        for (int i = 2; i <= 4; i++) {
            client.asks(i, "publish", "{\"channel\":\"/event/Open__e\",\"data\":{}}");
        }

        // then
        assertThat(client.awaitReply(3)).contains("\"publish\":{}");
        assertThat(client.awaitReply(4)).contains("\"code\":111");
        assertThat(asked).hasSize(2);
    }

    private void serve(String topic, String answer) {
        pod.backplane
                .serve(new ChannelName("demo", topic), question -> {
                    asked.add(question.toString());
                    return Uni.createFrom().item(RawJson.of(answer));
                })
                .await()
                .indefinitely();
    }
}
