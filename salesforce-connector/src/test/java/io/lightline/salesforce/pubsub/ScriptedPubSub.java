package io.lightline.salesforce.pubsub;

import com.google.protobuf.ByteString;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.lightline.pubsub.v1.ConsumerEvent;
import io.lightline.pubsub.v1.FetchRequest;
import io.lightline.pubsub.v1.FetchResponse;
import io.lightline.pubsub.v1.ProducerEvent;
import io.lightline.pubsub.v1.PubSubGrpc;
import io.lightline.pubsub.v1.SchemaInfo;
import io.lightline.pubsub.v1.SchemaRequest;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.event.Schemas;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.avro.Schema;

/** A Pub/Sub API server on a free port of 127.0.0.1 that does what a test tells it, and remembers what it was asked. */
public final class ScriptedPubSub extends PubSubGrpc.PubSubImplBase implements AutoCloseable {

    public static final String ORDER_SCHEMA = "order-1";
    static final String ACCOUNT_SCHEMA = "account-1";
    private static final String CODE_PREFIX = "sfdc.platform.eventbus.grpc.";

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final List<String> traceIds = new CopyOnWriteArrayList<>();
    private final List<String> clients = new CopyOnWriteArrayList<>();
    private final AtomicInteger schemaRequests = new AtomicInteger();
    private final Queue<Status> schemaFailures = new ArrayDeque<>();
    private final Map<String, String> schemas =
            new ConcurrentHashMap<>(Map.of(ACCOUNT_SCHEMA, Schemas.ACCOUNT.toString(), "broken-1", "{}"));
    private final Server server;

    public ScriptedPubSub() throws IOException {
        this(0);
    }

    ScriptedPubSub(int port) throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .directExecutor()
                .addService(this)
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        tokens.add(String.valueOf(headers.get(key("accesstoken"))));
                        traceIds.add(String.valueOf(headers.get(key("x-client-trace-id"))));
                        clients.add(String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
                        return next.startCall(call, headers);
                    }
                })
                .build()
                .start();
    }

    public int port() {
        return server.getPort();
    }

    /** All {@code Subscribe} calls so far, in their order. */
    public List<Call> calls() {
        return calls;
    }

    /** The access token of each call so far. */
    List<String> tokens() {
        return tokens;
    }

    /** The client's own name of each call so far. */
    List<String> traceIds() {
        return traceIds;
    }

    /** The address and port that each call so far came from. */
    public List<String> clients() {
        return clients;
    }

    int schemaRequests() {
        return schemaRequests.get();
    }

    /** What is answered for this id; it is the schema of {@code Order__e} for one that nobody knows. */
    void schema(String id, Schema schema) {
        schemas.put(id, schema.toString());
    }

    synchronized void failNextSchema(Status status) {
        schemaFailures.add(status);
    }

    @Override
    public StreamObserver<FetchRequest> subscribe(StreamObserver<FetchResponse> responses) {
        var call = new Call((ServerCallStreamObserver<FetchResponse>) responses);
        calls.add(call);
        return call;
    }

    @Override
    public synchronized void getSchema(SchemaRequest request, StreamObserver<SchemaInfo> answer) {
        schemaRequests.incrementAndGet();
        Status failure = schemaFailures.poll();
        if (failure != null) {
            answer.onError(failure.asRuntimeException());
            return;
        }
        String json = schemas.getOrDefault(request.getSchemaId(), Schemas.ORDER.toString());
        answer.onNext(SchemaInfo.newBuilder()
                .setSchemaId(request.getSchemaId())
                .setSchemaJson(json)
                .build());
        answer.onCompleted();
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

    /** Ten bytes, as Salesforce's are today. */
    public static ReplayId replayId(int number) {
        return ReplayId.of(
                ByteBuffer.allocate(10).putLong(number).putShort((short) 0).array());
    }

    /** An event whose id is {@code e-<number>}. */
    public static ConsumerEvent order(int number) {
        return event(number, ORDER_SCHEMA, Schemas.order(Map.of("OrderNumber__c", "A-" + number)));
    }

    /** An event whose bytes are none of its schema. */
    public static ConsumerEvent undecodable(int number) {
        return event(number, ORDER_SCHEMA, new byte[] {1});
    }

    static ConsumerEvent event(int number, String schemaId, byte[] payload) {
        return ConsumerEvent.newBuilder()
                .setReplayId(ByteString.copyFrom(replayId(number).bytes()))
                .setEvent(ProducerEvent.newBuilder()
                        .setId("e-" + number)
                        .setSchemaId(schemaId)
                        .setPayload(ByteString.copyFrom(payload)))
                .build();
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** One {@code Subscribe} call, seen from the server. */
    public static final class Call implements StreamObserver<FetchRequest> {

        private final ServerCallStreamObserver<FetchResponse> responses;
        private final List<FetchRequest> requests = new CopyOnWriteArrayList<>();

        private Call(ServerCallStreamObserver<FetchResponse> responses) {
            this.responses = responses;
            responses.setOnCancelHandler(() -> {});
        }

        public List<FetchRequest> requests() {
            return requests;
        }

        int requested() {
            return requests.stream().mapToInt(FetchRequest::getNumRequested).sum();
        }

        boolean cancelled() {
            return responses.isCancelled();
        }

        public void send(ConsumerEvent... events) {
            responses.onNext(FetchResponse.newBuilder()
                    .addAllEvents(List.of(events))
                    .setRpcId("rpc-0")
                    .build());
        }

        void sendOrders(int... numbers) {
            send(IntStream.of(numbers).mapToObj(ScriptedPubSub::order).toArray(ConsumerEvent[]::new));
        }

        void keepalive(int latest, int pending) {
            responses.onNext(FetchResponse.newBuilder()
                    .setLatestReplayId(ByteString.copyFrom(replayId(latest).bytes()))
                    .setPendingNumRequested(pending)
                    .build());
        }

        public void complete() {
            responses.onCompleted();
        }

        void fail(Status.Code status, String code) {
            var trailers = new Metadata();
            trailers.put(key("error-code"), CODE_PREFIX + code);
            trailers.put(key("rpc-id"), "rpc-1");
            responses.onError(status.toStatus().withDescription("scripted").asRuntimeException(trailers));
        }

        @Override
        public void onNext(FetchRequest request) {
            requests.add(request);
        }

        @Override
        public void onError(Throwable cancelled) {
            // isCancelled tells.
        }

        @Override
        public void onCompleted() {
            // Our client cancels instead.
        }
    }
}
