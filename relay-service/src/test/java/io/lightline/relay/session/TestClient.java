package io.lightline.relay.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.relay.protocol.CloseCode;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Somebody at the other end of a session. */
final class TestClient {

    final Session session;
    final RecordingOutbox outbox;
    private final SessionPod pod;

    TestClient(SessionPod pod, Session session, RecordingOutbox outbox) {
        this.pod = pod;
        this.session = session;
        this.outbox = outbox;
    }

    /** Sends a frame; what can be answered at once is answered when this returns. */
    void says(String frame) {
        pod.onLoop(() -> session.receive(frame));
    }

    /** Sends a binary frame. */
    void says(byte[] frame) {
        pod.onLoop(() -> session.receive(frame));
    }

    /** Sends a command and waits for its reply. */
    String asks(int id, String method, String body) {
        says("{\"id\":" + id + ",\"" + method + "\":" + body + "}");
        return awaitReply(id);
    }

    String awaitReply(int id) {
        String start = "{\"id\":" + id + ",";
        await().untilAsserted(() -> assertThat(outbox.lines()).anyMatch(said -> said.startsWith(start)));
        return outbox.lines().stream()
                .filter(said -> said.startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    /** What it is told unasked, in order. */
    List<String> pushes() {
        return outbox.lines().stream()
                .filter(said -> said.startsWith("{\"push\""))
                .toList();
    }

    void later(Duration time) {
        pod.moveClock(time);
        onLoop(Session::tick);
    }

    void onLoop(Consumer<Session> task) {
        pod.onLoop(() -> task.accept(session));
    }

    void isClosedWith(CloseCode code) {
        await().untilAsserted(() -> assertThat(outbox.closed).containsExactly(code));
    }
}
