package io.lightline.salesforce.publish;

import static io.lightline.salesforce.pubsub.ScriptedPubSub.replayId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.lightline.pubsub.v1.ErrorCode;
import io.lightline.pubsub.v1.ProducerEvent;
import io.lightline.pubsub.v1.PublishRequest;
import io.lightline.salesforce.auth.LoginFailedException;
import io.lightline.salesforce.auth.Token;
import io.lightline.salesforce.auth.TokenSource;
import io.lightline.salesforce.event.EventDecoder;
import io.lightline.salesforce.event.Schemas;
import io.lightline.salesforce.publish.PublishOutcome.Invalid;
import io.lightline.salesforce.publish.PublishOutcome.Published;
import io.lightline.salesforce.publish.PublishOutcome.Refused;
import io.lightline.salesforce.publish.PublishOutcome.Unavailable;
import io.lightline.salesforce.pubsub.PubSubClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventPublisherTest {

    private static final String TOPIC = "/event/Order__e";
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger logins = new AtomicInteger();
    private volatile boolean loginFails;
    private volatile Instant now = Instant.parse("2026-11-23T18:00:00Z");
    private ScriptedPublishing server;
    private ManagedChannel channel;
    private EventPublisher publisher;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedPublishing();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .executor(thread)
                .build();
        publisher =
                new EventPublisher(new PubSubClient(channel), new TokenSource(this::login, LONG), thread, () -> now);
    }

    @AfterEach
    void stop() {
        publisher.close();
        channel.shutdownNow();
        server.close();
        thread.shutdown();
    }

    @Test
    void anEventIsEncodedByTheTopicsSchemaAndItsReplayIdIsTheAnswer() {
        // when
        var outcome = publish("e-1", "{\"Amount__c\": 49.9}");
        call(1, 1).accept();

        // then
        assertThat(outcome).succeedsWithin(PATIENCE).isEqualTo(List.of(new Published(replayId(1))));
        PublishRequest request = server.calls().getFirst().requests().getFirst();
        ProducerEvent event = request.getEvents(0);
        assertThat(request.getTopicName()).isEqualTo(TOPIC);
        assertThat(event.getId()).isEqualTo("e-1");
        assertThat(event.getSchemaId()).isEqualTo("order-1");
        var decoded = EventDecoder.of(Schemas.ORDER.toString())
                .decode(event.getPayload().toByteArray());
        assertThat(new String(decoded.payload(), StandardCharsets.UTF_8))
                .contains("\"CreatedDate\":\"2026-11-23T18:00:00.000Z\"", "\"CreatedById\":\"005-1\"", "49.9");
    }

    @Test
    void whatComesWhileARequestIsUnderWayGoesTogetherInTheNext() {
        // given
        var first = publish("e-0", "{}");
        call(1, 1);

        // when
        var later = IntStream.rangeClosed(1, 450)
                .mapToObj(i -> publish("e-" + i, "{}"))
                .toList();
        settle();
        call(1, 1).accept();
        call(1, 2).accept();
        call(1, 3).accept();
        call(1, 4).accept();

        // then
        assertThat(first).succeedsWithin(PATIENCE);
        assertThat(later).allSatisfy(outcome -> assertThat(outcome).succeedsWithin(PATIENCE));
        assertThat(server.calls()).hasSize(1);
        assertThat(server.calls().getFirst().requests())
                .extracting(PublishRequest::getEventsCount)
                .containsExactly(1, 200, 200, 50);
        assertThat(server.calls().getFirst().requests().stream()
                        .flatMap(request -> request.getEventsList().stream())
                        .map(ProducerEvent::getId))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(0, 450).mapToObj(i -> "e-" + i).toList());
        assertThat(server.topicRequests()).hasSize(1);
    }

    @Test
    void aRequestHasThreeMegabytesAtMost() {
        // given
        var first = publish("e-0", "{}");
        call(1, 1);
        var large = "{\"OrderNumber__c\": \"" + "a".repeat(900_000) + "\"}";

        // when
        var later = IntStream.rangeClosed(1, 4)
                .mapToObj(i -> publish("e-" + i, large))
                .toList();
        settle();
        call(1, 1).accept();
        call(1, 2).accept();
        call(1, 3).accept();

        // then
        assertThat(first).succeedsWithin(PATIENCE);
        assertThat(later).allSatisfy(outcome -> assertThat(outcome).succeedsWithin(PATIENCE));
        assertThat(server.calls().getFirst().requests())
                .extracting(PublishRequest::getEventsCount)
                .containsExactly(1, 3, 1);
    }

    @Test
    void ofSeveralEventsEachHasItsOwnOutcomeInItsOwnPlace() {
        // when
        var outcomes = publish(
                draft("e-1", "{}"), draft("e-2", "{\"Amount__c\": \"much\"}"), draft("e-3", "{}"), draft("e-4", "{}"));
        call(1, 1).acceptBut("e-3", ErrorCode.PUBLISH, "no such thing");

        // then: answers come in another order than the events
        assertThat(outcomes)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(
                        new Published(replayId(2)),
                        new Invalid("Amount__c", "wants a number, not text"),
                        new Invalid(null, "Salesforce says: no such thing"),
                        new Published(replayId(1))));
        assertThat(server.calls().getFirst().requests().getFirst().getEventsList())
                .extracting(ProducerEvent::getId)
                .containsExactly("e-1", "e-3", "e-4");
    }

    @Test
    void anErrorThatIsNotTheEventsFaultAndAMissingAnswerAreUnavailable() {
        // when
        var unknown = publish("e-1", "{}");
        call(1, 1).acceptBut("e-1", ErrorCode.UNKNOWN, "try later");
        var unanswered = publish("e-2", "{}");
        call(1, 2).answerNothing();

        // then
        assertThat(unknown).succeedsWithin(PATIENCE).isEqualTo(List.of(new Unavailable("Salesforce says: try later")));
        assertThat(unanswered)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Unavailable("Salesforce does not say what became of it")));
    }

    @Test
    void anInvalidEventAloneCostsNoRequest() {
        // when
        var outcome = publish("e-1", "{\"Colour__c\": 1}");

        // then
        assertThat(outcome)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Invalid("Colour__c", "Order__e has no such field")));
        var next = publish("e-2", "{}");
        call(1, 1).accept();
        assertThat(next).succeedsWithin(PATIENCE).isEqualTo(List.of(new Published(replayId(1))));
    }

    @Test
    void aSchemaThatHasChangedIsReadAnewAndTheEventSentOnceMore() {
        // given
        published("e-1");
        server.schemaId = "order-2";
        server.schema = Schemas.ORDER.toString().replace("OrderNumber__c", "Number__c");

        // when
        var outcome = publish("e-2", "{}");
        call(1, 2).refuseAll("The schema ID is missing or there is no such schema.");
        call(1, 3).accept();
        var oldField = publish("e-3", "{\"OrderNumber__c\": \"A\"}");

        // then
        assertThat(outcome).succeedsWithin(PATIENCE).isEqualTo(List.of(new Published(replayId(2))));
        assertThat(server.calls().getFirst().requests().getLast().getEvents(0).getSchemaId())
                .isEqualTo("order-2");
        assertThat(oldField)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Invalid("OrderNumber__c", "Order__e has no such field")));
    }

    @Test
    void anEventThatIsRefusedByTheNewSchemaTooIsNotSentForEver() {
        // given
        published("e-1");

        // when
        var outcome = publish("e-2", "{}");
        server.schemaId = "order-2";
        call(1, 2).refuseAll("no");
        server.schemaId = "order-3";
        call(1, 3).refuseAll("no, again");

        // then
        assertThat(outcome)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Invalid(null, "Salesforce says: no, again")));
    }

    @Test
    void aDeadTokenIsReplacedAndWhatWasSentWithItSentAgain() {
        // given
        published("e-1");

        // when
        var outcome = publish("e-2", "{}");
        call(1, 2).fail(Status.Code.UNAUTHENTICATED, "service.auth.error");
        call(2, 1).accept();

        // then
        assertThat(outcome).succeedsWithin(PATIENCE).isEqualTo(List.of(new Published(replayId(2))));
        assertThat(server.tokens()).startsWith("token-1").endsWith("token-2");
        assertThat(server.topicRequests()).hasSize(1);
    }

    @Test
    void aDeadTokenIsReplacedWhenTheTopicIsAskedFor() {
        // given
        server.failNextTopic(Status.Code.UNAUTHENTICATED, "service.auth.error");

        // when
        var outcome = publish("e-1", "{}");
        call(1, 1).accept();

        // then
        assertThat(outcome).succeedsWithin(PATIENCE).isEqualTo(List.of(new Published(replayId(1))));
        assertThat(server.tokens()).containsExactly("token-1", "token-2", "token-2", "token-2");
    }

    @Test
    void aTokenThatIsDeadTwiceIsUnavailable() {
        // given
        published("e-1");

        // when
        var outcome = publish("e-2", "{}");
        call(1, 2).fail(Status.Code.UNAUTHENTICATED, "service.auth.error");
        call(2, 1).fail(Status.Code.UNAUTHENTICATED, "service.auth.error");

        // then
        assertThat(outcome)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Unavailable("it may have been published: service.auth.error")));
    }

    @Test
    void aFailedLoginIsUnavailableAndTheNextEventTriesAgain() {
        // given
        loginFails = true;
        assertThat(publish("e-1", "{}"))
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Unavailable("not published: no login at Salesforce")));
        loginFails = false;

        // when
        var outcome = publish("e-1", "{}");
        call(1, 1).accept();

        // then
        assertThat(outcome).succeedsWithin(PATIENCE).isEqualTo(List.of(new Published(replayId(1))));
    }

    @Test
    void aStreamThatIsSweptAwayWhileARequestIsOnItsWayIsOpenedAnewAndNothingLost() {
        // given
        published("e-1");

        // when
        var outcome = publish("e-2", "{}");
        call(1, 2).fail(Status.Code.DEADLINE_EXCEEDED, "publish.stream.sweeper.timeout");
        call(2, 1).accept();

        // then
        assertThat(outcome).succeedsWithin(PATIENCE).isEqualTo(List.of(new Published(replayId(2))));
    }

    @Test
    void anIdleStreamThatTheServerEndsIsOpenedAnewWhenItIsNeeded() {
        // given
        published("e-1");
        server.calls().getFirst().complete();

        // when
        var outcomes = new ArrayList<CompletableFuture<List<PublishOutcome>>>();
        await().until(() -> {
            // One that the client sends before it has heard of the end is lost with the stream.
            outcomes.add(publish("next-" + outcomes.size(), "{}"));
            settle();
            return server.calls().size() == 2;
        });
        var id = call(2, 1).requests().getFirst().getEvents(0).getId();
        call(2, 1).accept();

        // then
        assertThat(outcomes.get(Integer.parseInt(id.substring("next-".length()))))
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Published(replayId(2))));
    }

    @Test
    void whatIsUnderWayWhenAStreamEndsWithoutAWordMayHaveBeenPublished() {
        // given
        var ended = publish("e-1", "{}");
        call(1, 1).complete();
        assertThat(ended)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Unavailable("it may have been published: The server ended the stream")));

        // when
        var failed = publish("e-2", "{}");
        call(2, 1).fail(Status.Code.INTERNAL, "service.unavailable");

        // then
        assertThat(failed)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Unavailable("it may have been published: service.unavailable")));
    }

    @Test
    void aTopicThatDoesNotExistIsRefusedAndAskedForAgainTheNextTime() {
        // given
        server.failNextTopic(Status.Code.NOT_FOUND, "topic.not.found");

        // when
        var refused = publish("e-1", "{}");

        // then
        assertThat(refused)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Refused("Salesforce says: topic.not.found")));
        var outcome = publish("e-1", "{}");
        call(1, 1).accept();
        assertThat(outcome).succeedsWithin(PATIENCE).isEqualTo(List.of(new Published(replayId(1))));
    }

    @Test
    void aTopicThatWeMayNotPublishToIsRefused() {
        // given
        server.publishable = false;

        // when
        var refused = publish("e-1", "{}");

        // then
        assertThat(refused)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Refused("Salesforce lets this user not publish to " + TOPIC)));
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void aTopicWhoseSchemaMakesNoSenseIsRefused() {
        // given
        server.schema = "{}";

        // when
        var refused = publish("e-1", "{}");

        // then
        assertThat(refused)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Refused("The schema of an event is not one of Avro")));
    }

    @Test
    void aSilentServerIsGivenUpAndTheNextEventHasAStreamOfItsOwn() {
        // given
        var slow = publisher
                .publish(TOPIC, List.of(draft("e-1", "{}")), Duration.ofMillis(300))
                .toCompletableFuture();
        var silent = call(1, 1);

        // when
        assertThat(slow)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(
                        new Unavailable("Salesforce has not answered within PT0.3S; it may have been published")));
        var outcome = publish("e-2", "{}");
        call(2, 1).accept();

        // then
        assertThat(outcome).succeedsWithin(PATIENCE).isEqualTo(List.of(new Published(replayId(1))));
        await().until(silent::cancelled);
    }

    @Test
    void whatStillWaitsWhenItsTimeIsOverIsNotPublished() {
        // given
        var first = publish("e-1", "{}");
        call(1, 1);

        // when
        var waits = publisher
                .publish(TOPIC, List.of(draft("e-2", "{}")), Duration.ofMillis(100))
                .toCompletableFuture();

        // then
        assertThat(waits)
                .succeedsWithin(PATIENCE)
                .isEqualTo(
                        List.of(new Unavailable("Salesforce has not answered within PT0.1S, and was not published")));
        call(1, 1).accept();
        assertThat(first).succeedsWithin(PATIENCE);
        assertThat(server.calls().getFirst().requests()).hasSize(1);
    }

    @Test
    void moreThanMayWaitIsRefusedAtOnce() {
        // given
        var _ = publish("e-0", "{}");
        call(1, 1);
        for (int i = 1; i <= 2_000; i++) {
            var _ = publish("e-" + i, "{}");
        }

        // when
        var refused = publish("e-2001", "{}");

        // then
        assertThat(refused)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Unavailable("not published: 2000 events wait for Salesforce already")));
    }

    @Test
    void anIdIsPublishedOnceForFiveMinutes() {
        // given
        var first = publish("e-1", "{}");
        var together = publish("e-1", "{}");
        call(1, 1).accept();
        assertThat(first).succeedsWithin(PATIENCE).isEqualTo(List.of(new Published(replayId(1))));
        assertThat(together).succeedsWithin(PATIENCE).isEqualTo(List.of(new Published(replayId(1))));

        // when
        var soon = publish("e-1", "{}");
        assertThat(soon).succeedsWithin(PATIENCE).isEqualTo(List.of(new Published(replayId(1))));
        now = now.plus(Duration.ofMinutes(5));
        var later = publish("e-1", "{}");
        call(1, 2).accept();

        // then
        assertThat(later).succeedsWithin(PATIENCE).isEqualTo(List.of(new Published(replayId(2))));
    }

    @Test
    void whatIsNotDoneWhenThePublisherIsClosedHasAnOutcome() {
        // given
        var sent = publish("e-1", "{}");
        call(1, 1);
        var waits = publish("e-2", "{}");

        // when
        publisher.close();

        // then
        assertThat(sent)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Unavailable("the publisher was closed; it may have been published")));
        assertThat(waits)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Unavailable("the publisher was closed, and this was not published")));
    }

    @Test
    void whatIsPublishedAfterTheThreadHasEndedIsUnavailableAndClosingAgainHarmless() {
        // given
        thread.shutdown();

        // when
        publisher.close();
        var outcome = publish("e-1", "{}");

        // then
        assertThat(outcome)
                .succeedsWithin(PATIENCE)
                .isEqualTo(List.of(new Unavailable("not published: the publisher is closed")));
    }

    @Test
    void topicsDoNotWaitForEachOther() {
        // given
        var _ = publish("e-1", "{}");
        call(1, 1);

        // when
        var other = publisher
                .publish("/event/Other__e", List.of(draft("e-2", "{}")), LONG)
                .toCompletableFuture();
        call(2, 1).accept();

        // then
        assertThat(other).succeedsWithin(PATIENCE).isEqualTo(List.of(new Published(replayId(1))));
        assertThat(server.topicRequests()).containsExactly(TOPIC, "/event/Other__e");
    }

    private Token login() {
        int number = logins.incrementAndGet();
        if (loginFails) {
            throw new LoginFailedException("scripted", true);
        }
        return new Token("token-" + number, URI.create("https://org.example"), "00D000000000001EAA", "005-" + number);
    }

    private void published(String id) {
        var outcome = publish(id, "{}");
        call(1, 1).accept();
        assertThat(outcome).succeedsWithin(PATIENCE);
    }

    private CompletableFuture<List<PublishOutcome>> publish(String id, String json) {
        return publish(draft(id, json));
    }

    private CompletableFuture<List<PublishOutcome>> publish(EventDraft... drafts) {
        return publisher.publish(TOPIC, List.of(drafts), LONG).toCompletableFuture();
    }

    private static EventDraft draft(String id, String json) {
        return new EventDraft(id, json.getBytes(StandardCharsets.UTF_8));
    }

    /** What was said to the publisher before has reached it. */
    private void settle() {
        CompletableFuture.runAsync(() -> {}, thread).join();
    }

    /** The n-th call, once it has so many requests. */
    private ScriptedPublishing.Call call(int number, int requests) {
        await().untilAsserted(() -> {
            assertThat(server.calls()).hasSizeGreaterThanOrEqualTo(number);
            assertThat(server.calls().get(number - 1).requests()).hasSizeGreaterThanOrEqualTo(requests);
        });
        return server.calls().get(number - 1);
    }
}
