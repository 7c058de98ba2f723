package io.lightline.simulator.pubsub;

import io.grpc.ForwardingServerCall;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.internal.ServerStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The HTTP/2 stream and the TCP connection under a call, which break as gRPC's server never breaks them by itself. gRPC
 * shows neither, so this reads some of its private fields; {@code FaultyStreamTest} notices when they are no longer there.
 *
 * <p>Any thread; what it does happens on the connection's event loop a moment later.
 */
final class Wire {

    private static final String THAW = "thaw";

    private final Channel channel;
    private final ServerStream stream;

    private Wire(Channel channel, ServerStream stream) {
        this.channel = channel;
        this.stream = stream;
    }

    static Wire under(ServerCall<?, ?> call) {
        var innermost = call;
        while (innermost instanceof ForwardingServerCall<?, ?>) {
            innermost = delegate(innermost);
        }
        var stream = (ServerStream) read(innermost, "stream");
        return new Wire((Channel) read(read(stream, "writeQueue"), "channel"), stream);
    }

    /** The client's address and port. */
    String client() {
        return String.valueOf(channel.remoteAddress());
    }

    /** Resets the stream with {@code NO_ERROR}. */
    void reset() {
        onEventLoop(context -> {
            long code = Http2Error.NO_ERROR.code();
            var _ = handler(context).encoder().writeRstStream(context, stream.streamId(), code, context.newPromise());
            context.flush();
            // For gRPC's own books: the client has forgotten the stream by now.
            stream.cancel(Status.CANCELLED.withDescription("Reset by a fault"));
        });
    }

    /** Says {@code GOAWAY}, and closes the connection after the time. */
    void goAway(Duration grace) {
        onEventLoop(context -> {
            var handler = handler(context);
            int last = handler.connection().remote().lastStreamCreated();
            var _ = handler.goAway(
                    context, last, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, context.newPromise());
            context.flush();
            later(grace, this::closeAbruptly);
        });
    }

    /** Closes the TCP connection without a word. */
    void disconnect() {
        channel.eventLoop().execute(this::closeAbruptly);
    }

    /** For a time nothing that comes is read and nothing that goes is sent. */
    void freeze(Duration time) {
        onEventLoop(_ -> {
            if (channel.pipeline().get(THAW) == null) {
                channel.config().setAutoRead(false);
                channel.pipeline().addFirst(THAW, new NoFlush());
                later(time, this::thaw);
            }
        });
    }

    private void thaw() {
        if (channel.pipeline().get(THAW) != null) {
            channel.pipeline().remove(THAW);
            channel.config().setAutoRead(true);
            channel.flush();
        }
    }

    private void closeAbruptly() {
        channel.unsafe().close(channel.unsafe().voidPromise());
    }

    void later(Duration delay, Runnable task) {
        var _ = channel.eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void onEventLoop(Consumer<ChannelHandlerContext> task) {
        channel.eventLoop().execute(() -> {
            var context = channel.pipeline().context(Http2ConnectionHandler.class);
            if (context != null) {
                task.accept(context);
            }
        });
    }

    private static Http2ConnectionHandler handler(ChannelHandlerContext context) {
        return (Http2ConnectionHandler) context.handler();
    }

    /** What is written waits in the connection. */
    private static final class NoFlush extends ChannelOutboundHandlerAdapter {
        @Override
        public void flush(ChannelHandlerContext context) {}
    }

    private static ServerCall<?, ?> delegate(ServerCall<?, ?> wrapper) {
        try {
            var method = wrapper.getClass().getDeclaredMethod("delegate");
            method.setAccessible(true);
            return (ServerCall<?, ?>) method.invoke(wrapper);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("gRPC has changed: no delegate in " + wrapper.getClass(), e);
        }
    }

    private static Object read(Object owner, String name) {
        try {
            var field = field(owner.getClass(), name);
            field.setAccessible(true);
            return field.get(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("gRPC has changed: no " + name + " in " + owner.getClass(), e);
        }
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (var field : each.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return field;
                }
            }
        }
        throw new NoSuchFieldException(type + "." + name);
    }
}
