package io.lightline.salesforce.pubsub;

import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.lightline.pubsub.v1.PubSubGrpc;
import io.lightline.pubsub.v1.PubSubGrpc.PubSubStub;
import io.lightline.pubsub.v1.PublishRequest;
import io.lightline.pubsub.v1.PublishResponse;
import io.lightline.pubsub.v1.SchemaInfo;
import io.lightline.pubsub.v1.SchemaRequest;
import io.lightline.pubsub.v1.TopicInfo;
import io.lightline.pubsub.v1.TopicRequest;
import io.lightline.salesforce.auth.Token;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Salesforce's Pub/Sub API over one HTTP/2 connection, shared by all topics of a connector. Callbacks come on the channel's
 * executor, which is the connector's thread. Every call carries the token that it is given, from its start to its end, and a
 * trace id of its own, by which Salesforce's support finds it.
 */
public final class PubSubClient {

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final Metadata.Key<String> ACCESS_TOKEN = key("accesstoken");
    private static final Metadata.Key<String> INSTANCE_URL = key("instanceurl");
    private static final Metadata.Key<String> TENANT_ID = key("tenantid");

    private static final Metadata.Key<String> TRACE_ID = key("x-client-trace-id");

    private final ManagedChannel channel;

    /** @param channel whose executor is the connector's thread */
    public PubSubClient(ManagedChannel channel) {
        this.channel = channel;
    }

    /** Starts a call; its first request is still to be sent. */
    FetchCall subscribe(Token token, FetchCall.Listener listener) {
        // gRPC's own pause after a broken connection is longer than ours, and ours has just passed.
        channel.resetConnectBackoff();
        String traceId = newTraceId();
        var call = new FetchCall(traceId, listener);
        var _ = stub(token, traceId).subscribe(call);
        return call;
    }

    /** The next call gets a new connection; calls that are under way keep theirs. */
    void forgetConnection() {
        channel.enterIdle();
    }

    /** The Avro schema as JSON; fails with what the server said. */
    public CompletionStage<String> schema(Token token, String schemaId) {
        return this.<SchemaInfo>ask(
                        token,
                        (stub, answer) -> stub.getSchema(
                                SchemaRequest.newBuilder().setSchemaId(schemaId).build(), answer))
                .thenApply(SchemaInfo::getSchemaJson);
    }

    /** What Salesforce knows of a topic, and whether we may publish there; fails with what the server said. */
    public CompletionStage<TopicInfo> topic(Token token, String topic) {
        return ask(
                token,
                (stub, answer) -> stub.getTopic(
                        TopicRequest.newBuilder().setTopicName(topic).build(), answer));
    }

    /** Starts a call that publishes: what it returns takes requests, {@code answers} hears of each in their order. */
    public StreamObserver<PublishRequest> publish(Token token, StreamObserver<PublishResponse> answers) {
        return stub(token, newTraceId()).publishStream(answers);
    }

    private <A> CompletionStage<A> ask(Token token, BiConsumer<PubSubStub, StreamObserver<A>> question) {
        var answer = new CompletableFuture<A>();
        question.accept(
                stub(token, newTraceId()).withDeadlineAfter(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS),
                new StreamObserver<>() {
                    @Override
                    public void onNext(A item) {
                        answer.complete(item);
                    }

                    @Override
                    public void onError(Throwable error) {
                        answer.completeExceptionally(error);
                    }

                    @Override
                    public void onCompleted() {
                        // A unary call has answered before.
                    }
                });
        return answer;
    }

    private PubSubStub stub(Token token, String traceId) {
        var headers = new Metadata();
        headers.put(ACCESS_TOKEN, token.accessToken());
        headers.put(INSTANCE_URL, token.instanceUrl().toString());
        headers.put(TENANT_ID, token.tenantId());
        headers.put(TRACE_ID, traceId);
        return PubSubGrpc.newStub(
                ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
    }

    private static String newTraceId() {
        return UUID.randomUUID().toString();
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
