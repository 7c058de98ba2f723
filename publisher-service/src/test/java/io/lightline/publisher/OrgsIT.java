package io.lightline.publisher;

import static io.lightline.publisher.Kit.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.backplane.Publication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged publisher does with several orgs, with a file of orgs, and with topics that are not plain. */
class OrgsIT {

    private static final String ORDERS = "/event/Order__e";
    private static final String ACCOUNTS = "/data/AccountChangeEvent";

    @TempDir
    private Path folder;

    private final Kit kit = new Kit(Map.of());

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void orgThatCannotLogInDoesNotTouchTheOther() {
        // given
        var settings = demo(ORDERS);
        settings.putAll(kit.org().asOrg("other", ORDERS));
        settings.put("lightline.publisher.orgs.other.client-secret", "wrong");

        // when
        PublisherProcess publisher = kit.publisher(settings);
        kit.org().awaitSubscribers(ORDERS);
        kit.org().publishOrder("A-1");

        // then
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(kit.eventIds(ORDERS)).isEqualTo(kit.org().eventIds(ORDERS)));
        assertThat(publisher.state("demo:" + ORDERS)).isEqualTo("streaming");
        assertThat(publisher.state("other:" + ORDERS)).contains("invalid_client");
        assertThat(publisher.metric("lightline_salesforce_ready{org=\"demo\",topic=\"" + ORDERS + "\"}"))
                .isEqualTo(1);
        assertThat(publisher.metric("lightline_salesforce_ready{org=\"other\",topic=\"" + ORDERS + "\"}"))
                .isZero();
        assertThat(publisher.metric("lightline_salesforce_reconnects_total{cause=\"login\",org=\"other\",topic=\""
                        + ORDERS + "\"}"))
                .isPositive();
    }

    @Test
    void topicThatIsAddedToTheFileIsReadAndTheOthersAreNotTouched() throws IOException {
        // given
        Path file = write(orgs(ORDERS));
        PublisherProcess publisher = kit.publisher(Map.of(
                "lightline.publisher.orgs-file", file.toString(), "lightline.publisher.reload-interval", "100ms"));
        kit.org().awaitSubscribers(ORDERS);
        kit.org().publishOrder("A-1");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kit.eventIds(ORDERS)).hasSize(1));

        // when: a mistake first, then the right one
        write(orgs(ORDERS + "\", \"" + ACCOUNTS).replace("client-id", "clientele"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(publisher.output())
                        .anySatisfy(line -> assertThat(line).contains("orgs.demo.clientele")));
        write(orgs(ORDERS + "\", \"" + ACCOUNTS));
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(publisher.state("demo:" + ACCOUNTS)).isEqualTo("streaming"));
        kit.org().createAccount("{\"Name\": \"Acme\"}");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kit.eventIds(ACCOUNTS)).hasSize(1));

        // then
        assertThat(kit.org().streams(ORDERS)).hasSize(1);
        assertThat(publisher.metric("lightline_publisher_orgs_readings_total{outcome=\"refused\"}"))
                .isPositive();

        // when: it is taken out again
        write(orgs(ORDERS));

        // then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kit.org().openStreams()).containsExactly(ORDERS));
        assertThat(publisher.state("demo:" + ACCOUNTS)).isEmpty();
        assertThat(kit.org().streams(ORDERS)).hasSize(1);
    }

    @Test
    void readerThatGoesBeforeItHasAPositionLeavesAGapThatIsTold() {
        // given
        PublisherProcess first = kit.publisher(demo(ORDERS));
        kit.org().awaitSubscribers(ORDERS);
        first.kill();
        kit.org().publishOrder("missed");

        // when
        kit.publisher(demo(ORDERS));

        // then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kit.publications(ORDERS))
                        .singleElement()
                        .satisfies(publication -> gapOf(ORDERS, publication)));
    }

    @Test
    void redisThatComesBackWithoutItsDataCostsNoEventThatItHadNotSeen() {
        // given
        kit.publisher(demo(ORDERS));
        kit.org().awaitSubscribers(ORDERS);
        kit.org().publishOrder("before");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kit.publications(ORDERS)).hasSize(1));

        // when
        kit.redis().kill();
        kit.org().publishOrder("meanwhile");
        kit.redis().restart();
        kit.org().publishOrder("after");

        // then
        await().atMost(LIMIT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(kit.eventIds(ORDERS))
                        .isEqualTo(kit.org().eventIds(ORDERS).subList(1, 3)));
    }

    @Test
    void changesGoToTheChannelsOfTheirRecordsTooAndAGapIsToldOnAll() {
        // given
        var settings = demo(ACCOUNTS);
        settings.put("lightline.publisher.orgs.demo.overrides.\"" + ACCOUNTS + "\".records", "true");
        PublisherProcess publisher = kit.publisher(settings);
        kit.org().awaitSubscribers(ACCOUNTS);
        String one = kit.org().createAccount("{\"Name\": \"One\"}");
        String other = kit.org().createAccount("{\"Name\": \"Other\"}");
        kit.org().updateAccount(one, "{\"Phone\": \"1\"}");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kit.publications(ACCOUNTS)).hasSize(3));
        List<String> ids = kit.eventIds(ACCOUNTS);
        assertThat(kit.eventIds(ACCOUNTS + "/" + one)).containsExactly(ids.get(0), ids.get(2));
        assertThat(kit.eventIds(ACCOUNTS + "/" + other)).containsExactly(ids.get(1));

        // when: Salesforce forgets where we were
        kit.org().resetBus();

        // then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kit.publications(ACCOUNTS)).hasSize(4));
        assertThat(kit.publications(ACCOUNTS).getLast()).satisfies(publication -> gapOf(ACCOUNTS, publication));
        assertThat(kit.publications(ACCOUNTS + "/" + one))
                .hasSize(3)
                .last()
                .satisfies(publication -> gapOf(ACCOUNTS, publication));
        assertThat(kit.publications(ACCOUNTS + "/" + other))
                .hasSize(2)
                .last()
                .satisfies(publication -> gapOf(ACCOUNTS, publication));

        // then: what comes afterwards comes once
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kit.org().openStreams()).containsExactly(ACCOUNTS));
        kit.org().updateAccount(one, "{\"Phone\": \"2\"}");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kit.publications(ACCOUNTS)).hasSize(5));
        assertThat(kit.publications(ACCOUNTS + "/" + one)).hasSize(4);
        assertThat(publisher.metric("lightline_salesforce_gaps_total{org=\"demo\",topic=\"" + ACCOUNTS + "\"}"))
                .isEqualTo(1);
        assertThat(publisher.metric(
                        "lightline_publisher_published_total{kind=\"gap\",org=\"demo\",topic=\"" + ACCOUNTS + "\"}"))
                .isEqualTo(1);
    }

    @Test
    void eventThatNobodyCanReadIsADeadLetterAndTheTopicGoesOn() {
        // given
        PublisherProcess publisher = kit.publisher(demo(ORDERS));
        kit.org().awaitSubscribers(ORDERS);
        kit.org().publishOrder("A-1");

        // when
        kit.org().publishUndecodable(ORDERS);
        kit.org().publishOrder("A-2");

        // then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kit.publications(ORDERS)).hasSize(2));
        List<String> ids = kit.org().eventIds(ORDERS);
        assertThat(kit.eventIds(ORDERS)).containsExactly(ids.get(0), ids.get(2));
        assertThat(kit.publications("dead-letter:" + ORDERS)).singleElement().satisfies(letter -> {
            assertThat(Kit.tag(letter, "lightline")).isEqualTo("dead-letter");
            assertThat(Kit.data(letter).path("eventUuid").asText()).isEqualTo(ids.get(1));
            assertThat(Kit.data(letter).path("payload").asText()).isNotEmpty();
            assertThat(Kit.data(letter).path("reason").asText()).isNotEmpty();
        });
        String of = "{org=\"demo\",topic=\"" + ORDERS + "\"}";
        assertThat(publisher.metric("lightline_salesforce_received_total" + of)).isEqualTo(3);
        assertThat(publisher.metric("lightline_salesforce_undecodable_total" + of))
                .isEqualTo(1);
        assertThat(publisher.metric("lightline_salesforce_delivered_total" + of))
                .isEqualTo(2);
        assertThat(publisher.metric("lightline_publisher_published_total{kind=\"dead-letter\",org=\"demo\",topic=\""
                        + ORDERS + "\"}"))
                .isEqualTo(1);
    }

    @Test
    void topicThatIsToHaltWaitsForAnOperator() {
        // given
        var settings = demo(ORDERS + "," + ACCOUNTS);
        settings.put("lightline.publisher.orgs.demo.overrides.\"" + ORDERS + "\".on-lost-position", "halt");
        PublisherProcess publisher = kit.publisher(settings);
        kit.org().awaitSubscribers(ORDERS);
        kit.org().publishOrder("A-1");
        kit.org().createAccount("{\"Name\": \"Acme\"}");
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(kit.publications(ORDERS)).hasSize(1);
            assertThat(kit.publications(ACCOUNTS)).hasSize(1);
        });

        // when
        kit.org().resetBus();

        // then
        String of = "{org=\"demo\",topic=\"" + ORDERS + "\"}";
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(publisher.metric("lightline_salesforce_halted" + of))
                        .isEqualTo(1));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kit.publications(ACCOUNTS)).hasSize(2));
        assertThat(publisher.state("demo:" + ORDERS)).contains("halt");
        assertThat(kit.publications(ORDERS)).hasSize(1);
        assertThat(publisher.health()).isEqualTo(200);

        // when: another policy
        publisher.close();
        settings.remove("lightline.publisher.orgs.demo.overrides.\"" + ORDERS + "\".on-lost-position");
        kit.publisher(settings);

        // then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kit.publications(ORDERS)).hasSize(2));
        gapOf(ORDERS, kit.publications(ORDERS).getLast());
    }

    @Test
    void topicOfAnOrgThatDoesNotAnswerHoldsNoOtherOneUp() throws IOException {
        // given: a second org, of which nothing is heard after a while
        try (var silent = SimulatedOrg.start(Map.of())) {
            var settings = demo(ORDERS);
            settings.putAll(silent.asOrg("silent", ORDERS));
            PublisherProcess publisher = kit.publisher(settings);
            kit.org().awaitSubscribers(ORDERS);
            silent.blackHole(true);

            // when
            IntStream.range(0, 300).forEach(number -> kit.org().publishOrder("A-" + number));

            // then
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(kit.eventIds(ORDERS))
                            .hasSize(300)
                            .isEqualTo(kit.org().eventIds(ORDERS)));
            assertThat(publisher.health()).isEqualTo(200);
            silent.blackHole(false);
        }
    }

    private static void gapOf(String topic, Publication publication) {
        assertThat(Kit.tag(publication, "lightline")).isEqualTo("gap");
        assertThat(Kit.tag(publication, "topic")).isEqualTo(topic);
        var gap = Kit.data(publication).path("gap");
        assertThat(gap.path("topic").asText()).isEqualTo(topic);
        assertThat(gap.path("after").asText()).isNotEmpty();
        assertThat(gap.path("reason").asText()).isNotEmpty();
        assertThat(Duration.between(Instant.parse(gap.path("detected").asText()), Instant.now()))
                .isLessThan(Duration.ofMinutes(5));
    }

    private HashMap<String, String> demo(String topics) {
        return new HashMap<>(kit.org().asOrg("demo", topics));
    }

    /** In one step, as a mounted ConfigMap changes. */
    private Path write(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("next.yaml"), text);
        return Files.move(
                next, folder.resolve("orgs.yaml"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String orgs(String topics) {
        var text = new StringBuilder("orgs:\n  demo:\n");
        kit.org().asOrg("demo", topics).forEach((key, value) -> {
            String name = key.substring("lightline.publisher.orgs.demo.".length());
            text.append("    ").append(name).append(": ");
            text.append(name.equals("topics") ? "[\"" + value + "\"]" : "\"" + value + "\"");
            text.append('\n');
        });
        return text.toString();
    }
}
