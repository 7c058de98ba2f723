package io.lightline.simulator.pubsub;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.lightline.pubsub.v1.FetchRequest;
import io.lightline.pubsub.v1.PubSubGrpc;
import io.lightline.pubsub.v1.ReplayPreset;
import java.util.concurrent.TimeUnit;

/** A client of the Pub/Sub API with the demo token's headers, for tests. */
final class PubSubClient implements AutoCloseable {

    static final String ORG = "00DLL00000000012AA";
    static final String TOPIC = "/event/Order__e";

    private final ManagedChannel channel;
    private final Metadata headers;

    private PubSubClient(int port, Metadata headers) {
        this.channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        this.headers = headers;
    }

    static PubSubClient demo(int port) {
        return with(port, "demo", "http://127.0.0.1", ORG);
    }

    static PubSubClient with(int port, String token, String instanceUrl, String tenant) {
        var headers = new Metadata();
        headers.put(key("accesstoken"), token);
        headers.put(key("instanceurl"), instanceUrl);
        headers.put(key("tenantid"), tenant);
        return new PubSubClient(port, headers);
    }

    PubSubGrpc.PubSubBlockingStub blocking() {
        return PubSubGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    PubSubGrpc.PubSubStub async() {
        return PubSubGrpc.newStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** Opens a stream that has not said anything yet. */
    TestStream open() {
        var stream = new TestStream(true);
        stream.start(async().subscribe(stream));
        return stream;
    }

    /** A client that takes no response out of its connection until {@link TestStream#readAll}. */
    TestStream subscribeWithoutReading(int credits) {
        var stream = new TestStream(false);
        stream.start(async().subscribe(stream));
        stream.send(FetchRequest.newBuilder()
                .setTopicName(TOPIC)
                .setNumRequested(credits)
                .build());
        return stream;
    }

    TestStream subscribe(ReplayPreset preset, int credits) {
        return subscribe(FetchRequest.newBuilder().setReplayPreset(preset).setNumRequested(credits));
    }

    TestStream subscribe(FetchRequest.Builder first) {
        var stream = open();
        stream.send((first.getTopicName().isEmpty() ? first.setTopicName(TOPIC) : first).build());
        return stream;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
