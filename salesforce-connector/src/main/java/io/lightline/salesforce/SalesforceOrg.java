package io.lightline.salesforce;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.lightline.salesforce.auth.OAuthLogin;
import io.lightline.salesforce.auth.TokenSource;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.publish.EventPublisher;
import io.lightline.salesforce.pubsub.PubSubClient;
import io.lightline.salesforce.pubsub.ReplayStore;
import io.lightline.salesforce.pubsub.SalesforceStream;
import io.lightline.salesforce.pubsub.SchemaCache;
import io.lightline.salesforce.pubsub.StreamSettings;
import io.lightline.salesforce.pubsub.StreamStatistics;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * One org, as its topics see it: one thread, one HTTP/2 connection, one token, one cache of schemas. May be used from any
 * thread; nothing blocks. Whoever opens it closes it.
 */
public final class SalesforceOrg implements AutoCloseable {

    /** Salesforce allows a hundred calls on a connection; schemas are asked for over it too. */
    public static final int MOST_STREAMS = 90;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration PING_INTERVAL = Duration.ofSeconds(30);
    private static final Duration PING_LIMIT = Duration.ofSeconds(10);
    private static final Duration BEAT_INTERVAL = Duration.ofSeconds(5);
    private static final Duration BEAT_LIMIT = Duration.ofMinutes(1);

    private final NioEventLoopGroup thread;
    private final ManagedChannel channel;
    private final HttpClient http;
    private final PubSubClient client;
    private final TokenSource tokens;
    private final SchemaCache schemas;
    private final EventPublisher publisher;
    private final OrgLimits limits;
    private final Heartbeat heartbeat;
    private final Map<String, SalesforceStream> streams = new HashMap<>();
    private final Map<String, StreamStatistics> statistics = new HashMap<>();

    private SalesforceOrg(OrgSettings settings, Optional<TrustedCertificates> trust) {
        thread = new NioEventLoopGroup(1, new DefaultThreadFactory("salesforce-pubsub", true));
        try {
            channel = channel(settings, trust, thread);
        } catch (RuntimeException e) {
            // Whoever tries again and again must not be left with a thread each time.
            var _ = thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
        HttpClient.Builder login = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT);
        trust.map(TrustedCertificates::context).ifPresent(login::sslContext);
        http = login.build();
        client = new PubSubClient(channel);
        tokens = new TokenSource(new OAuthLogin(settings.credentials(), http), settings.tokenLife());
        schemas = new SchemaCache(client, tokens, thread);
        publisher = new EventPublisher(client, tokens, thread, InstantSource.system());
        limits = new OrgLimits(http, tokens);
        heartbeat = new Heartbeat(thread, BEAT_INTERVAL, BEAT_LIMIT);
    }

    /**
     * Connects to nothing yet: the streams do when they are subscribed to.
     *
     * @throws IllegalArgumentException when the certificates to trust cannot be read, or the endpoint is none
     */
    public static SalesforceOrg open(OrgSettings settings) {
        return new SalesforceOrg(settings, settings.endpoint().trusted().map(TrustedCertificates::in));
    }

    /**
     * A topic of the org; it begins when it is subscribed to. Its counts go on from those of its stream before, and when the
     * store has lost its checkpoint, so does its position.
     *
     * @throws IllegalStateException when there is a stream of the topic that has not ended yet
     */
    public synchronized SalesforceStream stream(StreamSettings settings, ReplayStore store) {
        SalesforceStream stream = newStream(settings, store);
        streams.put(settings.topic(), stream);
        return stream;
    }

    private SalesforceStream newStream(StreamSettings settings, ReplayStore store) {
        SalesforceStream before = streams.get(settings.topic());
        if (before != null && !before.ended()) {
            throw new IllegalStateException("There is a stream of this topic already: " + settings.topic());
        }
        long open = streams.values().stream().filter(stream -> !stream.ended()).count();
        if (open >= MOST_STREAMS) {
            throw new IllegalStateException("One connection has room for " + MOST_STREAMS
                    + " topics; open the org a second time for " + settings.topic());
        }
        StreamStatistics counts = statistics.computeIfAbsent(settings.topic(), _ -> new StreamStatistics());
        ReplayId remembered = before == null ? null : before.position();
        return new SalesforceStream(settings, client, tokens, schemas, store, remembered, counts, thread);
    }

    /** The way back; connects when something is published. Closed with the org. */
    public EventPublisher publisher() {
        return publisher;
    }

    /**
     * Asks the org how many deliveries it has left, at the price of one API request of its day. Fails when it cannot be asked, or does
     * not show its limits to our user.
     */
    public CompletionStage<DeliveryAllowance> deliveries() {
        return limits.deliveries();
    }

    /** False when a consumer has blocked the org's thread for a minute: for a liveness check, as only a restart mends that. */
    public boolean alive() {
        return heartbeat.beats();
    }

    /** Ends all streams and calls at once; what is with the consumers may still be answered, to no effect. A second one does nothing. */
    @Override
    public synchronized void close() {
        if (thread.isShuttingDown()) {
            return;
        }
        streams.values().forEach(SalesforceStream::close);
        publisher.close();
        channel.shutdownNow();
        http.shutdownNow();
        var _ = thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static ManagedChannel channel(
            OrgSettings settings, Optional<TrustedCertificates> trust, NioEventLoopGroup thread) {
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
