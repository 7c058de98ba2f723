package io.lightline.publisher.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lightline.backplane.ChannelName;
import io.lightline.publisher.route.Route;
import io.lightline.publisher.route.TopicName;
import io.lightline.salesforce.pubsub.InitialReplay;
import io.lightline.salesforce.pubsub.LostPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrgsFileTest {

    private static final String ACME = """
            orgs:
              acme:
                topics: [/event/Order__e, /data/AccountChangeEvent]
                login-url: https://acme.my.salesforce.com
                client-id: app
                client-secret: s
                on-lost-position: halt
                overrides:
                  /data/AccountChangeEvent:
                    channel: accounts
                    records: true
                    initial-replay: earliest
                    on-lost-position: earliest
                    window: 7
            """;

    @Test
    void orgOfTheFileHasTheShapeOfAConfiguredOne() {
        // when
        OrgPlan plan = plan(ACME);

        // then
        assertThat(plan.tenant()).isEqualTo("acme");
        TopicPlan orders = plan.topics().getFirst();
        TopicPlan accounts = plan.topics().getLast();
        assertThat(orders.route())
                .isEqualTo(new Route(
                        new TopicName("acme", "/event/Order__e"), new ChannelName("acme", "/event/Order__e"), false));
        assertThat(orders.stream().onLostPosition()).isEqualTo(LostPosition.HALT);
        assertThat(orders.stream().window()).isEqualTo(100);
        assertThat(accounts.route())
                .isEqualTo(new Route(
                        new TopicName("acme", "/data/AccountChangeEvent"), new ChannelName("acme", "accounts"), true));
        assertThat(accounts.stream().initialReplay()).isEqualTo(InitialReplay.EARLIEST);
        assertThat(accounts.stream().onLostPosition()).isEqualTo(LostPosition.EARLIEST);
        assertThat(accounts.stream().window()).isEqualTo(7);
    }

    @Test
    void sameTextGivesEqualPlansAndAnotherSecretGivesAnotherOne() {
        // given
        TopicPlan plan = topic(ACME);

        // when / then
        assertThat(topic(ACME)).isEqualTo(plan);
        assertThat(topic(ACME.replace("client-secret: s", "client-secret: t"))).isNotEqualTo(plan);
        assertThat(topic(ACME.replace("window: 7", "window: 8"))).isEqualTo(plan);
    }

    @Test
    void fileThatNamesNoOrgsIsGoodAndAnEmptyOneIsNot() {
        assertThat(OrgsFile.orgs("orgs: {}")).isEmpty();
        assertThatThrownBy(() -> OrgsFile.orgs("\n")).hasMessageContaining("is empty");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "client-id: app              | client_id: app              | client_id",
                "client-id: app              | clientele: app              | orgs.acme.clientele",
                "client-secret: s            | access-token: t             | orgs.acme.instance-url is needed",
                "window: 7                   | window: seven               | window",
                "window: 7                   | window: 700                 | window is 1 to 100, not 700",
                "on-lost-position: halt      | on-lost-position: sleep     | orgs.acme.on-lost-position is one of",
                "client-id: app              | endpoint-host: https://a.b | orgs.acme.endpoint-host is not the name of a host",
                "client-id: app              | endpoint-port: 0           | orgs.acme.endpoint-port is 1 to 65535, not 0",
                "channel: accounts           | channel: /event/Order__e    | Two topics go to the channel acme:/event/Order__e",
                "orgs:                       | orcs:                       | orcs",
                "orgs:                       | 'orgs: [                   ' | not YAML in line"
            })
    void mistakeIsToldInOneLine(String right, String wrong, String complaint) {
        assertThatThrownBy(() -> OrgsFile.orgs(ACME.replace(right, wrong)))
                .isInstanceOf(OrgsFileException.class)
                .message()
                .contains(complaint)
                .doesNotContain("\n");
    }

    @Test
    void secretOnALineThatIsNoYamlIsNotTold() {
        assertThatThrownBy(() -> OrgsFile.orgs(ACME.replace("client-secret: s", "client-secret: @S3cr3t: x")))
                .isInstanceOf(OrgsFileException.class)
                .hasMessage("not YAML in line 6, column 20");
    }

    private static TopicPlan topic(String text) {
        return plan(text).topics().getFirst();
    }

    private static OrgPlan plan(String text) {
        return OrgsFile.orgs(text).entrySet().stream()
                .map(org -> OrgPlan.of(org.getKey(), org.getValue()))
                .findFirst()
                .orElseThrow();
    }
}
