package io.lightline.relay;

import static io.restassured.RestAssured.config;
import static io.restassured.RestAssured.given;
import static io.restassured.config.HttpClientConfig.httpClientConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every method of the server API, over HTTP, with clients connected. */
@QuarkusTest
@TestProfile(ServerApiTest.TwoTenants.class)
@NullUnmarked
class ServerApiTest {

    static final ServerApi ACME = new ServerApi("acme");
    static final ServerApi GLOBEX = new ServerApi("globex");

    /** One pod that two tenants share. */
    public static final class TwoTenants implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            var config = new HashMap<String, String>();
            config.put("lightline.backplane.type", "memory");
            config.put("lightline.backplane.presence-ttl", "5s");
            config.putAll(ACME.config());
            config.putAll(GLOBEX.config());
            return config;
        }
    }

    @TestHTTPResource("/")
    URI server;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<SocketClient> clients = new ArrayList<>();

    @AfterEach
    void leave() {
        clients.stream().filter(client -> client.closes().isEmpty()).forEach(SocketClient::leaves);
    }

    @Test
    void aUserIsPutOnAChannelAndTakenFromIt() {
        // given
        var phone = connect("sub-alice");
        var laptop = connect("sub-alice");
        var bob = connect("sub-bob");

        // when
        ACME.does("subscribe", """
                {"user": "sub-alice", "channel": "chat:vip", "data": {"exact": 1.10}, "info": {"role": "guest"}}""").body("result", anEmptyMap());

        // then
        awaitPush(phone, "{\"push\":{\"channel\":\"chat:vip\",\"subscribe\":{", "\"data\":{\"exact\":1.10}");
        awaitPush(laptop, "\"channel\":\"chat:vip\",\"subscribe\":{");
        await().untilAsserted(() -> ACME.does("presence", "{\"channel\": \"chat:vip\"}")
                .body(
                        "result.presence.'" + phone.id() + "'.chan_info.role",
                        is("guest"),
                        "result.presence.'" + phone.id() + "'.user",
                        is("sub-alice"),
                        "result.presence.'" + phone.id() + "'.node",
                        is("test-pod"),
                        "result.presence.size()",
                        is(2)));
        assertThat(phone.asks("presence", "{\"channel\": \"chat:vip\"}"))
                .contains("\"user\":\"sub-alice\"")
                .doesNotContain("test-pod");
        ACME.does("presence_stats", "{\"channel\": \"chat:vip\"}")
                .body("result.num_clients", is(2), "result.num_users", is(1));
        ACME.does("publish", "{\"channel\": \"chat:vip\", \"data\": 1}");
        awaitPush(phone, "\"pub\":{\"data\":1");
        assertThat(bob.pushes()).isEmpty();

        // and when
        ACME.does(
                "unsubscribe",
                "{\"user\": \"sub-alice\", \"channel\": \"chat:vip\", \"client\": \"" + phone.id() + "\"}");

        // then
        awaitPush(phone, "{\"push\":{\"channel\":\"chat:vip\",\"unsubscribe\":{\"code\":2000");
        await().untilAsserted(() ->
                ACME.does("presence_stats", "{\"channel\": \"chat:vip\"}").body("result.num_clients", is(1)));
        assertThat(laptop.pushes()).noneMatch(push -> push.contains("unsubscribe"));
    }

    @Test
    void aUserThatIsPutOnAChannelRecoversFromWhereItWas() {
        // given
        String epoch = ACME.does("publish", "{\"channel\": \"chat:since\", \"data\": 1}")
                .extract()
                .path("result.epoch");
        ACME.does("publish", "{\"channel\": \"chat:since\", \"data\": 2}");
        var alice = connect("since-alice");

        // when
        ACME.does(
                "subscribe",
                "{\"user\": \"since-alice\", \"channel\": \"chat:since\", \"recover_since\": {\"offset\": 1, \"epoch\": \""
                        + epoch + "\"}}");

        // then
        awaitPush(alice, "\"recovered\":true");
        awaitPush(alice, "\"pub\":{\"data\":2,\"offset\":2");
        ACME.asks("subscribe", "{\"user\": \"a\", \"channel\": \"plain:x\", \"recover_since\": {\"offset\": 1}}")
                .body("error.code", is(108));
        ACME.asks("subscribe", "{\"user\": \"a\", \"channel\": \"chat:x\", \"data\": \"" + "x".repeat(65_536) + "\"}")
                .body("error.code", is(106), "error.message", containsString("data"));
    }

    @Test
    void nobodyIsPutOnThePersonalChannelOfAnother() {
        // given
        var alice = connect("own-alice");

        // when
        ACME.does("subscribe", "{\"user\": \"own-alice\", \"channel\": \"own:own-bob\"}");
        ACME.does("subscribe", "{\"user\": \"own-alice\", \"channel\": \"chat:after\"}");

        // then
        awaitPush(alice, "\"channel\":\"chat:after\"");
        assertThat(alice.pushes()).noneMatch(push -> push.contains("own:own-bob"));
    }

    @Test
    void aUserIsDisconnectedButForTheWhitelist() {
        // given
        var phone = connect("gone-alice");
        var laptop = connect("gone-alice");
        var bob = connect("gone-bob");

        // when
        ACME.does("disconnect", "{\"user\": \"gone-alice\", \"whitelist\": [\"" + laptop.id() + "\"]}");

        // then
        awaitClose(phone, 3503, "force disconnect");

        // and when
        ACME.does("disconnect", """
                {"user": "gone-alice", "disconnect": {"code": 3011, "reason": "force reconnect"}}""");

        // then
        awaitClose(laptop, 3011, "force reconnect");
        assertThat(bob.asks("ping", "{}")).contains("\"ping\":{}");
    }

    @Test
    void oneClientOfAUserIsDisconnected() {
        // given
        var phone = connect("one-alice");
        var laptop = connect("one-alice");

        // when
        ACME.does("disconnect", "{\"user\": \"one-alice\", \"client\": \"" + phone.id() + "\", \"code\": 4504}");

        // then
        awaitClose(phone, 4504, "token revoked");
        assertThat(laptop.asks("ping", "{}")).contains("\"ping\":{}");
    }

    @Test
    void aUsersConnectionsAreRefreshedOrExpired() {
        // given
        var alice = connect("fresh-alice");
        long end = Instant.now().plusSeconds(600).getEpochSecond();

        // when
        ACME.does("refresh", "{\"user\": \"fresh-alice\", \"expire_at\": " + end + "}");

        // then
        awaitPush(alice, "\"refresh\":{\"expires\":true,\"ttl\":");

        // and when
        ACME.does("refresh", "{\"user\": \"fresh-alice\", \"expired\": true}");

        // then
        awaitClose(alice, 3005, "connection expired");
    }

    @Test
    void aUsersOlderTokensAreVoidAndNewerOnesAreNot() {
        // given
        Instant now = Instant.now();
        String old = ACME.token("void-alice", now.minusSeconds(60));
        String recent = ACME.token("void-alice", now.minusSeconds(10));
        var before = remember(SocketClient.connect(server, old));
        var after = remember(SocketClient.connect(server, recent));

        // when
        ACME.does(
                "invalidate_user_tokens",
                "{\"user\": \"void-alice\", \"issued_before\": "
                        + now.minusSeconds(30).getEpochSecond() + "}");

        // then
        awaitClose(before, 4504, "token revoked");
        assertThat(after.asks("ping", "{}")).contains("\"ping\":{}");
        var again = remember(SocketClient.open(server));
        again.says("{\"id\":1,\"connect\":{\"token\":\"" + old + "\"}}");
        awaitClose(again, 4504, "token revoked");

        // and when
        ACME.does("invalidate_user_tokens", "{\"user\": \"void-alice\"}");

        // then
        awaitClose(after, 4504, "token revoked");
    }

    @Test
    void channelsAreListedByPattern() {
        // given
        connect("list-alice").subscribes("chat:list:a");
        var bob = connect("list-bob");
        bob.subscribes("chat:list:a");
        bob.subscribes("chat:list:b");
        bob.subscribes("plain:list");

        // then
        ACME.does("channels", "{\"pattern\": \"chat:list:?\"}")
                .body(
                        "result.channels.'chat:list:a'.num_clients",
                        is(2),
                        "result.channels.'chat:list:b'.num_clients",
                        is(1),
                        "result.channels.size()",
                        is(2),
                        "result.missing_nodes",
                        nullValue());
        ACME.does("channels", "{}").body("result.channels", allOf(hasKey("plain:list"), hasKey("chat:list:a")));
        ACME.does("channels", "{\"pattern\": \"{plain,chat}:list*\"}").body("result.channels.size()", is(3));
    }

    @Test
    void infoTellsWhatTheTenantItselfUses() {
        // given
        remember(GLOBEX.connect(server, "someone")).subscribes("chat:elsewhere");
        var alice = connect("info-alice");
        alice.subscribes("chat:info");
        connect("info-alice").subscribes("chat:info");

        // then
        await().untilAsserted(() -> ACME.does("info", "{}")
                .body(
                        "result.nodes", hasSize(1),
                        "result.nodes[0].name", is("test-pod"),
                        "result.nodes[0].version", notNullValue(),
                        "result.nodes[0].num_clients", is(2),
                        "result.nodes[0].num_users", is(1),
                        "result.nodes[0].num_channels", is(2),
                        "result.nodes[0].num_subs", is(4)));
    }

    @Test
    void aHistoryIsRemovedAndItsPositionIsNot() {
        // given
        ACME.does("publish", "{\"channel\": \"chat:remove\", \"data\": 1}");
        ACME.does("publish", "{\"channel\": \"chat:remove\", \"data\": 2}");

        // when
        ACME.does("history_remove", "{\"channel\": \"chat:remove\"}").body("result", anEmptyMap());

        // then
        ACME.does("history", "{\"channel\": \"chat:remove\", \"limit\": 10}")
                .body("result.publications", hasSize(0), "result.offset", is(2));
        ACME.asks("history_remove", "{\"channel\": \"plain:x\"}").body("error.code", is(108));
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aBatchAnswersEachCommandInItsPlace(boolean parallel) {
        String room = "chat:batch-" + parallel;
        ACME.asks(
                        "batch",
                        "{\"parallel\": " + parallel + ", \"commands\": ["
                                + String.join(
                                        ",",
                                        "{\"publish\": {\"channel\": \"" + room + "\", \"data\": 1.10}}",
                                        "{\"publish\": {\"channel\": \"nowhere\", \"data\": 1}}",
                                        "{\"presence_stats\": {\"channel\": \"" + room + "\"}}",
                                        "{\"dance\": {}}",
                                        "{\"batch\": {\"commands\": []}}",
                                        "{\"publish\": {\"channel\": [1]}}",
                                        "{\"publish\": null}",
                                        "{}",
                                        "null",
                                        "{\"disconnect\": {\"user\": \"nobody\"}}")
                                + "]}")
                .statusCode(200)
                .body("result", nullValue(), "error", nullValue(), "replies", hasSize(10))
                .body("replies[0].publish.offset", is(1))
                .body("replies[1].error.code", is(102))
                .body("replies[2].presence_stats.num_clients", is(0))
                .body("replies[3].error.code", is(104))
                .body("replies[4].error.code", is(104))
                .body("replies[5].error.code", is(107), "replies[5].error.message", containsString("channel"))
                .body("replies[6].error.code", is(107))
                .body("replies[7].error.code", is(107))
                .body("replies[8].error.code", is(107))
                .body("replies[9].disconnect", anEmptyMap());
    }

    @Test
    void aSequentialBatchKeepsItsOrder() {
        // when
        ACME.asks(
                        "batch",
                        "{\"commands\": ["
                                + IntStream.range(0, 1000)
                                        .mapToObj(i ->
                                                "{\"publish\": {\"channel\": \"chat:order\", \"data\": " + i + "}}")
                                        .collect(Collectors.joining(","))
                                + "]}")
                .body(
                        "replies.publish.offset",
                        equalTo(IntStream.rangeClosed(1, 1000).boxed().toList()));
    }

    @Test
    void aLargeBatchOfRefusalsIsAnsweredWhole() {
        String wrong = IntStream.range(0, 1000)
                .mapToObj(_ -> "{\"publish\": {\"channel\": \"nowhere\", \"data\": 1}}")
                .collect(Collectors.joining(","));
        ACME.asks("batch", "{\"commands\": [" + wrong + "]}").body("replies", hasSize(1000));
        ACME.asks("batch", "{\"parallel\": true, \"commands\": [" + wrong + "]}")
                .body("replies", hasSize(1000));
        ACME.asks("batch", "{\"commands\": [" + wrong + ",{}]}")
                .body("error.code", is(106), "error.message", containsString("1001"), "replies", nullValue());
        ACME.asks("batch", "{}").body("error.code", is(107));
        ACME.does(
                        "broadcast",
                        "{\"data\": 1, \"channels\": ["
                                + IntStream.range(0, 1000)
                                        .mapToObj(_ -> "\"nowhere\"")
                                        .collect(Collectors.joining(",")) + "]}")
                .body("result.responses", hasSize(1000));
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aBatchWhoseRepliesGrowTooLargeCarriesNothingMoreOut(boolean parallel) {
        // given: histories of which one reading brings about 1 MB
        String channel = "chat:large-" + parallel;
        String publish = "{\"channel\": \"" + channel + "\", \"data\": \"" + "x".repeat(1_000_000) + "\"}";
        IntStream.range(0, 5).forEach(_ -> ACME.does("publish", publish));
        String read = "{\"history\": {\"channel\": \"" + channel + "\", \"limit\": 10}}";
        String commands = String.join(",", Collections.nCopies(30, read));

        // when
        var answer = ACME.asks("batch", "{\"parallel\": " + parallel + ", \"commands\": [" + commands + "]}");

        // then
        answer.body(
                "replies[0].history.publications", hasSize(1),
                "replies[1].history.publications", hasSize(1),
                "replies[29].error.code", is(106),
                "replies[29].error.message", containsString("bytes"));
        ACME.does("history_remove", "{\"channel\": \"" + channel + "\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "publish                | {\"channel\": \"chat:a\", \"data\": 1, \"tags\": {\"a\": null}}   | 107 | tags.a",
                "publish                | {\"channel\": \"chat:a\", \"b64data\": \"eyJhIjoxfWdhcmJhZ2U=\"}  | 107 | b64data",
                "publish                | {\"channel\": \"chat:a\", \"b64data\": \"eyJhIjoxfXsiYiI6Mn0=\"}  | 107 | b64data",
                "subscribe              | {\"channel\": \"chat:a\"}                                         | 107 | user",
                "subscribe              | {\"user\": \"a\"}                                                 | 107 | channel",
                "subscribe              | {\"user\": \"a\", \"channel\": \"nowhere\"}                       | 102 | nowhere",
                "unsubscribe            | {\"user\": \"a\", \"channel\": \"nowhere\"}                       | 102 | nowhere",
                "disconnect             | {}                                                                | 107 | user",
                "disconnect             | {\"user\": \"a\", \"code\": 3999}                                 | 107 | 3999",
                "disconnect             | {\"user\": \"a\", \"code\": 3503, \"reason\": \"bye\"}            | 107 | bye",
                "disconnect             | {\"user\": \"a\", \"whitelist\": [null]}                          | 107 | whitelist",
                "refresh                | {\"user\": \"a\"}                                                 | 107 | expire_at",
                "refresh                | {\"user\": \"a\", \"expire_at\": 1}                               | 107 | has passed: 1",
                "refresh                | {\"user\": \"a\", \"expire_at\": 9223372036854775807}             | 107 | no time",
                "invalidate_user_tokens | {\"user\": \"\"}                                                  | 107 | user is empty",
                "invalidate_user_tokens | {\"user\": \"a\", \"issued_before\": 99999999999}                 | 107 | lies ahead",
                "invalidate_user_tokens | {\"user\": \"a\", \"expire_at\": 1}                               | 107 | has passed",
                "presence               | {\"channel\": \"plain:x\"}                                        | 108 | plain:x",
                "presence_stats         | {\"channel\": \"plain:x\"}                                        | 108 | plain:x",
                "presence               | {\"channel\": \"nowhere\"}                                        | 102 | nowhere",
                "channels               | {\"pattern\": \"[a\"}                                             | 107 | [a",
                "channels               | {\"pattern\": \"\"}                                               | 107 | pattern",
            })
    void whatIsWrongIsSaid(String method, String body, int code, String word) {
        ACME.asks(method, body)
                .statusCode(200)
                .body("result", nullValue(), "error.code", is(code), "error.message", containsString(word));
    }

    @ParameterizedTest
    @ValueSource(strings = {"subscribe", "unsubscribe", "disconnect", "refresh", "invalidate_user_tokens"})
    void aUserHasSoManyCharactersAndNoMore(String method) {
        String rest = "\", \"channel\": \"chat:a\", \"expired\": true}";
        ACME.does(method, "{\"user\": \"" + "u".repeat(255) + rest);
        ACME.asks(method, "{\"user\": \"" + "u".repeat(256) + rest)
                .body("error.code", is(107), "error.message", containsString("256 characters"));
    }

    @Test
    void aRevocationEndsWithinAMonth() {
        // given
        long day = Duration.ofDays(1).toSeconds();
        long now = Instant.now().getEpochSecond();
        String request = "{\"user\": \"month-alice\", \"expire_at\": ";

        // then
        ACME.does("invalidate_user_tokens", request + (now + 29 * day) + "}");
        ACME.asks("invalidate_user_tokens", request + (now + 31 * day) + "}")
                .body("error.code", is(107), "error.message", containsString("" + (now + 31 * day)));
    }

    @Test
    void requestsThatNobodyCanReadAreRefusedByHttp() {
        ACME.asks("publish", "{\n \"channel\": rubbish}")
                .statusCode(400)
                .body("error.code", is(107), "error.message", containsString("line 2, column"));
        ACME.asks("publish", "{\"channel\": \"chat:a\", \"tags\": [1]}")
                .statusCode(400)
                .body("error.code", is(107), "error.message", containsString("tags"))
                .body("error.message", not(containsString("java")));
        for (String tail : List.of("garbage", "{\"channel\": \"chat:b\"}", "]")) {
            ACME.asks("publish", "{\"channel\": \"chat:a\", \"data\": 1}" + tail)
                    .statusCode(400)
                    .body("error.code", is(107));
        }
        ACME.asks("dance", "{}")
                .statusCode(404)
                .body("error.code", is(104), "error.message", containsString("publish, broadcast, subscribe"));
        given().header("X-API-Key", "acme-key")
                .contentType("text/plain")
                .body("{}")
                .post("/api/publish")
                .then()
                .statusCode(415)
                .body("error.code", is(107));
        // Asks before it sends: a server that has refused does not read on, and writing to it fails.
        given().config(config().httpClient(httpClientConfig().setParam("http.protocol.expect-continue", true)))
                .header("X-API-Key", "acme-key")
                .contentType("application/json")
                .body("{\"channel\": \"chat:a\", \"data\": \"" + "x".repeat(1_100_000) + "\"}")
                .post("/api/publish")
                .then()
                .statusCode(413);
        given().contentType("application/json")
                .body("{}")
                .post("/api/dance")
                .then()
                .statusCode(401)
                .body("error.code", is(101));
    }

    @Test
    void commandsAreCountedByOutcome() {
        // given
        double ok = counted("publish", "ok");
        double refused = counted("publish", "refused");

        // when
        ACME.does("publish", "{\"channel\": \"chat:count\", \"data\": 1}");
        ACME.asks("publish", "{\"channel\": \"nowhere\", \"data\": 1}");
        ACME.asks("batch", "{\"commands\": [{\"publish\": {\"channel\": \"chat:count\", \"data\": 1}}]}");

        // then
        assertThat(counted("publish", "ok")).isEqualTo(ok + 2);
        assertThat(counted("publish", "refused")).isEqualTo(refused + 1);
        assertThat(metrics()).contains("lightline_api_duration_seconds_count{method=\"batch\"");
    }

    @Test
    void everyExampleOfTheOpenApiDocumentWorksAsTheDocumentationSays() throws IOException {
        // given
        JsonNode openApi = JSON.readTree(given().get("/q/openapi?format=json").asString());
        Map<String, ServerApiDoc.Example> documented = ServerApiDoc.examples();

        // then
        assertThat(documented.keySet()).containsExactlyInAnyOrderElementsOf(openApiMethods(openApi));
        for (Map.Entry<String, ServerApiDoc.Example> each : documented.entrySet()) {
            String method = each.getKey();
            assertThat(openApi.at("/paths/~1api~1" + method + "/post/requestBody/content/application~1json/examples/"
                            + method + "/value"))
                    .as("example of %s", method)
                    .isEqualTo(each.getValue().request());
            JsonNode answer =
                    JSON.readTree(ACME.does(method, each.getValue().request().toString())
                            .extract()
                            .asString());
            assertThat(shape(answer))
                    .as("answer of %s", method)
                    .isEqualTo(shape(each.getValue().answer()));
        }
    }

    private static List<String> openApiMethods(JsonNode openApi) {
        var methods = new ArrayList<String>();
        openApi.path("paths").fieldNames().forEachRemaining(path -> methods.add(path.replaceFirst("^/api/", "")));
        return methods;
    }

    /** The names of the fields that an answer, its result, and each reply of a batch have. */
    private static List<Set<String>> shape(JsonNode answer) {
        var shape = new ArrayList<Set<String>>();
        shape.add(names(answer));
        shape.add(names(answer.path("result")));
        answer.path("replies").forEach(reply -> {
            assertThat(names(reply)).doesNotContain("error");
            shape.add(names(reply));
        });
        return shape;
    }

    private static Set<String> names(JsonNode object) {
        var names = new TreeSet<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private double counted(String method, String outcome) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(
                        "lightline_api_commands_total{method=\"" + method + "\",outcome=\"" + outcome + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private String metrics() {
        return given().get(management.resolve("/q/metrics")).asString();
    }

    private SocketClient connect(String user) {
        return remember(ACME.connect(server, user));
    }

    private SocketClient remember(SocketClient client) {
        clients.add(client);
        return client;
    }

    private static void awaitPush(SocketClient client, String... parts) {
        await().untilAsserted(() ->
                assertThat(client.pushes()).anySatisfy(push -> assertThat(push).contains(parts)));
    }

    private static void awaitClose(SocketClient client, int code, String reason) {
        await().untilAsserted(() -> assertThat(client.closes()).singleElement().satisfies(close -> {
            assertThat(close.getCode()).isEqualTo(code);
            assertThat(close.getMessage()).isEqualTo(reason);
        }));
    }
}
