package io.lightline.simulator.pubsub;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.lightline.pubsub.v1.FetchRequest;
import io.lightline.pubsub.v1.FetchResponse;
import io.lightline.pubsub.v1.ManagedFetchRequest;
import io.lightline.pubsub.v1.ManagedFetchResponse;
import io.lightline.pubsub.v1.PubSubGrpc;
import io.lightline.pubsub.v1.PublishRequest;
import io.lightline.pubsub.v1.PublishResponse;
import io.lightline.pubsub.v1.SchemaInfo;
import io.lightline.pubsub.v1.SchemaRequest;
import io.lightline.pubsub.v1.TopicInfo;
import io.lightline.pubsub.v1.TopicRequest;
import io.lightline.simulator.event.EventSchema;
import io.lightline.simulator.fault.Call;
import io.lightline.simulator.org.Org;
import io.quarkus.grpc.GrpcService;
import io.quarkus.grpc.RegisterInterceptor;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The Pub/Sub API. Every method runs on the connection's event loop and does not block. */
@GrpcService
@RegisterInterceptor(CallAuthenticator.class)
class PubSubService extends PubSubGrpc.PubSubImplBase {

    private final Streams streams;

    PubSubService(Streams streams) {
        this.streams = streams;
    }

    @Override
    public void getTopic(TopicRequest request, StreamObserver<TopicInfo> answer) {
        var org = org();
        unary(answer)
                .run(
                        org.faults().called(Call.GET_TOPIC, request.getTopicName()),
                        () -> topicInfo(org, request.getTopicName()));
    }

    @Override
    public void getSchema(SchemaRequest request, StreamObserver<SchemaInfo> answer) {
        var org = org();
        unary(answer).run(org.faults().called(Call.GET_SCHEMA, ""), () -> schemaInfo(org, request.getSchemaId()));
    }

    @Override
    public void publish(PublishRequest request, StreamObserver<PublishResponse> answer) {
        var org = org();
        unary(answer)
                .run(
                        org.faults().called(Call.PUBLISH, request.getTopicName()),
                        () -> Publisher.publish(org, request.getTopicName(), request));
    }

    @Override
    public StreamObserver<PublishRequest> publishStream(StreamObserver<PublishResponse> answer) {
        return streams.publish(org(), CallAuthenticator.wire(), (ServerCallStreamObserver<PublishResponse>) answer);
    }

    @Override
    public StreamObserver<FetchRequest> subscribe(StreamObserver<FetchResponse> answer) {
        return streams.subscribe(org(), CallAuthenticator.wire(), (ServerCallStreamObserver<FetchResponse>) answer);
    }

    @Override
    public StreamObserver<ManagedFetchRequest> managedSubscribe(StreamObserver<ManagedFetchResponse> answer) {
        return streams.subscribeManaged(
                org(), CallAuthenticator.wire(), (ServerCallStreamObserver<ManagedFetchResponse>) answer);
    }

    private static TopicInfo topicInfo(Org org, String name) {
        if (name.isEmpty()) {
            throw PubSubError.TOPIC_EMPTY.exception();
        }
        var topic = org.topic(name).orElseThrow(PubSubError.TOPIC_NOT_FOUND::exception);
        if (org.definitions().denied(name)) {
            throw PubSubError.TOPIC_DENIED.exception();
        }
        return TopicInfo.newBuilder()
                .setTopicName(topic.name())
                .setTenantGuid(UUID.nameUUIDFromBytes(org.id().value().getBytes(StandardCharsets.UTF_8))
                        .toString())
                .setCanPublish(topic.publishable())
                .setCanSubscribe(true)
                .setSchemaId(topic.schema().map(EventSchema::id).orElse(""))
                .setRpcId(UUID.randomUUID().toString())
                .build();
    }

    private static SchemaInfo schemaInfo(Org org, String id) {
        var schema = org.schema(id).orElseThrow(PubSubError.SCHEMA_INVALID::exception);
        return SchemaInfo.newBuilder()
                .setSchemaJson(schema.json())
                .setSchemaId(schema.id())
                .setRpcId(UUID.randomUUID().toString())
                .build();
    }

    private static Org org() {
        return CallAuthenticator.caller().org();
    }

    private static <T> UnaryCall<T> unary(StreamObserver<T> answer) {
        return new UnaryCall<>(answer, CallAuthenticator.wire());
    }
}
