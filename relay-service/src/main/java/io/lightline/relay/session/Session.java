package io.lightline.relay.session;

import io.lightline.backplane.Member;
import io.lightline.backplane.Position;
import io.lightline.backplane.RawJson;
import io.lightline.relay.hub.FanoutLoop;
import io.lightline.relay.hub.Subscriber.Delivery;
import io.lightline.relay.protocol.ClientInfo;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.Command;
import io.lightline.relay.protocol.Encoding;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.MalformedFrameException;
import io.lightline.relay.protocol.Push;
import io.lightline.relay.protocol.Reply;
import io.lightline.relay.protocol.Request;
import io.lightline.relay.protocol.ServerFrame;
import io.lightline.relay.protocol.UnsubscribeCode;
import io.lightline.relay.session.Stage.Closed;
import io.lightline.relay.session.Stage.Connected;
import io.lightline.relay.session.Stage.Connecting;
import io.lightline.relay.session.Stage.Fresh;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.ChannelAuthorizer.Wish;
import io.lightline.relay.tenant.Subscribing;
import io.lightline.relay.tenant.User;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One connection's state, and the switch over what its client may say. Everything runs on the connection's event loop and nothing
 * blocks: commands that need the backplane are answered when it answers, at most {@link SessionConfig#maxInFlight()} at once, and
 * until then the socket is not read.
 *
 * <p>A frame that comes in: {@link #receive} → {@link Backlog} → {@link #handle} → one of the commands' classes ({@link
 * ConnectCommand}, {@link SubscribeCommands}, {@link PublishCommand}, {@link ReadCommands}, {@link RefreshCommands}) → {@link
 * Answers}. A publication that goes out: {@link Subscription#deliver} → {@link #deliver} → {@link Outbox}. How far it is: {@link
 * Stage}.
 */
public final class Session {

    private static final Logger LOG = Logger.getLogger(Session.class);

    private final String id;
    private final SessionServices services;
    private final Encoding encoding;
    private final Outbox outbox;
    private final Executor eventLoop;
    private final FanoutLoop fanoutLoop;
    private final Optional<String> origin;
    private final HeldFrames held = new HeldFrames();
    private final Subscriptions subscriptions;
    private final InFlight inFlight;
    private final Backlog backlog;
    private final SessionClock clock;
    private final Answers answers;
    private final ConnectCommand connecting;
    private final SubscribeCommands subscribing;
    private final PublishCommand publishing;
    private final ReadCommands reading;
    private final RefreshCommands refreshing;

    private volatile Stage stage = new Fresh();

    /** @param origin of the page that opened the socket; empty for a client that is no browser */
    public Session(
            String id,
            SessionServices services,
            Encoding encoding,
            Outbox outbox,
            Executor eventLoop,
            FanoutLoop fanoutLoop,
            Optional<String> origin) {
        this.id = id;
        this.services = services;
        this.encoding = encoding;
        this.outbox = outbox;
        this.eventLoop = eventLoop;
        this.fanoutLoop = fanoutLoop;
        this.origin = origin;
        Instant now = services.clock().instant();
        this.subscriptions = new Subscriptions(this, services);
        this.inFlight = new InFlight(this, services, eventLoop);
        this.backlog = new Backlog(this, services, inFlight, now);
        this.clock = new SessionClock(this, services, subscriptions, backlog, now);
        this.answers = new Answers(this, services, inFlight);
        this.connecting = new ConnectCommand(this, services, subscriptions, inFlight, answers);
        this.subscribing = new SubscribeCommands(this, services, subscriptions, inFlight, answers);
        this.publishing = new PublishCommand(this, services, subscriptions, inFlight, answers);
        this.reading = new ReadCommands(this, services, answers);
        this.refreshing = new RefreshCommands(this, services, subscriptions, inFlight, answers);
    }

    public String id() {
        return id;
    }

    /** Whom it speaks for; empty before it has connected. May be asked from any thread. */
    public Optional<User> user() {
        return switch (stage) {
            case Connected(var user, var _) -> Optional.of(user);
            case Fresh _, Connecting _, Closed _ -> Optional.empty();
        };
    }

    /** May be asked from any thread, as a count. */
    public int subscriptions() {
        return subscriptions.size();
    }

    /** Runs a task on this session's event loop. From any thread. */
    public void execute(Runnable task) {
        eventLoop.execute(task);
    }

    FanoutLoop fanoutLoop() {
        return fanoutLoop;
    }

    Encoding encoding() {
        return encoding;
    }

    Outbox outbox() {
        return outbox;
    }

    InFlight inFlight() {
        return inFlight;
    }

    Answers answers() {
        return answers;
    }

    Stage stage() {
        return stage;
    }

    boolean isClosed() {
        return stage instanceof Closed;
    }

    Instant now() {
        return services.clock().instant();
    }

    /** Empty for never. */
    Optional<Duration> untilEnd(@Nullable Instant end) {
        return Optional.ofNullable(end).map(instant -> Duration.between(now(), instant));
    }

    /** A text frame came in. */
    public void receive(String frame) {
        receive(frame.length(), () -> encoding.codec().decode(frame));
    }

    /** A binary frame came in. */
    public void receive(byte[] frame) {
        receive(frame.length, () -> encoding.codec().decode(frame));
    }

    /** What comes after our goodbye counts for nothing: a flooder sends on until the socket is cut. */
    private void receive(int length, Decoding frame) {
        if (isClosed()) {
            return;
        }
        services.metrics().frame(length);
        clock.answered();
        try {
            backlog.add(frame.decode());
            proceed();
        } catch (MalformedFrameException e) {
            LOG.debugf("Malformed frame sessionId=%s: %s", id, e.getMessage());
            close(e.closeCode());
        }
        outbox.flush();
    }

    private interface Decoding {
        List<Request> decode() throws MalformedFrameException;
    }

    /** Carries out what has come, as far as that may be. */
    void proceed() {
        backlog.proceed();
    }

    /** Something that commands waited for has come from elsewhere. */
    void goOn() {
        proceed();
        outbox.flush();
    }

    /** One command, in its turn. */
    void handle(long request, Command command) {
        switch (command) {
            case Command.Pong _ -> {}
            case Command.Unsupported(var method)
            when request == 0 && stage instanceof Connected -> LOG.debugf("Ignored sessionId=%s method=%s", id, method);
            case Command.Connect connect when request != 0 -> connecting.connect(request, connect);
            case Command other -> {
                if (request != 0 && stage instanceof Connected(var user, var _)) {
                    handle(request, user, other);
                } else {
                    close(CloseCode.BAD_REQUEST);
                }
            }
        }
    }

    private void handle(long request, User user, Command command) {
        switch (command) {
            case Command.Connect _ -> answers.refuse(request, ErrorCode.BAD_REQUEST, "connected already");
            case Command.Subscribe subscribe -> subscribing.subscribe(request, user, subscribe);
            case Command.Unsubscribe(var channel) -> subscribing.unsubscribe(request, channel);
            case Command.Publish publish -> publishing.publish(request, user, publish);
            case Command.History history -> reading.history(request, user, history);
            case Command.Presence(var channel) -> reading.presence(request, user, channel);
            case Command.PresenceStats(var channel) -> reading.presenceStats(request, user, channel);
            case Command.Refresh(var token) -> refreshing.refresh(request, user, token);
            case Command.SubRefresh(var channel, var token) -> refreshing.refresh(request, user, channel, token);
            case Command.Ping _ -> answers.reply(request, new Reply.Pong());
            case Command.Pong _ -> {}
            case Command.Unsupported(var method) -> answers.refuse(request, ErrorCode.NOT_AVAILABLE, method);
            case Command.Unknown(var method) -> answers.refuse(request, ErrorCode.METHOD_NOT_FOUND, method);
            case Command.Malformed(var problem) -> answers.refuse(request, ErrorCode.BAD_REQUEST, problem);
        }
    }

    /** Whose connection token that is. */
    Uni<User> verify(String token) {
        return services.tokens().verify(token, origin);
    }

    /** What a user may do on a channel, now that the client is subscribed to it, or is not. */
    Verdict decide(User user, Wish wish, String channel) {
        return services.channels().decide(user, wish, channel, subscriptions.standing(channel));
    }

    /** What others see of this client. */
    Member member(Optional<RawJson> channelInfo) {
        User user = switch (stage) {
            case Connected(var known, var _) -> known;
            case Connecting(var identified) -> identified.orElseThrow();
            case Fresh _, Closed _ -> throw new IllegalStateException("Session " + id + " is not connected");
        };
        RawJson info = new ClientInfo(user.id(), id, user.info(), channelInfo.orElse(null)).json();
        return new Member(id, user.id(), services.node(), info);
    }

    void enter(Stage next) {
        stage = next;
    }

    /** What was made for a connect is dropped: the client may try again on the same socket. */
    void startOver() {
        stage = new Fresh();
        subscriptions.leaveAll();
        held.drop();
    }

    /** The client has the reply to connect: what waited behind it goes out. */
    void releaseHeld() {
        held.drain(this::deliver);
    }

    /** A client that cannot take a push is closed like one that cannot take a publication: nothing is left out silently. */
    void push(Push push) {
        send(encoding.codec().encode(push));
    }

    private void send(ServerFrame frame) {
        if (!isClosed()) {
            deliver(frame);
        }
        frame.release();
    }

    Delivery deliver(ServerFrame frame) {
        // SDKs know of a server-side subscription when they have the reply to connect, and not before.
        Delivery delivery = stage instanceof Connecting
                ? held.hold(frame, services.config().maxPending().asLongValue())
                : outbox.send(frame);
        return unlessSlow(delivery);
    }

    /** A client that cannot take what it gets is closed. */
    Delivery unlessSlow(Delivery delivery) {
        if (delivery == Delivery.SLOW) {
            close(CloseCode.SLOW);
        }
        return delivery;
    }

    /** The client keeps up again. */
    public void writable() {
        subscriptions.all().forEach(Subscription::writable);
        goOn();
    }

    /**
     * The tenant's back end puts the client on a channel. Says nothing when it is there already; a channel too many is counted, and left
     * out.
     */
    public void subscribe(Verdict.Granted grant, Subscribing how, @Nullable Position since) {
        if (stage instanceof Connected) {
            subscribing.subscribeByServer(grant, how, since);
        }
    }

    /** The tenant's back end takes the client from a channel. Harmless when it is not there. */
    public void unsubscribe(String channel) {
        Subscription subscription = subscriptions.on(channel);
        if (subscription != null) {
            subscriptions.end(subscription, UnsubscribeCode.SERVER);
        }
    }

    /** The tenant's back end says when the connection ends, unless it is refreshed; null for never. */
    public void expire(@Nullable Instant at) {
        if (stage instanceof Connected(var user, var _)) {
            stage = new Connected(user, at);
            untilEnd(at).ifPresent(ttl -> push(new Push.Refreshed(ttl)));
            outbox.flush();
        }
    }

    /** The client comes back to the channel, on other terms or at another place of the stream. */
    void begunAnew(Subscription subscription) {
        if (subscription.terms().right().asked()) {
            subscriptions.end(subscription, UnsubscribeCode.INSUFFICIENT_STATE);
        } else {
            close(CloseCode.INSUFFICIENT_STATE);
        }
    }

    void forget(Subscription subscription) {
        subscriptions.forget(subscription);
    }

    /** Looks at the clock; to be called about once a second. */
    public void tick() {
        clock.tick();
    }

    void ping() {
        send(encoding.codec().ping());
        outbox.flush();
    }

    /** As {@link #close}, from any thread. */
    public void end(CloseCode code) {
        eventLoop.execute(() -> close(code));
    }

    /** Ends the connection with a reason. Harmless when it is closed already. */
    public void close(CloseCode code) {
        if (!isClosed()) {
            services.metrics().closed(code);
            LOG.debugf("Closing sessionId=%s closeCode=%d reason=%s", id, code.code(), code.reason());
            closed();
            outbox.close(code);
        }
    }

    /** The connection is gone: nothing is sent any more. */
    public void closed() {
        Stage last = stage;
        stage = new Closed();
        backlog.drop();
        subscriptions.leaveAll();
        held.drop();
        switch (last) {
            case Connecting(var user) -> user.ifPresent(services.limits()::leave);
            case Connected(var user, var _) -> services.limits().leave(user);
            case Fresh _, Closed _ -> {}
        }
    }
}
