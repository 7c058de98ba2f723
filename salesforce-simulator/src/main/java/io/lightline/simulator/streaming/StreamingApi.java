package io.lightline.simulator.streaming;

import io.lightline.simulator.org.Orgs;
import io.lightline.simulator.org.Session;
import io.lightline.simulator.org.SimulatorConfig;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.cometd.bayeux.server.BayeuxServer;
import org.cometd.bayeux.server.ServerChannel;
import org.cometd.bayeux.server.ServerMessage;
import org.cometd.bayeux.server.ServerSession;
import org.cometd.server.AbstractServerTransport;
import org.cometd.server.BayeuxServerImpl;
import org.cometd.server.http.AbstractHttpTransport;
import org.cometd.server.http.JSONHttpTransport;
import org.cometd.server.http.jakarta.CometDServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The Streaming API at {@code /cometd/<version>}: CometD's own server on a port of its own, long polling only, with the events
 * that the Pub/Sub API has.
 *
 * @see <a href="https://developer.salesforce.com/docs/platform/api-streaming/guide/using-streaming-api-client-connection.html">
 *     How the Client Connects</a>
 */
@Startup
@ApplicationScoped
public class StreamingApi implements BayeuxServer.SubscriptionListener {

    private static final int THREADS = 64;
    private static final int ANY_NUMBER = -1;

    private final Orgs orgs;
    private final SimulatorConfig.Streaming config;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("streaming-feeds").factory());
    private final Map<Feed, TopicFeed> feeds = new ConcurrentHashMap<>();
    private final BayeuxServerImpl bayeux = new BayeuxServerImpl();
    private final Server server;
    private final ServerConnector connector;

    StreamingApi(Orgs orgs, SimulatorConfig config) {
        this.orgs = orgs;
        this.config = config.streaming();
        var threads = new QueuedThreadPool(THREADS);
        threads.setName("streaming");
        threads.setDaemon(true);
        this.server = new Server(threads);
        this.connector = new ServerConnector(server);
    }

    private record Feed(String org, String topic) {}

    /** Blocks until it listens. */
    @PostConstruct
    void start() throws Exception {
        connector.setHost(config.host());
        connector.setPort(config.port());
        server.addConnector(connector);
        server.setHandler(crossOrigin(servlets()));
        server.start();
    }

    @PreDestroy
    void stop() throws Exception {
        server.stop();
        executor.shutdownNow();
    }

    /** The port that it really got. */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void subscribed(ServerSession client, ServerChannel channel, ServerMessage message) {
        if (!channel.isMeta()) {
            feed(Manners.session(client), channel.getId()).join(client, Replay.of(message, channel.getId()));
        }
    }

    @Override
    public void unsubscribed(ServerSession client, ServerChannel channel, ServerMessage message) {
        if (!channel.isMeta()) {
            feed(Manners.session(client), channel.getId()).leave(client);
        }
    }

    private TopicFeed feed(Session session, String name) {
        var org = session.org();
        return feeds.computeIfAbsent(
                new Feed(org.name(), name),
                _ -> new TopicFeed(org, org.topic(name).orElseThrow(), bayeux::newMessage, executor));
    }

    private ServletContextHandler servlets() {
        var manners = new Manners(orgs);
        bayeux.setOption(
                AbstractServerTransport.TIMEOUT_OPTION, config.timeout().toMillis());
        bayeux.setOption(
                AbstractServerTransport.MAX_INTERVAL_OPTION,
                config.maxInterval().toMillis());
        bayeux.setOption(AbstractHttpTransport.MAX_SESSIONS_PER_BROWSER_OPTION, ANY_NUMBER);
        // Pages of other origins do not send our cookie; the access token says who they are.
        bayeux.setOption(AbstractHttpTransport.TRUST_CLIENT_SESSION_OPTION, true);
        bayeux.setTransports(new JSONHttpTransport(bayeux));
        bayeux.setSecurityPolicy(manners);
        bayeux.addExtension(manners);
        bayeux.addListener(this);
        var context = new ServletContextHandler("/");
        context.setAttribute(BayeuxServer.ATTRIBUTE, bayeux);
        var servlet = new ServletHolder(new CometDServlet());
        servlet.setAsyncSupported(true);
        servlet.setInitOrder(1);
        context.addServlet(servlet, "/cometd/*");
        return context;
    }

    private CrossOriginHandler crossOrigin(ServletContextHandler inner) {
        var handler = new CrossOriginHandler();
        handler.setAllowedOriginPatterns(config.allowedOrigins().orElse(Set.of()));
        handler.setAllowedHeaders(Set.of("Authorization", "Content-Type"));
        handler.setAllowCredentials(true);
        handler.setHandler(inner);
        return handler;
    }
}
