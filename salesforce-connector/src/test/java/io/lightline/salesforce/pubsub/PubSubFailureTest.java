package io.lightline.salesforce.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.lightline.salesforce.pubsub.PubSubFailure.Reaction;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PubSubFailureTest {

    @ParameterizedTest
    @CsvSource({
        "INTERNAL, service.unavailable, RETRY",
        "UNAVAILABLE, topic.api.unavailable, RETRY",
        "INTERNAL, subscription.internal.error, RETRY",
        "UNAVAILABLE, schema.api.unavailable, RETRY",
        "INVALID_ARGUMENT, subscription.fetch.replay.repeated, RETRY",
        "INVALID_ARGUMENT, a.code.of.tomorrow, RETRY",
        "RESOURCE_EXHAUSTED, service.protection.triggered, SLOW_DOWN",
        "RESOURCE_EXHAUSTED, service.protection.stream.limit.triggered, SLOW_DOWN",
        "UNAUTHENTICATED, service.auth.refresh.invalid, LOG_IN",
        "PERMISSION_DENIED, service.tenant.license, WAIT_FOR_OPERATOR",
        "PERMISSION_DENIED, schema.meta.permission, WAIT_FOR_OPERATOR",
        "RESOURCE_EXHAUSTED, concurrent.client.limit.exceeded, WAIT_FOR_OPERATOR",
        "INVALID_ARGUMENT, subscription.fetch.replayid.validation.failed, REPOSITION",
        "INVALID_ARGUMENT, subscription.fetch.overflow, REPORT_BUG",
        "INVALID_ARGUMENT, subscription.fetch.requested.events.invalid, REPORT_BUG",
        "INVALID_ARGUMENT, subscription.fetch.topic.mismatch, REPORT_BUG",
        "INVALID_ARGUMENT, subscription.fetch.request.invalid, REPORT_BUG",
        "UNAUTHENTICATED, service.auth.error, LOG_IN",
        "UNAUTHENTICATED, service.auth.headers.invalid, WAIT_FOR_OPERATOR",
        "PERMISSION_DENIED, topic.meta.permission, WAIT_FOR_OPERATOR",
        "NOT_FOUND, topic.not.found, WAIT_FOR_OPERATOR",
        "INVALID_ARGUMENT, subscription.topic.cannot.subscribe, WAIT_FOR_OPERATOR",
        "INVALID_ARGUMENT, subscription.fetch.replayid.corrupted, REPOSITION",
        "RESOURCE_EXHAUSTED, subscription.limit.exceeded, WAIT_FOR_QUOTA"
    })
    void errorCodeDecides(Status.Code status, String code, Reaction reaction) {
        // given
        var trailers = new Metadata();
        trailers.put(key("error-code"), "sfdc.platform.eventbus.grpc." + code);
        trailers.put(key("rpc-id"), "rpc-1");

        // when
        var failure = PubSubFailure.of(status.toStatus().withDescription("text").asRuntimeException(trailers));

        // then
        assertThat(failure.reaction()).isEqualTo(reaction);
        assertThat(failure).isEqualTo(new PubSubFailure(status, "text", code, "rpc-1"));
        assertThat(failure.cause()).isEqualTo(code);
        assertThat(failure.reason()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE, RETRY",
        "INTERNAL, RETRY",
        "DEADLINE_EXCEEDED, RETRY",
        "RESOURCE_EXHAUSTED, SLOW_DOWN",
        "UNAUTHENTICATED, LOG_IN",
        "NOT_FOUND, WAIT_FOR_OPERATOR",
        "UNIMPLEMENTED, WAIT_FOR_OPERATOR"
    })
    void statusDecidesWhereThereIsNoErrorCode(Status.Code status, Reaction reaction) {
        assertThat(PubSubFailure.of(status.toStatus().asRuntimeException()).reaction())
                .isEqualTo(reaction);
    }

    @Test
    void endWithoutErrorIsTriedAgain() {
        assertThat(PubSubFailure.completed().reaction()).isEqualTo(Reaction.RETRY);
        assertThat(PubSubFailure.completed().cause()).isEqualTo("ok");
    }

    @Test
    void silenceIsTriedAgainAndCountedByItself() {
        // when
        var silence = PubSubFailure.silence(Duration.ofMinutes(5));

        // then
        assertThat(silence.reaction()).isEqualTo(Reaction.RETRY);
        assertThat(silence.cause()).isEqualTo("watchdog");
        assertThat(silence.reason()).isEqualTo("nothing heard for PT5M");
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
