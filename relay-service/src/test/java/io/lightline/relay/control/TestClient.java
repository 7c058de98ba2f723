package io.lightline.relay.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.relay.hub.Subscriber.Delivery;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.ServerFrame;
import io.lightline.relay.session.Outbox;
import io.lightline.relay.session.Session;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;

/** A client without a socket: it remembers what its session says. */
@NullUnmarked
final class TestClient implements Outbox {

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<CloseCode> closes = new CopyOnWriteArrayList<>();
    private final AtomicInteger pings = new AtomicInteger(100);
    private Session session;

    void connect(Session own, String token) {
        session = own;
        says("{\"id\":1,\"connect\":{\"token\":\"" + token + "\"}}");
    }

    String id() {
        return session.id();
    }

    void subscribes(String channel) {
        says("{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}");
        hears("{\"id\":2,\"subscribe\":{");
    }

    /** It is still connected, after all that its session has been told until now. */
    void isAlive() {
        int id = pings.incrementAndGet();
        says("{\"id\":" + id + ",\"ping\":{}}");
        hears("{\"id\":" + id + ",\"ping\":{}}");
        assertThat(closes).isEmpty();
    }

    private void says(String frame) {
        session.execute(() -> session.receive(frame));
    }

    void hears(String part) {
        await().untilAsserted(() ->
                assertThat(heard).anySatisfy(frame -> assertThat(frame).contains(part)));
    }

    void isClosed(CloseCode code) {
        await().untilAsserted(() -> assertThat(closes).containsExactly(code));
    }

    List<String> pushes() {
        return heard.stream().filter(frame -> frame.startsWith("{\"push\"")).toList();
    }

    Optional<CloseCode> close() {
        return closes.stream().findFirst();
    }

    @Override
    public Delivery answer(ServerFrame frame) {
        return send(frame);
    }

    @Override
    public Delivery send(ServerFrame frame) {
        heard.add(frame.text());
        return Delivery.DELIVERED;
    }

    @Override
    public void flush() {}

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void close(CloseCode code) {
        closes.add(code);
    }

    @Override
    public boolean stalledFor(Duration limit) {
        return false;
    }

    @Override
    public void reading(boolean on) {}
}
