package io.lightline.relay.session;

import io.lightline.relay.hub.Subscriber.Delivery;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.ServerFrame;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A socket that writes down what goes through it. */
final class RecordingOutbox implements Outbox {

    private final List<String> queued = new CopyOnWriteArrayList<>();
    private final List<String> said = new CopyOnWriteArrayList<>();
    final List<CloseCode> closed = new CopyOnWriteArrayList<>();
    final List<Boolean> reading = new CopyOnWriteArrayList<>();
    volatile Delivery answer = Delivery.DELIVERED;
    volatile boolean stalled;
    volatile boolean writable = true;

    List<String> said() {
        return said;
    }

    /** The replies and pushes, one each. */
    List<String> lines() {
        return said.stream().flatMap(String::lines).toList();
    }

    @Override
    public Delivery answer(ServerFrame frame) {
        return send(frame);
    }

    @Override
    public Delivery send(ServerFrame frame) {
        queued.add(frame.text());
        return answer;
    }

    @Override
    public void flush() {
        said.addAll(queued);
        queued.clear();
    }

    @Override
    public boolean writable() {
        return writable;
    }

    @Override
    public void close(CloseCode code) {
        closed.add(code);
    }

    @Override
    public boolean stalledFor(Duration limit) {
        return stalled;
    }

    @Override
    public void reading(boolean on) {
        reading.add(on);
    }
}
