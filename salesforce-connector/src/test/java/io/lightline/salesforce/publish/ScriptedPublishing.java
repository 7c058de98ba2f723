package io.lightline.salesforce.publish;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.lightline.pubsub.v1.Error;
import io.lightline.pubsub.v1.ErrorCode;
import io.lightline.pubsub.v1.ProducerEvent;
import io.lightline.pubsub.v1.PubSubGrpc;
import io.lightline.pubsub.v1.PublishRequest;
import io.lightline.pubsub.v1.PublishResponse;
import io.lightline.pubsub.v1.PublishResult;
import io.lightline.pubsub.v1.SchemaInfo;
import io.lightline.pubsub.v1.SchemaRequest;
import io.lightline.pubsub.v1.TopicInfo;
import io.lightline.pubsub.v1.TopicRequest;
import io.lightline.salesforce.event.Schemas;
import io.lightline.salesforce.pubsub.ScriptedPubSub;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The publishing side of a Pub/Sub API server, on a free port of 127.0.0.1: it answers when a test says so. */
final class ScriptedPublishing extends PubSubGrpc.PubSubImplBase implements AutoCloseable {

    private static final String CODE_PREFIX = "sfdc.platform.eventbus.grpc.";
    private static final Metadata.Key<String> TOKEN = key("accesstoken");

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final List<String> topicRequests = new CopyOnWriteArrayList<>();
    private final AtomicInteger replayIds = new AtomicInteger();
    private final Queue<Exception> topicFailures = new ArrayDeque<>();
    private final Server server;
    volatile String schemaId = "order-1";
    volatile String schema = Schemas.ORDER.toString();
    volatile boolean publishable = true;

    ScriptedPublishing() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .directExecutor()
                .addService(this)
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        tokens.add(String.valueOf(headers.get(TOKEN)));
                        return next.startCall(call, headers);
                    }
                })
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    /** All {@code PublishStream} calls so far, in their order. */
    List<Call> calls() {
        return calls;
    }

    List<String> topicRequests() {
        return topicRequests;
    }

    /** The access token of each call so far. */
    List<String> tokens() {
        return tokens;
    }

    synchronized void failNextTopic(Status.Code status, String code) {
        topicFailures.add(failure(status, code));
    }

    @Override
    public synchronized void getTopic(TopicRequest request, StreamObserver<TopicInfo> answer) {
        topicRequests.add(request.getTopicName());
        Exception failure = topicFailures.poll();
        if (failure != null) {
            answer.onError(failure);
            return;
        }
        answer.onNext(TopicInfo.newBuilder()
                .setTopicName(request.getTopicName())
                .setCanPublish(publishable)
                .setSchemaId(schemaId)
                .build());
        answer.onCompleted();
    }

    @Override
    public void getSchema(SchemaRequest request, StreamObserver<SchemaInfo> answer) {
        answer.onNext(SchemaInfo.newBuilder()
                .setSchemaId(request.getSchemaId())
                .setSchemaJson(schema)
                .build());
        answer.onCompleted();
    }

    @Override
    public StreamObserver<PublishRequest> publishStream(StreamObserver<PublishResponse> responses) {
        var call = new Call((ServerCallStreamObserver<PublishResponse>) responses);
        calls.add(call);
        return call;
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Exception failure(Status.Code status, String code) {
        var trailers = new Metadata();
        trailers.put(key("error-code"), CODE_PREFIX + code);
        trailers.put(key("rpc-id"), "rpc-1");
        return status.toStatus().withDescription("scripted").asRuntimeException(trailers);
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** One {@code PublishStream} call, seen from the server. */
    final class Call implements StreamObserver<PublishRequest> {

        private final ServerCallStreamObserver<PublishResponse> responses;
        private final List<PublishRequest> requests = new CopyOnWriteArrayList<>();
        private volatile boolean finished;

        private Call(ServerCallStreamObserver<PublishResponse> responses) {
            this.responses = responses;
            responses.setOnCancelHandler(() -> {});
        }

        List<PublishRequest> requests() {
            return requests;
        }

        boolean cancelled() {
            return responses.isCancelled();
        }

        boolean finished() {
            return finished;
        }

        /** Takes all events of the last request. */
        void accept() {
            var response = PublishResponse.newBuilder().setSchemaId(schemaId);
            events().forEach(event -> response.addResults(accepted(event)));
            responses.onNext(response.build());
        }

        /** Takes all but one. */
        void acceptBut(String refused, ErrorCode code, String message) {
            var response = PublishResponse.newBuilder().setSchemaId(schemaId);
            events().reversed()
                    .forEach(event -> response.addResults(
                            event.getId().equals(refused) ? refused(event, code, message) : accepted(event)));
            responses.onNext(response.build());
        }

        void refuseAll(String message) {
            var response = PublishResponse.newBuilder().setSchemaId(schemaId);
            events().forEach(event -> response.addResults(refused(event, ErrorCode.PUBLISH, message)));
            responses.onNext(response.build());
        }

        void answerNothing() {
            responses.onNext(PublishResponse.newBuilder().setSchemaId(schemaId).build());
        }

        void complete() {
            responses.onCompleted();
        }

        void fail(Status.Code status, String code) {
            responses.onError(failure(status, code));
        }

        private List<ProducerEvent> events() {
            return requests.getLast().getEventsList();
        }

        private static PublishResult refused(ProducerEvent event, ErrorCode code, String message) {
            return PublishResult.newBuilder()
                    .setCorrelationKey(event.getId())
                    .setError(Error.newBuilder().setCode(code).setMsg(message))
                    .build();
        }

        private PublishResult accepted(ProducerEvent event) {
            return PublishResult.newBuilder()
                    .setCorrelationKey(event.getId())
                    .setReplayId(ByteString.copyFrom(
                            ScriptedPubSub.replayId(replayIds.incrementAndGet()).bytes()))
                    .build();
        }

        @Override
        public void onNext(PublishRequest request) {
            requests.add(request);
        }

        @Override
        public void onError(Throwable cancelled) {
            // isCancelled tells.
        }

        @Override
        public void onCompleted() {
            finished = true;
            responses.onCompleted();
        }
    }
}
