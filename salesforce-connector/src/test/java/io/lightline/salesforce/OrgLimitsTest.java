package io.lightline.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lightline.salesforce.auth.Token;
import io.lightline.salesforce.auth.TokenSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrgLimitsTest {

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private final AtomicInteger logins = new AtomicInteger();
    private HttpServer server;
    private OrgLimits limits;
    private int status = 200;
    private String answer = "{\"DailyDeliveredPlatformEvents\": {\"Max\": 50000, \"Remaining\": 49000}}";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::answer);
        server.start();
        URI instance = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        limits = new OrgLimits(
                http,
                new TokenSource(
                        () -> new Token("t-" + logins.incrementAndGet(), instance, "00D000000000001EAA"),
                        Duration.ofHours(1)));
    }

    @AfterEach
    void stop() {
        server.stop(0);
        http.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        questions.add(
                exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void theOrgSaysWhatIsLeft() {
        // when
        DeliveryAllowance deliveries = ask();

        // then
        assertThat(deliveries).isEqualTo(new DeliveryAllowance(50_000, 49_000));
        assertThat(questions).containsExactly("/services/data/v66.0/limits Bearer t-1");
    }

    @Test
    void aRefusedTokenIsNotUsedAgain() {
        // given
        status = 401;
        assertThatThrownBy(this::ask).hasMessageContaining("answered 401");

        // when
        status = 200;
        ask();

        // then
        assertThat(questions).last().asString().endsWith("Bearer t-2");
    }

    @Test
    void aUserWhoMayNotSeeLimitsIsAFailureOfTheQuestionAlone() {
        // given
        status = 403;

        // then
        assertThatThrownBy(this::ask).hasMessageContaining("answered 403");
        assertThat(logins).hasValue(1);
    }

    @Test
    void anAnswerWithoutTheLimitIsNamed() {
        // given
        answer = "{\"DailyApiRequests\": {\"Max\": 1, \"Remaining\": 1}}";

        // then
        assertThatThrownBy(this::ask).hasMessageContaining("without DailyDeliveredPlatformEvents");
    }

    @Test
    void aPageInsteadOfJsonIsNamed() {
        // given
        answer = "<html>";

        // then
        assertThatThrownBy(this::ask).hasMessageContaining("did not answer with JSON");
    }

    private DeliveryAllowance ask() {
        return limits.deliveries().toCompletableFuture().join();
    }
}
