package io.lightline.relay.session;

import io.lightline.backplane.BackplaneUnavailableException;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Draft;
import io.lightline.backplane.History;
import io.lightline.backplane.HistoryQuery;
import io.lightline.backplane.Position;
import io.lightline.backplane.Publication;
import io.lightline.backplane.PublishOptions;
import io.lightline.relay.hub.FanoutLoop;
import io.lightline.relay.hub.Membership;
import io.lightline.relay.hub.Subscriber;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.Command;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.MalformedFrameException;
import io.lightline.relay.protocol.Push;
import io.lightline.relay.protocol.Reply;
import io.lightline.relay.protocol.Request;
import io.lightline.relay.protocol.ServerFrame;
import io.lightline.relay.protocol.UnsubscribeCode;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.ChannelAuthorizer.Wish;
import io.lightline.relay.tenant.Standing;
import io.lightline.relay.tenant.TokenRefusedException;
import io.lightline.relay.tenant.User;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One connection's state. Everything runs on the connection's event loop and nothing blocks: commands that need the backplane
 * are answered when it answers, at most {@link SessionConfig#maxInFlight()} at once, and until then the socket is not read.
 */
public final class Session {

    private static final Logger LOG = Logger.getLogger(Session.class);

    private final String id;
    private final SessionServices services;
    private final SessionConfig config;
    private final Outbox outbox;
    private final Executor eventLoop;
    private final FanoutLoop fanoutLoop;
    private final Map<String, Subscription> subscriptions = new HashMap<>();
    private final Instant opened;

    private @Nullable User user;
    private boolean closed;
    private final Deque<Request> backlog = new ArrayDeque<>();
    private boolean reading = true;
    private int inFlight;
    private Instant pingDue;
    private @Nullable Instant pongDue;

    public Session(String id, SessionServices services, Outbox outbox, Executor eventLoop, FanoutLoop fanoutLoop) {
        this.id = id;
        this.services = services;
        this.config = services.config();
        this.outbox = outbox;
        this.eventLoop = eventLoop;
        this.fanoutLoop = fanoutLoop;
        this.opened = services.clock().instant();
        this.pingDue = opened.plus(config.pingInterval());
    }

    public String id() {
        return id;
    }

    /** Whom it speaks for; empty before it has connected. */
    public Optional<User> user() {
        return Optional.ofNullable(user);
    }

    public int subscriptions() {
        return subscriptions.size();
    }

    /** A text frame came in. */
    public void receive(String frame) {
        pongDue = null;
        try {
            backlog.addAll(services.codec().decode(frame));
            proceed();
        } catch (MalformedFrameException e) {
            LOG.debugf("Malformed frame sessionId=%s: %s", id, e.getMessage());
            close(CloseCode.BAD_REQUEST);
        }
        outbox.flush();
    }

    /** Carries out what has come, as long as not too much is in flight; reads on when all is carried out. */
    private void proceed() {
        while (!closed && !backlog.isEmpty() && inFlight < config.maxInFlight()) {
            Request next = backlog.remove();
            services.metrics().command();
            handle(next.id(), next.command());
        }
        read(closed || (backlog.isEmpty() && inFlight < config.maxInFlight()));
    }

    private void read(boolean on) {
        if (on != reading) {
            reading = on;
            outbox.reading(on);
        }
    }

    private void handle(long request, Command command) {
        if (user == null && !(command instanceof Command.Connect) && !(command instanceof Command.Pong)) {
            close(CloseCode.BAD_REQUEST);
            return;
        }
        if (request == 0 && !(command instanceof Command.Pong) && !(command instanceof Command.Unsupported)) {
            close(CloseCode.BAD_REQUEST);
            return;
        }
        switch (command) {
            case Command.Connect(var token) -> connect(request, token);
            case Command.Subscribe(var channel, var since) -> subscribe(request, channel, since);
            case Command.Unsubscribe(var channel) -> unsubscribe(request, channel);
            case Command.Publish publish -> publish(request, publish);
            case Command.History history -> history(request, history);
            case Command.Refresh(var token) -> refresh(request, token);
            case Command.Ping _ -> reply(request, new Reply.Pong());
            case Command.Pong _ -> {}
            case Command.Unsupported(var method) -> refuse(request, ErrorCode.NOT_AVAILABLE, method);
            case Command.Unknown(var method) -> refuse(request, ErrorCode.METHOD_NOT_FOUND, method);
            case Command.Malformed(var problem) -> refuse(request, ErrorCode.BAD_REQUEST, problem);
        }
    }

    private void connect(long request, String token) {
        if (user != null) {
            refuse(request, ErrorCode.BAD_REQUEST, "connected already");
            return;
        }
        verify(request, token, verified -> {
            user = verified;
            reply(
                    request,
                    new Reply.Connected(id, services.version(), services.node(), ttl(verified), config.pingInterval()));
        });
    }

    private void refresh(long request, String token) {
        User known = connected();
        verify(request, token, verified -> {
            if (verified.tenant() != known.tenant() || !verified.id().equals(known.id())) {
                LOG.infof("Refresh with the token of another user sessionId=%s", id);
                close(CloseCode.INVALID_TOKEN);
                return;
            }
            user = verified;
            reply(request, new Reply.Refreshed(id, services.version(), ttl(verified)));
        });
    }

    private void verify(long request, String token, Consumer<User> onUser) {
        services.tokens().verify(token, Optional.empty()).subscribe().with(onUser, failure -> {
            if (failure instanceof TokenRefusedException refusal) {
                refused(request, refusal);
            } else {
                LOG.errorf(failure, "A token could not be checked sessionId=%s", id);
                close(CloseCode.SERVER_ERROR);
            }
        });
    }

    private void refused(long request, TokenRefusedException refusal) {
        LOG.debugf("Token refused sessionId=%s: %s", id, refusal.getMessage());
        if (refusal.reason() == TokenRefusedException.Reason.EXPIRED) {
            refuse(request, ErrorCode.TOKEN_EXPIRED);
        } else {
            close(refusal.reason().closeCode());
        }
    }

    private Optional<Duration> ttl(User verified) {
        return Optional.ofNullable(verified.expiresAt()).map(end -> {
            Duration left = Duration.between(services.clock().instant(), end);
            return left.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : left;
        });
    }

    private void subscribe(long request, String channel, @Nullable Position since) {
        if (subscriptions.containsKey(channel)) {
            refuse(request, ErrorCode.ALREADY_SUBSCRIBED);
        } else if (subscriptions.size() >= config.maxChannels()) {
            refuse(request, ErrorCode.LIMIT_EXCEEDED, "more than " + config.maxChannels() + " channels");
        } else {
            granted(request, Wish.SUBSCRIBE, channel, grant -> {
                var subscription = new Subscription(request, grant.channel());
                subscriptions.put(channel, subscription);
                subscription.join(grant.rules().retention().keeps(), since);
            });
        }
    }

    private void unsubscribe(long request, String channel) {
        Subscription ended = subscriptions.remove(channel);
        if (ended != null) {
            ended.leave();
        }
        reply(request, new Reply.Unsubscribed());
    }

    private void publish(long request, Command.Publish publish) {
        granted(request, Wish.PUBLISH, publish.channel(), grant -> {
            User publisher = connected();
            var info = services.codec().clientInfo(publisher.id(), id, publisher.info());
            var draft =
                    new Draft(publish.data(), info, Map.of(), services.clock().instant());
            answer(
                    request,
                    services.backplane()
                            .publish(
                                    grant.channel(),
                                    draft,
                                    PublishOptions.keeping(grant.rules().retention())),
                    _ -> new Reply.Published());
        });
    }

    private void history(long request, Command.History asked) {
        granted(request, Wish.READ_HISTORY, asked.channel(), grant -> {
            int limit = asked.limit() < 0 ? config.historyLimit() : Math.min(asked.limit(), config.historyLimit());
            var query = new HistoryQuery(asked.since(), limit, asked.reverse());
            answer(
                    request,
                    services.backplane().history(grant.channel(), query),
                    history -> historyReply(asked.since(), history));
        });
    }

    private Reply historyReply(@Nullable Position since, History history) {
        return since != null
                        && !since.epoch().isEmpty()
                        && !since.epoch().equals(history.top().epoch())
                ? new Reply.Failed(ErrorCode.UNRECOVERABLE_POSITION)
                : new Reply.HistoryRead(history.top(), cut(history.publications()));
    }

    /** As many as fit into one reply, and one at least: the client asks for the rest. */
    private List<Publication> cut(List<Publication> publications) {
        long room = config.maxPending().asLongValue();
        int count = 0;
        while (count < publications.size()
                && (count == 0 || room >= publications.get(count).bytes())) {
            room -= publications.get(count).bytes();
            count++;
        }
        return publications.subList(0, count);
    }

    private void granted(long request, Wish wish, String channel, Consumer<Verdict.Granted> onGranted) {
        switch (services.channels().decide(connected(), wish, channel, new Standing.Outside())) {
            case Verdict.Granted granted -> onGranted.accept(granted);
            case Verdict.Unknown _ -> refuse(request, ErrorCode.UNKNOWN_CHANNEL);
            case Verdict.Denied _ -> refuse(request, ErrorCode.PERMISSION_DENIED);
            case Verdict.NotAvailable _ -> refuse(request, ErrorCode.NOT_AVAILABLE);
        }
    }

    /** Replies when the backplane has answered. */
    private <T> void answer(long request, Uni<T> work, Function<T, Reply> reply) {
        inFlight++;
        work.subscribe()
                .with(
                        item -> eventLoop.execute(() -> finished(request, reply.apply(item))),
                        failure -> eventLoop.execute(() -> finished(request, failed(failure))));
    }

    private void finished(long request, Reply reply) {
        inFlight--;
        if (reply instanceof Reply.Failed(var code, var _)) {
            services.metrics().refused(code);
        }
        reply(request, reply);
        proceed();
        outbox.flush();
    }

    private Reply failed(Throwable failure) {
        if (failure instanceof BackplaneUnavailableException) {
            LOG.debugf("Backplane unavailable sessionId=%s: %s", id, failure.getMessage());
        } else {
            LOG.errorf(failure, "A command failed sessionId=%s", id);
        }
        return new Reply.Failed(ErrorCode.INTERNAL);
    }

    private void refuse(long request, ErrorCode code) {
        refuse(request, code, "");
    }

    private void refuse(long request, ErrorCode code, String detail) {
        services.metrics().refused(code);
        String message = detail.isEmpty() ? code.message() : code.message() + ": " + detail;
        reply(request, new Reply.Failed(code, message));
    }

    private void reply(long request, Reply reply) {
        if (request != 0) {
            send(services.codec().encode(request, reply));
        }
    }

    /** A client that cannot take an answer is closed like one that cannot take a publication: nothing is left out silently. */
    private void send(byte[] json) {
        if (!closed) {
            ServerFrame frame = ServerFrame.text(json);
            Subscriber.Delivery delivery = outbox.send(frame);
            frame.release();
            if (delivery == Subscriber.Delivery.SLOW) {
                close(CloseCode.SLOW);
            }
        }
    }

    private User connected() {
        if (user == null) {
            throw new IllegalStateException("Session " + id + " is not connected");
        }
        return user;
    }

    /** Looks at the clock; to be called about once a second. */
    public void tick() {
        Instant now = services.clock().instant();
        if (closed) {
            return;
        }
        if (user == null) {
            closeWhen(now.isAfter(opened.plus(config.connectTimeout())), CloseCode.STALE);
            return;
        }
        closeWhen(pongDue != null && now.isAfter(pongDue), CloseCode.NO_PONG);
        closeWhen(
                user.expiresAt() != null && now.isAfter(user.expiresAt().plus(config.expiryGrace())),
                CloseCode.EXPIRED);
        closeWhen(outbox.stalledFor(config.stallTimeout()), CloseCode.SLOW);
        if (!closed && !now.isBefore(pingDue)) {
            send(services.codec().ping());
            outbox.flush();
            pingDue = now.plus(config.pingInterval());
            pongDue = now.plus(config.pongTimeout());
        }
    }

    private void closeWhen(boolean condition, CloseCode code) {
        if (condition && !closed) {
            close(code);
        }
    }

    /** As {@link #close}, from any thread. */
    public void end(CloseCode code) {
        eventLoop.execute(() -> close(code));
    }

    /** Ends the connection with a reason. Harmless when it is closed already. */
    public void close(CloseCode code) {
        if (!closed) {
            services.metrics().closed(code);
            LOG.debugf("Closing sessionId=%s closeCode=%d reason=%s", id, code.code(), code.reason());
            closed();
            outbox.close(code);
        }
    }

    /** The connection is gone: nothing is sent any more. */
    public void closed() {
        closed = true;
        backlog.clear();
        // The client's own goodbye has to be read.
        read(true);
        List<Subscription> left = List.copyOf(subscriptions.values());
        subscriptions.clear();
        left.forEach(Subscription::leave);
    }

    /** This session on one channel. */
    private final class Subscription implements Subscriber {

        private final long request;
        private final ChannelName channel;
        private @Nullable Position since;
        private boolean joining;
        private @Nullable Membership membership;

        Subscription(long request, ChannelName channel) {
            this.request = request;
            this.channel = channel;
        }

        void join(boolean positioned, @Nullable Position wanted) {
            since = wanted;
            joining = true;
            inFlight++;
            membership = services.hub().join(channel, positioned, this, since);
        }

        void leave() {
            if (membership != null) {
                membership.leave();
            }
            if (joining) {
                settle();
                Session.this.refuse(request, ErrorCode.BAD_REQUEST, "unsubscribed before it was subscribed");
            }
        }

        private void settle() {
            joining = false;
            inFlight--;
        }

        @Override
        public FanoutLoop loop() {
            return fanoutLoop;
        }

        @Override
        public void joined(@Nullable Position position, Reply.@Nullable Recovered recovery) {
            settle();
            if (since != null && recovery != null) {
                services.metrics().recovery(recovery.complete());
            }
            reply(request, new Reply.Subscribed(recoveredFrom(position, recovery), recovery));
            proceed();
        }

        /**
         * As in Centrifuge: a reply with recovered publications says where they start, and each of them moves the client on. It
         * may stop in the middle of them and still knows where it is.
         */
        private @Nullable Position recoveredFrom(@Nullable Position position, Reply.@Nullable Recovered recovery) {
            return position != null && since != null && recovery != null && recovery.complete()
                    ? position.at(since.offset())
                    : position;
        }

        @Override
        public void refused() {
            settle();
            subscriptions.remove(channel.name(), this);
            Session.this.refuse(request, ErrorCode.INTERNAL);
            proceed();
            outbox.flush();
        }

        @Override
        public Delivery deliver(ServerFrame frame) {
            Delivery delivery = outbox.send(frame);
            if (delivery == Delivery.SLOW) {
                close(CloseCode.SLOW);
            }
            return delivery;
        }

        @Override
        public void flush() {
            outbox.flush();
        }

        @Override
        public void lost() {
            subscriptions.remove(channel.name(), this);
            send(services.codec().encode(new Push.Unsubscribed(channel.name(), UnsubscribeCode.INSUFFICIENT_STATE)));
            outbox.flush();
        }
    }
}
