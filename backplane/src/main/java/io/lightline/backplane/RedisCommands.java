package io.lightline.backplane;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Commands and scripts over one owned connection, pipelined: nothing waits for the answer to what was sent before, and
 * everything takes effect in the order of the calls. A bounded number is in flight; more, or any while Redis is down, fails
 * at once. Lives on the event loop, and answers there.
 *
 * <p>{@link Starting} (what is called waits for the first connection) or {@link Down} → {@link Preparing} (a connection is
 * there, scripts are loaded) → {@link Up}. When Redis has forgotten the
 * scripts: {@link Up} → {@link Draining} (what is in flight is answered first, so that what is sent again keeps its order)
 * → {@link Preparing} → {@link Up}. A loss leads from each to {@link Down}.
 */
final class RedisCommands implements RedisLink.User {

    private static final Pattern RUN_ID = Pattern.compile("^run_id:(\\w+)", Pattern.MULTILINE);
    /** What a server answers that cannot serve writes now, but whose connection is fine: look for another one. */
    private static final List<String> WRONG_SERVER = List.of("READONLY", "LOADING", "MASTERDOWN", "CLUSTERDOWN");

    private final EventLoop loop;
    private final BackplaneConfig config;
    private final Runnable changed;
    private final RedisLink link;
    private final Deque<Call> inFlight = new ArrayDeque<>();
    private State state = new Starting();

    /** @param changed called after {@link #unavailable} has changed */
    RedisCommands(EventLoop loop, Supplier<Redis> clients, BackplaneConfig config, Runnable changed) {
        this.loop = loop;
        this.config = config;
        this.changed = changed;
        this.link = new RedisLink(loop, clients, config, this);
    }

    RedisLink link() {
        return link;
    }

    /** Why commands fail now; empty when they do not. */
    Optional<String> unavailable() {
        return state.unavailable();
    }

    Future<Response> send(Command command, Object... arguments) {
        return accept(new Call(false, _ -> request(command, Arrays.asList(arguments))));
    }

    /** As {@link #send}, for a few commands of the backplane itself, which are not counted. */
    Future<Response> sendUncounted(Command command, Object... arguments) {
        return state.accept(new Call(false, _ -> request(command, Arrays.asList(arguments))));
    }

    Future<Response> run(Script script, List<String> keys, List<?> arguments) {
        return accept(new Call(true, _ -> evaluate(script, keys, arguments)));
    }

    /** As {@link #run}, for a few scripts of the backplane itself, which are not counted. */
    Future<Response> runUncounted(Script script, List<String> keys, List<?> arguments) {
        return state.accept(new Call(true, _ -> evaluate(script, keys, arguments)));
    }

    /** A script over a channel's stream: {@code arguments} follow the three that {@code stream.lua} wants. */
    Future<Response> runOnStream(Script script, List<String> keys, List<?> arguments) {
        return accept(new Call(true, runId -> {
            var all = new ArrayList<Object>(arguments.size() + 3);
            all.add(runId);
            all.add(Epoch.next());
            all.add(config.positionTtl().toMillis());
            all.addAll(arguments);
            return evaluate(script, keys, all);
        }));
    }

    @Override
    public void opened(RedisConnection connection) {
        become(new Preparing(connection, state.held(), false));
    }

    @Override
    public void received(@Nullable Response message) {
        // Nothing comes unasked on this connection.
    }

    @Override
    public void lost(String reason) {
        var unanswered = new ArrayList<>(inFlight);
        unanswered.addAll(state.held());
        inFlight.clear();
        become(new Down(reason));
        var failure = new BackplaneUnavailableException("Redis is not available: " + reason);
        unanswered.forEach(call -> call.answer.tryFail(failure));
    }

    private Future<Response> accept(Call call) {
        int waiting = inFlight.size() + state.held().size();
        if (waiting >= config.maxInFlight()) {
            return Future.failedFuture(
                    new BackplaneUnavailableException("Too much in flight: Redis has yet to answer " + waiting));
        }
        return state.accept(call);
    }

    private void transmit(RedisConnection connection, String runId, Call call) {
        inFlight.add(call);
        link.expectAnswer();
        connection.send(call.request.apply(runId)).onComplete(answer -> answered(call, answer));
    }

    private void answered(Call call, AsyncResult<Response> answer) {
        if (inFlight.peek() != call) {
            // Failed already, together with its connection.
            return;
        }
        inFlight.remove();
        link.answered();
        if (answer.succeeded()) {
            call.answer.complete(answer.result());
        } else {
            failed(call, answer.cause());
        }
        state.settled();
    }

    private void failed(Call call, Throwable failure) {
        String reason = RedisLink.reason(failure);
        if (reason.startsWith("NOSCRIPT") && call.mayRepeat) {
            call.mayRepeat = false;
            state.forgotten(call);
            return;
        }
        String what = failure instanceof ErrorType ? "Redis refused: " : "Redis did not answer: ";
        call.answer.fail(new BackplaneUnavailableException(what + reason, failure));
        if (!(failure instanceof ErrorType) || WRONG_SERVER.stream().anyMatch(reason::startsWith)) {
            link.fail("redis: " + reason);
        }
    }

    private void become(State next) {
        state = next;
        next.enter();
        changed.run();
    }

    private static Request evaluate(Script script, List<String> keys, List<?> arguments) {
        Request request = Request.cmd(Command.EVALSHA).arg(script.sha1()).arg(keys.size());
        keys.forEach(request::arg);
        return withArguments(request, arguments);
    }

    private static Request request(Command command, List<?> arguments) {
        return withArguments(Request.cmd(command), arguments);
    }

    private static Request withArguments(Request request, List<?> arguments) {
        for (Object argument : arguments) {
            if (argument instanceof byte[] bytes) {
                request.arg(bytes);
            } else {
                request.arg(argument.toString());
            }
        }
        return request;
    }

    /** A command and who waits for its answer. */
    private final class Call {

        final Function<String, Request> request;
        final Promise<Response> answer = loop.promise();
        boolean mayRepeat;

        /** @param request made when it is sent, from the run id of the server that it is sent to */
        Call(boolean mayRepeat, Function<String, Request> request) {
            this.mayRepeat = mayRepeat;
            this.request = request;
        }
    }

    private abstract sealed class State {

        void enter() {}

        Optional<String> unavailable() {
            return Optional.empty();
        }

        abstract Future<Response> accept(Call call);

        /** What will be sent later. */
        Collection<Call> held() {
            return List.of();
        }

        /** The server does not know the script of a call: nothing has happened, and it may be sent again. */
        void forgotten(Call call) {
            call.answer.fail(new BackplaneUnavailableException("Redis does not keep the scripts it is given"));
        }

        /** One thing less in flight. */
        void settled() {}
    }

    /** Commands will be sent, in the order of the calls, but not now. */
    private abstract sealed class Holding extends State {

        final Deque<Call> held;

        Holding(Collection<Call> held) {
            this.held = new ArrayDeque<>(held);
        }

        @Override
        final Future<Response> accept(Call call) {
            held.add(call);
            return call.answer.future();
        }

        @Override
        Collection<Call> held() {
            return held;
        }
    }

    /** The first connection is on its way: a service may ask before it is there. */
    private final class Starting extends Holding {

        Starting() {
            super(List.of());
        }

        @Override
        Optional<String> unavailable() {
            return Optional.of("not connected yet");
        }
    }

    private final class Down extends State {

        private final String reason;

        Down(String reason) {
            this.reason = reason;
        }

        @Override
        Optional<String> unavailable() {
            return Optional.of(reason);
        }

        @Override
        Future<Response> accept(Call call) {
            return Future.failedFuture(new BackplaneUnavailableException("Redis is not available: " + reason));
        }
    }

    private final class Preparing extends Holding {

        private final RedisConnection connection;
        private final boolean wasUp;

        Preparing(RedisConnection connection, Collection<Call> held, boolean wasUp) {
            super(held);
            this.connection = connection;
            this.wasUp = wasUp;
        }

        @Override
        void enter() {
            Future<String> runId = config.durable()
                    ? Future.succeededFuture("")
                    : ask(Command.INFO, "server").map(this::runId);
            for (Script script : Script.values()) {
                ask(Command.SCRIPT, "LOAD", script.source()).onFailure(this::refused);
            }
            // Answers come in order, so this one is the last.
            ask(Command.PING)
                    .compose(_ -> runId)
                    .onSuccess(known -> {
                        if (state == this) {
                            become(new Up(connection, known));
                            held.forEach(call -> transmit(connection, known, call));
                        }
                    })
                    .onFailure(this::refused);
        }

        private Future<Response> ask(Command command, Object... arguments) {
            var call = new Call(false, _ -> request(command, Arrays.asList(arguments)));
            transmit(connection, "", call);
            return call.answer.future();
        }

        private String runId(Response info) {
            Matcher found = RUN_ID.matcher(info.toString());
            if (!found.find()) {
                throw new BackplaneUnavailableException("Redis does not tell its run_id");
            }
            return found.group(1);
        }

        private void refused(Throwable failure) {
            if (state == this) {
                link.fail("preparing redis: " + failure.getMessage());
            }
        }

        @Override
        Optional<String> unavailable() {
            return wasUp ? Optional.empty() : Optional.of("preparing the connection");
        }
    }

    private final class Up extends State {

        private final RedisConnection connection;
        private final String runId;

        Up(RedisConnection connection, String runId) {
            this.connection = connection;
            this.runId = runId;
        }

        @Override
        Future<Response> accept(Call call) {
            transmit(connection, runId, call);
            return call.answer.future();
        }

        @Override
        void forgotten(Call call) {
            var held = new ArrayDeque<Call>();
            held.add(call);
            become(new Draining(connection, held));
        }
    }

    private final class Draining extends Holding {

        private final RedisConnection connection;
        /** To be sent again, then what was called since. */
        private final Deque<Call> forgotten;

        Draining(RedisConnection connection, Deque<Call> forgotten) {
            super(List.of());
            this.connection = connection;
            this.forgotten = forgotten;
        }

        @Override
        Collection<Call> held() {
            var all = new ArrayDeque<>(forgotten);
            all.addAll(held);
            return all;
        }

        @Override
        void forgotten(Call call) {
            forgotten.add(call);
        }

        @Override
        void settled() {
            if (inFlight.isEmpty()) {
                become(new Preparing(connection, held(), true));
            }
        }
    }
}
