package io.lightline.relay.session;

import io.lightline.backplane.BackplaneUnavailableException;
import io.lightline.backplane.Draft;
import io.lightline.backplane.History;
import io.lightline.backplane.HistoryQuery;
import io.lightline.backplane.Member;
import io.lightline.backplane.Position;
import io.lightline.backplane.Publication;
import io.lightline.backplane.PublishOptions;
import io.lightline.backplane.RawJson;
import io.lightline.backplane.TooManyMembersException;
import io.lightline.relay.filter.Fields;
import io.lightline.relay.filter.Filter;
import io.lightline.relay.filter.Notices;
import io.lightline.relay.hub.FanoutLoop;
import io.lightline.relay.hub.Refusal;
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
import io.lightline.relay.session.Subscription.Right;
import io.lightline.relay.session.Subscription.Terms;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.ChannelAuthorizer.Wish;
import io.lightline.relay.tenant.ChannelRules;
import io.lightline.relay.tenant.Standing;
import io.lightline.relay.tenant.Subscribing;
import io.lightline.relay.tenant.SubscriptionToken;
import io.lightline.relay.tenant.TokenRefusedException;
import io.lightline.relay.tenant.User;
import io.lightline.relay.wayback.WayBack;
import io.lightline.relay.wayback.WayBackAnswer;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One connection's state. Everything runs on the connection's event loop and nothing blocks: commands that need the backplane
 * are answered when it answers, at most {@link SessionConfig#maxInFlight()} at once, and until then the socket is not read.
 *
 * <p>{@link Fresh} → (connect) {@link Connecting} → (its server-side subscriptions are there) {@link Connected}; a refused connect
 * leads back to {@link Fresh}, a close from each to {@link Closed}.
 */
public final class Session {

    private static final Logger LOG = Logger.getLogger(Session.class);

    /** Commands with large answers that are carried out at once. */
    private static final int MAX_HEAVY = 2;

    private final String id;
    private final SessionServices services;
    private final SessionConfig config;
    private final Encoding encoding;
    private final Outbox outbox;
    private final Executor eventLoop;
    private final FanoutLoop fanoutLoop;
    private final Optional<String> origin;
    private final Map<String, Subscription> subscriptions = new HashMap<>();
    private final Deque<Request> backlog = new ArrayDeque<>();
    private final HeldFrames held = new HeldFrames();
    private final RateLimit commandRate;
    private final Map<ChannelRules, RateLimit> publishRates = new IdentityHashMap<>(1);
    private final Clock clock;

    private volatile Stage stage = new Fresh();
    private boolean reading = true;
    private int inFlight;
    private int heavyInFlight;

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
        this.config = services.config();
        this.encoding = encoding;
        this.outbox = outbox;
        this.eventLoop = eventLoop;
        this.fanoutLoop = fanoutLoop;
        this.origin = origin;
        Instant now = now();
        this.commandRate = new RateLimit(config.commandRate(), config.commandBurst(), now);
        this.clock = new Clock(now, config);
    }

    private sealed interface Stage {}

    /** Nobody has said who this is. */
    private record Fresh() implements Stage {}

    /** The answer to connect is being made; other commands wait. */
    private record Connecting(Optional<User> user) implements Stage {}

    /** @param expiresAt when the connection ends unless it is refreshed; null for never */
    private record Connected(User user, @Nullable Instant expiresAt) implements Stage {}

    private record Closed() implements Stage {}

    /** When this session was opened, has to be pinged, and has to have answered. */
    private static final class Clock {

        private final Instant opened;
        private final Optional<Instant> end;
        private Instant pingDue;
        private @Nullable Instant pinged;

        Clock(Instant now, SessionConfig config) {
            opened = now;
            pingDue = now.plus(config.pingInterval());
            end = config.maxAge().isZero() ? Optional.empty() : Optional.of(now.plus(jittered(config.maxAge())));
        }

        /** So that those who came together do not go together. */
        private static Duration jittered(Duration age) {
            return Duration.ofMillis(
                    (long) (age.toMillis() * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
        }
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

    private Instant now() {
        return services.clock().instant();
    }

    private boolean isClosed() {
        return stage instanceof Closed;
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
        answered();
        try {
            backlog.addAll(frame.decode());
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

    private void answered() {
        Instant pinged = clock.pinged;
        if (pinged != null) {
            clock.pinged = null;
            services.metrics().answered(Duration.between(pinged, now()));
        }
    }

    /** Carries out what has come, as long as not too much is in flight; reads on when all is carried out. */
    private void proceed() {
        while (mayProceed() && !backlog.isEmpty()) {
            Request next = backlog.remove();
            services.metrics().command(next.command().method());
            switch (commandRate.take(now())) {
                case TAKE -> handle(next.id(), next.command());
                case REFUSE -> refuse(next.id(), ErrorCode.TOO_MANY_REQUESTS);
                case FLOOD -> close(CloseCode.TOO_MANY_REQUESTS);
            }
        }
        read(isClosed() || (backlog.isEmpty() && mayProceed()));
    }

    /** Something that commands waited for has come from elsewhere. */
    private void goOn() {
        proceed();
        outbox.flush();
    }

    /** Not while the last answers wait for the client: it is not to be buried by what it asked for. */
    private boolean mayProceed() {
        return !(stage instanceof Closed)
                && !(stage instanceof Connecting)
                && inFlight < config.maxInFlight()
                && outbox.writable()
                && !(heavyInFlight >= MAX_HEAVY
                        && !backlog.isEmpty()
                        && heavy(backlog.peek().command()));
    }

    /** Its answer may be large. */
    private static boolean heavy(Command command) {
        return switch (command) {
            case Command.History _, Command.Presence _ -> true;
            case Command.Subscribe subscribe -> subscribe.since() != null;
            case Command.Connect _,
                    Command.Unsubscribe _,
                    Command.Publish _,
                    Command.PresenceStats _,
                    Command.Refresh _,
                    Command.SubRefresh _,
                    Command.Ping _,
                    Command.Pong _,
                    Command.Unsupported _,
                    Command.Unknown _,
                    Command.Malformed _ -> false;
        };
    }

    private void read(boolean on) {
        if (on != reading) {
            reading = on;
            outbox.reading(on);
        }
    }

    private void handle(long request, Command command) {
        switch (command) {
            case Command.Pong _ -> {}
            case Command.Unsupported(var method)
            when request == 0 && stage instanceof Connected -> LOG.debugf("Ignored sessionId=%s method=%s", id, method);
            case Command.Connect connect when request != 0 -> connect(request, connect);
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
            case Command.Connect _ -> refuse(request, ErrorCode.BAD_REQUEST, "connected already");
            case Command.Subscribe subscribe -> subscribe(request, user, subscribe);
            case Command.Unsubscribe(var channel) -> unsubscribe(request, channel);
            case Command.Publish publish -> publish(request, user, publish);
            case Command.History history -> history(request, user, history);
            case Command.Presence(var channel) -> presence(request, user, channel);
            case Command.PresenceStats(var channel) -> presenceStats(request, user, channel);
            case Command.Refresh(var token) -> refresh(request, user, token);
            case Command.SubRefresh(var channel, var token) -> refresh(request, user, channel, token);
            case Command.Ping _ -> reply(request, new Reply.Pong());
            case Command.Pong _ -> {}
            case Command.Unsupported(var method) -> refuse(request, ErrorCode.NOT_AVAILABLE, method);
            case Command.Unknown(var method) -> refuse(request, ErrorCode.METHOD_NOT_FOUND, method);
            case Command.Malformed(var problem) -> refuse(request, ErrorCode.BAD_REQUEST, problem);
        }
    }

    private void connect(long request, Command.Connect connect) {
        if (stage instanceof Connected) {
            refuse(request, ErrorCode.BAD_REQUEST, "connected already");
            return;
        }
        stage = new Connecting(Optional.empty());
        await(
                services.tokens().verify(connect.token(), origin),
                user -> identified(request, connect, user),
                failure -> {
                    stage = new Fresh();
                    tokenRefused(request, failure, this::close);
                });
    }

    private void identified(long request, Command.Connect connect, User user) {
        if (!services.limits().enter(user)) {
            close(CloseCode.CONNECTION_LIMIT);
            return;
        }
        stage = new Connecting(Optional.of(user));
        var own = ServerSubscriptions.of(user, id, services.channels());
        if (own.refused().isPresent()) {
            giveUp(user);
            refuse(request, ErrorCode.UNKNOWN_CHANNEL, own.refused().get());
        } else if (own.granted().size() > config.maxChannels()) {
            giveUp(user);
            refuse(
                    request,
                    ErrorCode.LIMIT_EXCEEDED,
                    "the token names more than " + config.maxChannels() + " channels");
        } else {
            var reply = new ConnectReply(
                    own.granted(), connect.since(), config.maxPending().asLongValue() / 2);
            reply.first().forEach(channel -> start(request, user, reply, channel));
            if (reply.complete()) {
                connected(request, user, reply);
            }
        }
    }

    private void start(long request, User user, ConnectReply reply, String channel) {
        start(new Subscription(this, services, reply.terms(channel), new AtConnect(request, user, reply, channel)));
    }

    /** The client may try again on the same socket. */
    private void giveUp(User user) {
        services.limits().leave(user);
        stage = new Fresh();
        leaveAll();
        held.drop();
    }

    private void connected(long request, User user, ConnectReply made) {
        if (services.revoked().revoked(user)) {
            close(CloseCode.TOKEN_REVOKED);
            return;
        }
        stage = new Connected(user, user.expiresAt());
        services.metrics().connected();
        reply(
                request,
                new Reply.Connected(
                        id,
                        services.version(),
                        services.node(),
                        untilEnd(user.expiresAt()),
                        config.pingInterval(),
                        made.subscriptions()));
        made.following().forEach(this::push);
        held.drain(this::deliver);
    }

    /** @param onRefusal what else to do about a token that no new one can mend */
    private void tokenRefused(long request, Throwable failure, Consumer<CloseCode> onRefusal) {
        if (!(failure instanceof TokenRefusedException refused)) {
            refuse(request, failed(failure));
            return;
        }
        LOG.debugf("Token refused sessionId=%s: %s", id, refused.getMessage());
        switch (refused.reason()) {
            case EXPIRED -> refuse(request, ErrorCode.TOKEN_EXPIRED);
            case UNAVAILABLE -> refuse(request, ErrorCode.INTERNAL, "the token's keys are out of reach");
            case MISSING,
                    MALFORMED,
                    NOT_YET_VALID,
                    UNKNOWN_ISSUER,
                    BAD_SIGNATURE,
                    ALGORITHM,
                    WRONG_AUDIENCE,
                    WRONG_SUBSCRIPTION,
                    REVOKED,
                    FOREIGN_ORIGIN -> onRefusal.accept(refused.reason().closeCode());
        }
    }

    private void refresh(long request, User known, String token) {
        await(
                services.tokens().verify(token, origin),
                verified -> {
                    if (verified.tenant() != known.tenant() || !verified.id().equals(known.id())) {
                        LOG.infof("Refresh with the token of another user sessionId=%s", id);
                        close(CloseCode.INVALID_TOKEN);
                        return;
                    }
                    stage = new Connected(verified, verified.expiresAt());
                    reply(request, new Reply.Refreshed(id, services.version(), untilEnd(verified.expiresAt())));
                    endWhatIsNoLongerGranted(verified);
                },
                failure -> tokenRefused(request, failure, this::close));
    }

    /** A new token may say less than the one before, or hide more. */
    private void endWhatIsNoLongerGranted(User user) {
        for (Subscription subscription : List.copyOf(subscriptions.values())) {
            String channel = subscription.channel();
            switch (subscription.terms().right()) {
                case USER ->
                    keepIfGranted(
                            subscription,
                            services.channels().decide(user, Wish.SUBSCRIBE, channel, new Standing.Outside()));
                case CLAIM ->
                    keepIfGranted(
                            subscription,
                            user.subscriptions().containsKey(channel)
                                    ? services.channels().decideServerSide(user, id, channel)
                                    : new Verdict.Denied());
                case TOKEN, SERVER -> {}
            }
        }
    }

    private void keepIfGranted(Subscription subscription, Verdict verdict) {
        switch (verdict) {
            case Verdict.Granted(var _, var _, var filter) -> {
                if (!Objects.equals(filter, subscription.terms().forced())) {
                    begunAnew(subscription);
                }
            }
            case Verdict.Unknown _, Verdict.Denied _, Verdict.NotAvailable _ ->
                unsubscribed(subscription, UnsubscribeCode.SERVER);
        }
    }

    /** The client comes back to the channel, on other terms or at another place of the stream. */
    void begunAnew(Subscription subscription) {
        if (subscription.terms().right().asked()) {
            unsubscribed(subscription, UnsubscribeCode.INSUFFICIENT_STATE);
        } else {
            close(CloseCode.INSUFFICIENT_STATE);
        }
    }

    /** Empty for never. */
    Optional<Duration> untilEnd(@Nullable Instant end) {
        return Optional.ofNullable(end).map(instant -> Duration.between(now(), instant));
    }

    private void subscribe(long request, User user, Command.Subscribe wish) {
        if (subscriptionPossible(request, wish.channel())) {
            if (wish.token().isEmpty()) {
                granted(
                        request,
                        services.channels().decide(user, Wish.SUBSCRIBE, wish.channel(), new Standing.Outside()),
                        grant -> subscribe(request, wish, grant, Optional.empty()));
            } else {
                subscribeByToken(request, user, wish);
            }
        }
    }

    private boolean subscriptionPossible(long request, String channel) {
        if (subscriptions.containsKey(channel)) {
            refuse(request, ErrorCode.ALREADY_SUBSCRIBED);
        } else if (subscriptions.size() >= config.maxChannels()) {
            refuse(request, ErrorCode.LIMIT_EXCEEDED, "more than " + config.maxChannels() + " channels");
        } else {
            return true;
        }
        return false;
    }

    private void subscribeByToken(long request, User user, Command.Subscribe wish) {
        await(
                services.tokens().verifySubscription(user, wish.channel(), wish.token()),
                token -> {
                    if (subscriptionPossible(request, wish.channel())) {
                        granted(
                                request,
                                services.channels().decide(user, token),
                                grant -> subscribe(request, wish, grant, Optional.of(token)));
                    }
                },
                failure -> subscriptionTokenRefused(request, failure));
    }

    /** The connection stays: only this subscription has no right. */
    private void subscriptionTokenRefused(long request, Throwable failure) {
        tokenRefused(request, failure, code -> refuse(request, ErrorCode.PERMISSION_DENIED, code.reason()));
    }

    private void subscribe(
            long request, Command.Subscribe wish, Verdict.Granted grant, Optional<SubscriptionToken> token) {
        var terms = new Terms(
                grant.channel(),
                grant.rules(),
                token.isPresent() ? Right.TOKEN : Right.USER,
                grant.filter(),
                wish.filter(),
                wish.joinLeave(),
                wish.since(),
                token.map(SubscriptionToken::info).orElse(null),
                null,
                token.map(SubscriptionToken::expiresAt).orElse(null));
        start(new Subscription(this, services, terms, new Answered(request, heavy(wish))));
    }

    private void start(Subscription subscription) {
        subscriptions.put(subscription.channel(), subscription);
        subscription.join();
    }

    private void unsubscribe(long request, String channel) {
        Subscription ended = subscriptions.remove(channel);
        if (ended != null) {
            ended.leave(ErrorCode.BAD_REQUEST);
        }
        reply(request, new Reply.Unsubscribed());
    }

    private void publish(long request, User user, Command.Publish publish) {
        granted(request, user, Wish.PUBLISH, publish.channel(), grant -> {
            if (tooMany(grant.rules())) {
                refuse(request, ErrorCode.TOO_MANY_REQUESTS, "publishing to " + publish.channel());
                return;
            }
            if (grant.rules().salesforcePublish()) {
                publishToSalesforce(request, grant, publish.data());
                return;
            }
            var draft = new Draft(
                    publish.data(), member(channelInfo(publish.channel())).info(), Map.of(), now());
            var options = PublishOptions.keeping(grant.rules().retention());
            answer(request, services.backplane().publish(grant.channel(), draft, options), _ -> new Reply.Published());
        });
    }

    /** Success means that Salesforce has it: the event comes around as every other one. */
    private void publishToSalesforce(long request, Verdict.Granted grant, RawJson data) {
        await(
                new WayBack(services.backplane()).publish(grant.channel(), UUID.randomUUID(), data),
                answer -> {
                    switch (answer) {
                        case WayBackAnswer.Taken _ -> reply(request, new Reply.Published());
                        case WayBackAnswer.Failed(var code, var detail) -> refuse(request, code, detail);
                    }
                },
                failure -> refuse(request, failed(failure)));
    }

    private boolean tooMany(ChannelRules rules) {
        return rules.publishRate()
                .map(rate ->
                        publishRates.computeIfAbsent(rules, _ -> new RateLimit(rate.perSecond(), rate.burst(), now())))
                .filter(limit -> limit.take(now()) != RateLimit.Answer.TAKE)
                .isPresent();
    }

    private Optional<RawJson> channelInfo(String channel) {
        return Optional.ofNullable(subscriptions.get(channel))
                .map(subscription -> subscription.terms().info());
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

    /** As much as fits into one reply: the client asks for the rest. */
    private void history(long request, User user, Command.History asked) {
        granted(request, user, Wish.READ_HISTORY, asked.channel(), grant -> {
            int limit = asked.limit() < 0 ? config.historyLimit() : Math.min(asked.limit(), config.historyLimit());
            // What the filter hides does not count: an empty page would look like the end.
            int read = grant.filter() == null || limit == 0 ? limit : config.historyLimit();
            var query = new HistoryQuery(asked.since(), read, asked.reverse())
                    .within(config.maxPending().asLongValue());
            heavyAnswer(
                    request,
                    services.backplane().history(grant.channel(), query),
                    history -> historyReply(asked.since(), history, Notices.passing(grant.filter()), limit));
        });
    }

    private Reply historyReply(@Nullable Position since, History history, @Nullable Filter filter, int limit) {
        if (history.isOfAnotherLifeThan(since)) {
            return new Reply.Failed(ErrorCode.UNRECOVERABLE_POSITION);
        }
        List<Publication> visible = history.publications().stream()
                .filter(publication -> filter == null || filter.matches(new Fields(publication.draft())))
                .limit(limit)
                .toList();
        return new Reply.HistoryRead(history.top(), visible);
    }

    private void presence(long request, User user, String channel) {
        granted(
                request,
                user,
                Wish.READ_PRESENCE,
                channel,
                grant -> heavyAnswer(
                        request,
                        services.backplane().presence(grant.channel(), config.presenceLimit()),
                        Reply.PresenceRead::new));
    }

    private void presenceStats(long request, User user, String channel) {
        granted(
                request,
                user,
                Wish.READ_PRESENCE,
                channel,
                grant -> answer(
                        request, services.backplane().presenceStats(grant.channel()), Reply.PresenceCounted::new));
    }

    /** A new token for one subscription. */
    private void refresh(long request, User user, String channel, String token) {
        await(
                services.tokens().verifySubscription(user, channel, token),
                verified -> {
                    Subscription subscription = subscriptions.get(channel);
                    if (subscription == null || subscription.terms().right() != Right.TOKEN) {
                        refuse(request, ErrorCode.BAD_REQUEST, "no subscription by token to " + channel);
                    } else {
                        subscription.refresh(verified.expiresAt());
                        reply(request, new Reply.SubRefreshed(untilEnd(verified.expiresAt())));
                        if (!Objects.equals(
                                verified.filter(), subscription.terms().forced())) {
                            begunAnew(subscription);
                        }
                    }
                },
                failure -> subscriptionTokenRefused(request, failure));
    }

    private void granted(long request, User user, Wish wish, String channel, Consumer<Verdict.Granted> onGranted) {
        Subscription subscription = subscriptions.get(channel);
        Standing standing = subscription == null
                ? new Standing.Outside()
                : new Standing.Subscribed(subscription.terms().forced());
        granted(request, services.channels().decide(user, wish, channel, standing), onGranted);
    }

    private void granted(long request, Verdict verdict, Consumer<Verdict.Granted> onGranted) {
        switch (verdict) {
            case Verdict.Granted granted -> onGranted.accept(granted);
            case Verdict.Unknown _ -> refuse(request, ErrorCode.UNKNOWN_CHANNEL);
            case Verdict.Denied _ -> refuse(request, ErrorCode.PERMISSION_DENIED);
            case Verdict.NotAvailable _ -> refuse(request, ErrorCode.NOT_AVAILABLE);
        }
    }

    /** Replies when the backplane has answered. */
    private <T> void answer(long request, Uni<T> work, Function<T, Reply> reply) {
        await(work, item -> answer(request, reply.apply(item)), failure -> refuse(request, failed(failure)));
    }

    /** As {@link #answer}, with an answer that may be large. */
    private <T> void heavyAnswer(long request, Uni<T> work, Function<T, Reply> reply) {
        heavyInFlight++;
        await(
                work,
                item -> {
                    heavyInFlight--;
                    answer(request, reply.apply(item));
                },
                failure -> {
                    heavyInFlight--;
                    refuse(request, failure);
                });
    }

    private void refuse(long request, Throwable failure) {
        if (failure instanceof TooManyMembersException tooMany) {
            refuse(request, ErrorCode.LIMIT_EXCEEDED, String.valueOf(tooMany.getMessage()));
        } else {
            refuse(request, failed(failure));
        }
    }

    private void answer(long request, Reply reply) {
        if (reply instanceof Reply.Failed(var code, var _)) {
            refuse(request, code);
        } else {
            reply(request, reply);
        }
    }

    /** Goes on when something has been done, maybe elsewhere, unless the connection is closed by then. */
    private <T> void await(Uni<T> work, Consumer<T> onItem, Consumer<Throwable> onFailure) {
        inFlight++;
        var call = new Call();
        work.subscribe()
                .with(
                        item -> call.settled(() -> onItem.accept(item)),
                        failure -> call.settled(() -> onFailure.accept(failure)));
        call.returned = true;
    }

    /** What is done at once, as a token is verified, goes on at once. */
    private final class Call {

        private final Thread caller = Thread.currentThread();
        private final long started = System.nanoTime();
        private boolean returned;

        void settled(Runnable next) {
            if (Thread.currentThread() == caller && !returned) {
                carryOn(next);
            } else {
                eventLoop.execute(() -> {
                    carryOn(next);
                    goOn();
                });
            }
        }

        private void carryOn(Runnable next) {
            inFlight--;
            services.metrics().waited(Duration.ofNanos(System.nanoTime() - started));
            if (!isClosed()) {
                next.run();
            }
        }
    }

    private ErrorCode failed(Throwable failure) {
        if (failure instanceof BackplaneUnavailableException) {
            LOG.debugf("Backplane unavailable sessionId=%s: %s", id, failure.getMessage());
        } else {
            LOG.errorf(failure, "A command failed sessionId=%s", id);
        }
        return ErrorCode.INTERNAL;
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
        if (request != 0 && !isClosed()) {
            ServerFrame frame = encoding.codec().encode(request, reply);
            unlessSlow(outbox.answer(frame));
            frame.release();
        }
    }

    private void push(Push push) {
        send(encoding.codec().encode(push));
    }

    /** A client that cannot take an answer is closed like one that cannot take a publication: nothing is left out silently. */
    private void send(ServerFrame frame) {
        if (!isClosed()) {
            deliver(frame);
        }
        frame.release();
    }

    Delivery deliver(ServerFrame frame) {
        // SDKs know of a server-side subscription when they have the reply to connect, and not before.
        Delivery delivery = stage instanceof Connecting
                ? held.hold(frame, config.maxPending().asLongValue())
                : outbox.send(frame);
        return unlessSlow(delivery);
    }

    private Delivery unlessSlow(Delivery delivery) {
        if (delivery == Delivery.SLOW) {
            close(CloseCode.SLOW);
        }
        return delivery;
    }

    /** The client keeps up again. */
    public void writable() {
        List.copyOf(subscriptions.values()).forEach(Subscription::writable);
        goOn();
    }

    /**
     * The tenant's back end puts the client on a channel. Says nothing when it is there already; a channel too many is counted, and left
     * out.
     */
    public void subscribe(Verdict.Granted grant, Subscribing how, @Nullable Position since) {
        String channel = grant.channel().name();
        if (!(stage instanceof Connected) || subscriptions.containsKey(channel)) {
            return;
        }
        if (subscriptions.size() >= config.maxChannels()) {
            services.metrics().refused(ErrorCode.LIMIT_EXCEEDED);
            LOG.debugf("Not subscribed by the server, too many channels sessionId=%s channel=%s", id, channel);
            return;
        }
        Terms terms = ServerSubscriptions.terms(grant, Right.SERVER, how, since);
        start(new Subscription(this, services, terms, new Pushed(channel)));
    }

    /** The tenant's back end takes the client from a channel. Harmless when it is not there. */
    public void unsubscribe(String channel) {
        Subscription subscription = subscriptions.get(channel);
        if (subscription != null) {
            unsubscribed(subscription, UnsubscribeCode.SERVER);
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

    private void unsubscribed(Subscription subscription, UnsubscribeCode code) {
        services.metrics().unsubscribed(code);
        forget(subscription);
        if (subscription.joining()) {
            // The client waits for an answer, and would not listen to a push.
            subscription.leave(code == UnsubscribeCode.SERVER ? ErrorCode.PERMISSION_DENIED : ErrorCode.INTERNAL);
        } else {
            subscription.leave(ErrorCode.INTERNAL);
            push(new Push.Unsubscribed(subscription.channel(), code));
        }
        goOn();
    }

    void forget(Subscription subscription) {
        subscriptions.remove(subscription.channel(), subscription);
    }

    /** Looks at the clock; to be called about once a second. */
    public void tick() {
        Instant now = now();
        switch (stage) {
            case Fresh _ -> closeWhen(late(now), CloseCode.STALE);
            // Whose token is good waits for us, and may come back.
            case Connecting(var user) ->
                closeWhen(late(now), user.isPresent() ? CloseCode.SERVER_ERROR : CloseCode.STALE);
            case Connected(var _, var expiresAt) -> {
                closeWhen(
                        reading && clock.pinged != null && now.isAfter(clock.pinged.plus(config.pongTimeout())),
                        CloseCode.NO_PONG);
                closeWhen(expiresAt != null && now.isAfter(expiresAt.plus(config.expiryGrace())), CloseCode.EXPIRED);
                closeWhen(outbox.stalledFor(config.stallTimeout()), CloseCode.SLOW);
                closeWhen(clock.end.filter(now::isAfter).isPresent(), CloseCode.FORCE_RECONNECT);
                endExpiredSubscriptions(now);
                ping(now);
            }
            case Closed _ -> {}
        }
    }

    private boolean late(Instant now) {
        return now.isAfter(clock.opened.plus(config.connectTimeout()));
    }

    private void endExpiredSubscriptions(Instant now) {
        Instant limit = now.minus(config.expiryGrace());
        List<Subscription> expired = subscriptions.values().stream()
                .filter(one -> one.expired(limit))
                .toList();
        expired.forEach(subscription -> unsubscribed(subscription, UnsubscribeCode.EXPIRED));
    }

    private void ping(Instant now) {
        if (!isClosed() && !now.isBefore(clock.pingDue)) {
            send(encoding.codec().ping());
            outbox.flush();
            clock.pingDue = now.plus(config.pingInterval());
            clock.pinged = now;
        }
    }

    private void closeWhen(boolean condition, CloseCode code) {
        if (condition && !isClosed()) {
            close(code);
        }
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
        backlog.clear();
        // The client's own goodbye has to be read.
        read(true);
        leaveAll();
        held.drop();
        switch (last) {
            case Connecting(var user) -> user.ifPresent(services.limits()::leave);
            case Connected(var user, var _) -> services.limits().leave(user);
            case Fresh _, Closed _ -> {}
        }
    }

    private void leaveAll() {
        List<Subscription> left = List.copyOf(subscriptions.values());
        subscriptions.clear();
        left.forEach(subscription -> subscription.leave(ErrorCode.INTERNAL));
    }

    /** The client asked for the subscription, and gets a reply. */
    private final class Answered implements Subscription.Outcome {

        private final long request;
        private final boolean heavy;

        Answered(long request, boolean heavy) {
            this.request = request;
            this.heavy = heavy;
            inFlight++;
            heavyInFlight += heavy ? 1 : 0;
        }

        private void settled() {
            inFlight--;
            heavyInFlight -= heavy ? 1 : 0;
        }

        @Override
        public void subscribed(Reply.Subscribed reply) {
            settled();
            reply(request, reply);
            // What goes out now is flushed with the others of its loop's batch.
            proceed();
        }

        @Override
        public void refused(Refusal reason) {
            settled();
            switch (reason) {
                case UNAVAILABLE -> refuse(request, ErrorCode.INTERNAL);
                case TOO_MANY_FILTERS ->
                    refuse(request, ErrorCode.LIMIT_EXCEEDED, "too many different filters on the channel");
            }
            goOn();
        }

        @Override
        public void abandoned(ErrorCode reason) {
            settled();
            if (!isClosed()) {
                refuse(request, reason, "unsubscribed before it was subscribed");
            }
        }
    }

    /** Part of the reply to connect. */
    private final class AtConnect implements Subscription.Outcome {

        private final long request;
        private final User user;
        private final ConnectReply made;
        private final String channel;

        AtConnect(long request, User user, ConnectReply made, String channel) {
            this.request = request;
            this.user = user;
            this.made = made;
            this.channel = channel;
        }

        @Override
        public void subscribed(Reply.Subscribed reply) {
            String next = made.subscribed(channel, reply);
            if (next != null) {
                start(request, user, made, next);
            } else if (made.complete()) {
                connected(request, user, made);
                goOn();
            }
        }

        @Override
        public void refused(Refusal reason) {
            if (stage instanceof Connecting) {
                giveUp(user);
                refuse(request, ErrorCode.INTERNAL);
                goOn();
            }
        }

        @Override
        public void abandoned(ErrorCode reason) {}
    }

    /** The client has not asked, and is told. SDKs read no publications from such a push, so they follow it. */
    private final class Pushed implements Subscription.Outcome {

        private final String channel;

        Pushed(String channel) {
            this.channel = channel;
        }

        @Override
        public void subscribed(Reply.Subscribed reply) {
            push(new Push.Subscribed(channel, reply.withoutPublications()));
            reply.publications().forEach(publication -> push(new Push.Published(channel, publication)));
        }

        /** At most once, as everything that the back end says to clients. */
        @Override
        public void refused(Refusal reason) {
            LOG.debugf("Not subscribed by the server sessionId=%s channel=%s reason=%s", id, channel, reason);
        }

        @Override
        public void abandoned(ErrorCode reason) {}
    }
}
