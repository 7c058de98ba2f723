package io.lightline.salesforce;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.lightline.salesforce.ConnectorSettings.Endpoint;
import io.lightline.salesforce.auth.OAuthLogin;
import io.lightline.salesforce.auth.TokenSource;
import io.lightline.salesforce.event.SalesforceEvent;
import io.lightline.salesforce.pubsub.PubSubClient;
import io.lightline.salesforce.pubsub.ReplayStore;
import io.lightline.salesforce.pubsub.SalesforceStream;
import io.lightline.salesforce.pubsub.SchemaCache;
import io.lightline.salesforce.pubsub.StreamStatus;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.smallrye.mutiny.Multi;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.eclipse.microprofile.reactive.messaging.Message;

/** What one SmallRye stream holds open: a thread, an HTTP/2 connection, a token, and a stream for each topic. */
final class SalesforceConnection {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration PING_INTERVAL = Duration.ofSeconds(30);
    private static final Duration PING_LIMIT = Duration.ofSeconds(10);

    private final NioEventLoopGroup thread;
    private final ManagedChannel channel;
    private final HttpClient http;
    private final List<SalesforceStream> streams;
    private final int window;

    private SalesforceConnection(
            NioEventLoopGroup thread,
            ManagedChannel channel,
            HttpClient http,
            List<SalesforceStream> streams,
            int window) {
        this.thread = thread;
        this.channel = channel;
        this.http = http;
        this.streams = streams;
        this.window = window;
    }

    /** Connects to nothing yet: the streams do when they are subscribed to. */
    static SalesforceConnection open(ConnectorSettings settings, Optional<ReplayStore> store) {
        var trust = settings.endpoint().trusted().map(TrustedCertificates::in);
        HttpClient.Builder login = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT);
        trust.map(TrustedCertificates::context).ifPresent(login::sslContext);
        var thread = new NioEventLoopGroup(1, new DefaultThreadFactory("salesforce-pubsub", true));
        ManagedChannel channel = channel(settings, trust, thread);
        HttpClient http = login.build();
        var client = new PubSubClient(channel);
        var tokens = new TokenSource(new OAuthLogin(settings.credentials(), http), settings.tokenLife());
        var schemas = new SchemaCache(client);
        List<SalesforceStream> streams = settings.topics().stream()
                .map(topic -> new SalesforceStream(topic, client, tokens, schemas, store, thread))
                .toList();
        return new SalesforceConnection(
                thread, channel, http, streams, settings.topics().getFirst().window());
    }

    /**
     * All topics in one; the events of each keep their order. A single topic goes the same way: SmallRye asks for one message
     * at a time when a method sits in between, and one credit at a time is one round trip to Salesforce for each event.
     */
    Flow.Publisher<? extends Message<SalesforceEvent>> events() {
        // Mutiny's merge of one stream would be that stream; a flattening of it is not.
        return Multi.createFrom()
                .iterable(streams)
                .onItem()
                .transformToMulti(stream -> Multi.createFrom().publisher(stream))
                .withRequests(window)
                .merge(streams.size());
    }

    List<StreamStatus> status() {
        return streams.stream().map(SalesforceStream::status).toList();
    }

    boolean ready() {
        return status().stream().allMatch(StreamStatus::ready);
    }

    /** One clause per topic, for an operator. */
    String describe() {
        return status().stream()
                .map(status -> status.topic() + " " + status.state())
                .collect(Collectors.joining("; "));
    }

    /** Ends all calls; events that are with the consumer may still be answered, to no effect. */
    void close() {
        channel.shutdownNow();
        http.shutdownNow();
        var _ = thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static ManagedChannel channel(
            ConnectorSettings settings, Optional<TrustedCertificates> trust, NioEventLoopGroup thread) {
        Endpoint endpoint = settings.endpoint();
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
                .eventLoopGroup(thread)
                .channelType(NioSocketChannel.class)
                .executor(thread)
                .keepAliveTime(PING_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(PING_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .maxInboundMessageSize(settings.maxMessageSize());
        if (endpoint.plaintext()) {
            return builder.usePlaintext().build();
        }
        trust.ifPresent(certificates -> trust(builder, certificates));
        return builder.build();
    }

    private static void trust(NettyChannelBuilder builder, TrustedCertificates certificates) {
        try {
            builder.sslContext(GrpcSslContexts.forClient()
                    .trustManager(certificates.managers())
                    .build());
        } catch (SSLException e) {
            throw new IllegalStateException("This JVM offers no TLS for HTTP/2", e);
        }
    }
}
