package io.lightline.salesforce.pubsub;

import static io.lightline.salesforce.pubsub.ScriptedPubSub.replayId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.lightline.pubsub.v1.ReplayPreset;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.pubsub.ScriptedPubSub.Call;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stream does after each kind of end. */
class ReconnectTest extends StreamFixture {

    @Test
    void whereTheStoreHasLostTheCheckpointTheStreamGoesOnFromTheOneBefore() {
        // given
        remembered = replayId(41);
        startStream(10, store);
        consumer.request(10);

        // when
        assertThat(firstRequest(1).getReplayId()).isEqualTo(bytes(41));
        call(1).sendOrders(42);

        // then
        consumer.awaitEvents(1);
        assertThat(consumer.events().getFirst().previous()).isNull();
        assertThat(stream.status().gaps()).isZero();
        assertThat(store.begun).hasValue(0);
    }

    @Test
    void streamThatTheServerEndsGoesOnAfterTheLastAcknowledgedEvent() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);
        call(1).sendOrders(1, 2, 3);
        consumer.awaitEvents(3);
        consumer.ackUpTo(2);

        // when
        call(1).complete();

        // then: the third is still with the consumer, so it is waited for
        await().untilAsserted(() -> assertThat(streamState()).isEqualTo("waiting for the checkpoint"));
        assertThat(server.calls()).hasSize(1);
        consumer.ackUpTo(3);
        assertThat(firstRequest(2).getReplayPreset()).isEqualTo(ReplayPreset.CUSTOM);
        assertThat(firstRequest(2).getReplayId()).isEqualTo(bytes(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"service.unavailable", "subscription.internal.error", "a.code.of.tomorrow"})
    void passingErrorIsFollowedByAnotherCall(String code) {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);

        // when
        call(1).fail(Status.Code.INTERNAL, code);

        // then
        assertThat(call(2)).isNotNull();
        assertThat(stream.status().reconnects()).isEqualTo(1);
    }

    @Test
    void serverThatIsGoneAndComesBackIsFoundAgain() throws IOException {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);
        call(1).sendOrders(1);
        consumer.awaitEvents(1);
        consumer.ackUpTo(1);

        // when
        int port = server.port();
        server.close();
        await().untilAsserted(() -> assertThat(stream.status().reconnects()).isPositive());
        assertThat(stream.status().ready()).isFalse();
        server = new ScriptedPubSub(port);

        // then
        assertThat(firstRequest(1).getReplayId()).isEqualTo(bytes(1));
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_FOUND, topic.not.found, PT10M",
        "PERMISSION_DENIED, topic.meta.permission, PT10M",
        "PERMISSION_DENIED, service.tenant.license, PT10M",
        "UNAUTHENTICATED, service.auth.headers.invalid, PT10M",
        "INVALID_ARGUMENT, subscription.fetch.topic.mismatch, PT10M",
        "RESOURCE_EXHAUSTED, subscription.limit.exceeded, PT30M"
    })
    void whatDoesNotPassSoonIsTriedRarelyAndSaidInTheState(Status.Code status, String code, String pause) {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);

        // when
        call(1).fail(status, code);

        // then
        await().untilAsserted(() -> assertThat(streamState()).isEqualTo("pausing for " + pause + ": " + code));
        assertThat(stream.status().ready()).isFalse();
        assertThat(stream.status().ends()).containsExactly(Map.entry(code, 1L));
        assertThat(stream.status().rpcId()).isEqualTo("rpc-1");
    }

    @Test
    void protectionOfTheServiceIsAnsweredWithNoPauseBelowTheLongest() {
        // given
        longestPause = LONG;
        startStream(10, ReplayStore.none());
        consumer.request(10);

        // when
        call(1).fail(Status.Code.RESOURCE_EXHAUSTED, "service.protection.triggered");

        // then
        await().untilAsserted(() -> assertThat(streamState()).startsWith("pausing for PT10M"));
    }

    @Test
    void endsAreCountedByTheirCause() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);

        // when
        call(1).complete();
        call(2).fail(Status.Code.INTERNAL, "service.unavailable");
        call(3).complete();

        // then
        assertThat(call(4)).isNotNull();
        assertThat(stream.status().ends()).isEqualTo(Map.of("ok", 2L, "service.unavailable", 1L));
        assertThat(stream.status().reconnects()).isEqualTo(3);
    }

    @Test
    void eachCallHasANameOfOursThatTheStatusTells() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);
        call(1).complete();

        // when
        call(2).sendOrders(1);
        consumer.awaitEvents(1);

        // then
        assertThat(server.traceIds()).doesNotHaveDuplicates();
        assertThat(server.traceIds().get(1))
                .hasSize(36)
                .isEqualTo(stream.status().traceId());
        assertThat(stream.status().rpcId()).isEqualTo("rpc-0");
    }

    @Test
    void silenceEndsTheCallAndAnotherOneIsMade() {
        // given
        watchdog = Duration.ofMillis(50);
        startStream(10, ReplayStore.none());

        // when
        consumer.request(10);

        // then
        assertThat(call(2)).isNotNull();
        await().untilAsserted(() -> assertThat(call(1).cancelled()).isTrue());
        assertThat(stream.status().ends()).containsKey("watchdog");
        assertThat(server.clients().get(1)).isNotEqualTo(server.clients().get(0));
    }

    @Test
    void refusedTokenIsReplacedAtOnceAndOnce() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(10);

        // when
        call(1).fail(Status.Code.UNAUTHENTICATED, "service.auth.error");

        // then
        assertThat(call(2)).isNotNull();
        assertThat(server.tokens()).containsExactly("token-1", "token-2");
        call(2).fail(Status.Code.UNAUTHENTICATED, "service.auth.error");
        await().untilAsserted(() -> assertThat(server.tokens()).contains("token-3"));
    }

    @Test
    void pausesGrowAsLongAsSalesforceOnlyConnectsAndNeverResponds() {
        // given
        longestPause = LONG;
        startStream(10, ReplayStore.none());
        consumer.request(10);

        // when
        int calls = 0;
        while (calls < 30 && pause().compareTo(Duration.ofMillis(200)) < 0) {
            calls++;
            call(calls).fail(Status.Code.UNAVAILABLE, "service.unavailable");
            int ended = calls;
            await().untilAsserted(() -> assertThat(stream.status().reconnects()).isEqualTo(ended));
        }

        // then
        assertThat(pause()).isGreaterThan(Duration.ofMillis(200));
    }

    /** How long the stream pauses now; zero when it does not. */
    private Duration pause() {
        var pausing = Pattern.compile("pausing for (\\S+): .*").matcher(streamState());
        return pausing.matches() ? Duration.parse(pausing.group(1)) : Duration.ZERO;
    }

    @Test
    void afterAResponseTheNextRefusedTokenIsReplacedAtOnceToo() {
        // given: pauses so long that only a free try can be seen
        longestPause = LONG;
        startStream(10, store);
        consumer.request(10);
        call(1).fail(Status.Code.UNAUTHENTICATED, "service.auth.error");
        call(2).keepalive(30, 10);
        await().untilAsserted(() -> assertThat(store.checkpoint).isEqualTo(replayId(30)));

        // when
        call(2).fail(Status.Code.UNAUTHENTICATED, "service.auth.error");

        // then
        assertThat(call(3)).isNotNull();
        assertThat(server.tokens()).containsExactly("token-1", "token-2", "token-3");
    }

    @Test
    void loginThatNeedsAnOperatorIsTriedRarely() {
        // given
        loginFails = true;
        loginFailurePasses = false;
        startStream(10, ReplayStore.none());

        // when
        consumer.request(10);

        // then
        await().untilAsserted(() -> assertThat(streamState()).isEqualTo("pausing for PT10M: no login: scripted"));
        assertThat(logins).hasValue(1);
    }

    @Test
    void schemaIsAskedForWithANewTokenWhenTheOldOneHasDiedWithoutAnEndOfTheCall() {
        // given
        server.failNextSchema(Status.UNAUTHENTICATED);
        startStream(10, ReplayStore.none());
        consumer.request(10);

        // when
        call(1).sendOrders(1);

        // then
        consumer.awaitEvents(1);
        assertThat(server.calls()).hasSize(1);
        assertThat(server.tokens()).containsExactly("token-1", "token-1", "token-2");
    }

    @Test
    void failedLoginIsTriedAgain() {
        // given
        loginFails = true;
        startStream(10, ReplayStore.none());
        consumer.request(10);
        await().untilAsserted(() -> assertThat(logins).hasValueGreaterThan(1));

        // when
        loginFails = false;

        // then
        assertThat(call(1)).isNotNull();
    }

    @Test
    void storeThatIsDownIsAskedAgain() {
        // given
        store.failures.add(new IllegalStateException("down"));
        store.checkpoint = replayId(7);

        // when
        startStream(10, store);
        consumer.request(10);

        // then
        assertThat(firstRequest(1).getReplayId()).isEqualTo(bytes(7));
    }

    @Test
    void schemaThatCannotBeHadNowIsAskedForAgainAndNothingIsLost() {
        // given
        server.failNextSchema(Status.UNAVAILABLE);
        store.checkpoint = replayId(7);
        startStream(10, store);
        consumer.request(10);
        call(1).sendOrders(8);

        // when
        Call again = call(2);

        // then
        assertThat(firstRequest(2).getReplayId()).isEqualTo(bytes(7));
        again.sendOrders(8);
        consumer.awaitEvents(1);
        assertThat(stream.status().discarded()).isEqualTo(1);
    }

    @Test
    void lateEventsOfACallThatWasGivenUpAreIgnored() {
        // given
        startStream(10, ReplayStore.none());
        consumer.request(100);
        call(1).sendOrders(1);
        consumer.awaitEvents(1);
        consumer.nack(0);

        // when: the old call speaks before its cancellation has reached the server
        if (!call(1).cancelled()) {
            call(1).sendOrders(2);
        }

        // then
        call(2).sendOrders(1);
        consumer.awaitEvents(2);
        assertThat(consumer.events()).extracting(SalesforceEvent::id).containsExactly("e-1", "e-1");
    }
}
