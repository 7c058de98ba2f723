package io.lightline.relay.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.RawJson;
import io.lightline.backplane.Retention;
import io.lightline.relay.filter.Filter;
import io.lightline.relay.filter.InvalidFilterException;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.ChannelAuthorizer.Wish;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelAuthorizerTest {

    private static final Standing OUTSIDE = new Standing.Outside();
    private static final Standing SUBSCRIBED = new Standing.Subscribed(null);
    private static final Filter EMEA = filter("EMEA");
    private static final Filter APAC = filter("APAC");

    private final ChannelAuthorizer authorizer = new ChannelAuthorizer();

    private final Tenant acme = tenant(Stream.of(
            "chat.prefix=chat:",
            "chat.publish=subscribers",
            "chat.history-size=10",
            "chat.history-ttl=1m",
            "chat.presence-enabled=true",
            "quiet.prefix=chat:quiet:",
            "members.prefix=members:",
            "members.subscribe=authenticated",
            "members.publish=authenticated",
            "members.history=anybody",
            "members.history-size=10",
            "members.history-ttl=1m",
            "closed.prefix=closed:",
            "closed.subscribe=nobody",
            "closed.history-size=10",
            "closed.history-ttl=1m",
            "closed.presence-enabled=true",
            "sf.prefix=/",
            "user.prefix=user:",
            "user.personal=user",
            "user.publish=authenticated",
            "user.history-size=10",
            "user.history-ttl=1m",
            "client.prefix=client:",
            "client.personal=client",
            "vip.prefix=user:vip:",
            "vip.subscribe=nobody"));

    private final User nobody = User.anonymousIn(acme);
    private final User alice = user("alice");

    /** Who may do what, without anything in the token. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SUBSCRIBE     | chat:room       | anonymous     | granted
            PUBLISH       | chat:room       | anonymous     | granted
            READ_HISTORY  | chat:room       | anonymous     | granted
            READ_PRESENCE | chat:room       | anonymous     | granted
            PUBLISH       | chat:quiet:room | authenticated | denied
            READ_HISTORY  | chat:quiet:room | authenticated | not available
            READ_PRESENCE | chat:quiet:room | authenticated | not available
            SUBSCRIBE     | members:all     | anonymous     | denied
            SUBSCRIBE     | members:all     | authenticated | granted
            PUBLISH       | members:all     | anonymous     | denied
            PUBLISH       | members:all     | authenticated | granted
            READ_HISTORY  | members:all     | anonymous     | granted
            READ_PRESENCE | members:all     | anonymous     | denied
            READ_PRESENCE | members:all     | authenticated | not available
            SUBSCRIBE     | closed:deals    | authenticated | denied
            PUBLISH       | closed:deals    | authenticated | denied
            READ_HISTORY  | closed:deals    | authenticated | denied
            READ_PRESENCE | closed:deals    | authenticated | denied
            SUBSCRIBE     | other           | authenticated | unknown
            SUBSCRIBE     | chat:Grüße      | authenticated | unknown
            """)
    void theNamespaceWithTheLongestPrefixDecides(Wish wish, String channel, String who, String expected) {
        User user = who.equals("anonymous") ? nobody : alice;
        assertThat(word(authorizer.decide(user, wish, channel, OUTSIDE))).isEqualTo(expected);
    }

    @Test
    void aGrantNamesTheChannelInTheUsersTenantAndItsRules() {
        assertThat(authorizer.decide(alice, Wish.SUBSCRIBE, "chat:room", OUTSIDE))
                .isEqualTo(new Verdict.Granted(
                        new ChannelName("acme", "chat:room"),
                        new ChannelRules(
                                new Retention(10, Duration.ofMinutes(1)),
                                RecoveryMode.STREAM,
                                true,
                                false,
                                false,
                                SlowConsumer.CLOSE,
                                false,
                                Optional.empty()),
                        null));
    }

    @Test
    void whoeverIsOnAChannelHasTheRightsOfSubscribers() {
        assertThat(word(authorizer.decide(alice, Wish.READ_HISTORY, "closed:deals", SUBSCRIBED)))
                .isEqualTo("granted");
        assertThat(word(authorizer.decide(alice, Wish.READ_PRESENCE, "closed:deals", SUBSCRIBED)))
                .isEqualTo("granted");
        assertThat(word(authorizer.decide(alice, Wish.PUBLISH, "closed:deals", SUBSCRIBED)))
                .isEqualTo("denied");
    }

    @Test
    void aForcedFilterHoldsForTheHistoryToo() {
        // given
        var filtered = new Standing.Subscribed(EMEA);

        // then
        assertThat(forced(authorizer.decide(alice, Wish.READ_HISTORY, "closed:deals", filtered)))
                .isEqualTo(EMEA);
        // Who may subscribe without it has no need of it.
        assertThat(forced(authorizer.decide(alice, Wish.READ_HISTORY, "chat:room", filtered)))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "SUBSCRIBE, SUBSCRIBE",
        "PUBLISH, PUBLISH",
        "HISTORY, READ_HISTORY",
        "PRESENCE, READ_PRESENCE",
        "SUBSCRIBE, READ_HISTORY",
        "SUBSCRIBE, READ_PRESENCE"
    })
    void aCapabilityAddsItsRightAndWhatSubscribersMay(Permission permission, Wish wish) {
        // given
        User capable = user("alice", capability(permission, null, "closed:deals"));

        // then
        assertThat(word(authorizer.decide(capable, wish, "closed:deals", OUTSIDE)))
                .isEqualTo("granted");
        assertThat(word(authorizer.decide(capable, wish, "closed:others", OUTSIDE)))
                .isEqualTo("denied");
        assertThat(word(authorizer.decide(capable, wish, "nowhere", OUTSIDE))).isEqualTo("unknown");
    }

    @Test
    void aCapabilityToPublishIsNoneToRead() {
        // given
        User capable = user("alice", capability(Permission.PUBLISH, null, "closed:deals"));

        // then
        assertThat(word(authorizer.decide(capable, Wish.SUBSCRIBE, "closed:deals", OUTSIDE)))
                .isEqualTo("denied");
        assertThat(word(authorizer.decide(capable, Wish.READ_HISTORY, "closed:deals", OUTSIDE)))
                .isEqualTo("denied");
    }

    @Test
    void capabilitiesAddUp() {
        // given
        Capability emea = capability(Permission.SUBSCRIBE, EMEA, "closed:deals");
        Capability apac = capability(Permission.SUBSCRIBE, APAC, "closed:deals");
        Capability all = capability(Permission.SUBSCRIBE, null, "closed:deals");

        // then
        assertThat(forced(authorizer.decide(user("a", emea), Wish.SUBSCRIBE, "closed:deals", OUTSIDE)))
                .isEqualTo(EMEA);
        assertThat(forced(authorizer.decide(user("a", emea, apac), Wish.SUBSCRIBE, "closed:deals", OUTSIDE)))
                .isEqualTo(Filter.or(EMEA, APAC));
        assertThat(forced(authorizer.decide(user("a", emea, all, apac), Wish.SUBSCRIBE, "closed:deals", OUTSIDE)))
                .isNull();
        assertThat(forced(authorizer.decide(user("a", emea), Wish.SUBSCRIBE, "chat:room", OUTSIDE)))
                .isNull();
        assertThat(forced(authorizer.decide(
                        user("a", apac), Wish.READ_HISTORY, "closed:deals", new Standing.Subscribed(EMEA))))
                .isEqualTo(Filter.or(EMEA, APAC));
    }

    @Test
    void aFilterSaysNothingOfPublishingAndPresence() {
        // given
        User capable = user(
                "alice",
                new Capability(List.of(new ChannelPattern.Exact("closed:deals")), Set.of(Permission.values()), EMEA));

        // then
        assertThat(forced(authorizer.decide(capable, Wish.PUBLISH, "closed:deals", OUTSIDE)))
                .isNull();
        assertThat(forced(authorizer.decide(capable, Wish.READ_PRESENCE, "closed:deals", OUTSIDE)))
                .isNull();
        assertThat(forced(authorizer.decide(capable, Wish.READ_HISTORY, "closed:deals", OUTSIDE)))
                .isEqualTo(EMEA);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/event/Order__e", "/data/AccountChangeEvent"})
    void nobodyPublishesToSalesforcesTopics(String topic) {
        // given
        Tenant careless = tenant(Stream.of("all.prefix=/", "all.publish=anybody"));
        User capable = new User(
                careless,
                "alice",
                null,
                null,
                null,
                Map.of(),
                List.of(new Capability(List.of(new ChannelPattern.Wildcard("*")), Set.of(Permission.values()), null)));

        // then
        assertThat(word(authorizer.decide(capable, Wish.PUBLISH, topic, SUBSCRIBED)))
                .isEqualTo("denied");
        assertThat(word(authorizer.decide(capable, Wish.PUBLISH, "/my/topic", OUTSIDE)))
                .isEqualTo("granted");
        assertThat(word(authorizer.decideForServer(careless, topic))).isEqualTo("granted");
    }

    @Test
    void aSubscriptionTokenIsTheRight() {
        assertThat(authorizer.decide(alice, token("closed:deals", EMEA)))
                .isInstanceOfSatisfying(
                        Verdict.Granted.class,
                        granted -> assertThat(granted.filter()).isEqualTo(EMEA));
        assertThat(word(authorizer.decide(alice, token("nowhere", null)))).isEqualTo("unknown");
    }

    @Test
    void whatTheTokenSubscribesToIsTheRightAndBringsItsFilter() {
        // given
        User subscribing = new User(
                acme, "alice", null, null, null, Map.of("closed:deals", new Subscribing(null, null, EMEA)), List.of());

        // then
        assertThat(forced(authorizer.decideServerSide(subscribing, "c1", "closed:deals")))
                .isEqualTo(EMEA);
        assertThat(forced(authorizer.decideServerSide(subscribing, "c1", "closed:others")))
                .isNull();
        assertThat(word(authorizer.decideServerSide(subscribing, "c1", "nowhere")))
                .isEqualTo("unknown");
    }

    @Test
    void theBackEndMayPublishWhereClientsMayNot() {
        assertThat(word(authorizer.decideForServer(acme, "chat:quiet:room"))).isEqualTo("granted");
        assertThat(word(authorizer.decideForServer(acme, "user:alice"))).isEqualTo("granted");
        assertThat(word(authorizer.decideForServer(acme, "other"))).isEqualTo("unknown");
    }

    @Test
    void everyConnectionHasItsOwnChannelAndThatOfItsUser() {
        assertThat(personal(alice, "c1")).containsExactlyInAnyOrder("user:alice", "client:c1");
        assertThat(personal(nobody, "c2")).containsExactly("client:c2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "Grüße", "new\nline"})
    void aUserWhoseIdCannotBePartOfAChannelHasNoChannel(String id) {
        assertThat(personal(user(id), "c1")).containsExactly("client:c1");
        assertThat(personal(user("x".repeat(255)), "c1")).containsExactly("client:c1");
    }

    @Test
    void aUserWhoseIdLeadsIntoAnotherNamespaceHasNoChannel() {
        assertThat(personal(user("vip:boss"), "c1")).containsExactly("client:c1");
    }

    @Test
    void nobodyElseReadsAPersonalChannelWhateverTheToken() {
        // given
        User greedy = new User(
                acme,
                "mallory",
                null,
                null,
                null,
                Map.of("user:alice", Subscribing.PLAIN, "client:c1", Subscribing.PLAIN),
                List.of(new Capability(List.of(new ChannelPattern.Wildcard("*")), Set.of(Permission.values()), null)));

        // then
        for (String channel : List.of("user:alice", "client:c1", "user:", "client:")) {
            for (Wish reading : List.of(Wish.SUBSCRIBE, Wish.READ_HISTORY, Wish.READ_PRESENCE)) {
                assertThat(word(authorizer.decide(greedy, reading, channel, OUTSIDE)))
                        .isEqualTo("denied");
            }
            assertThat(word(authorizer.decideServerSide(greedy, "c9", channel))).isEqualTo("denied");
            assertThat(word(authorizer.decide(greedy, token(channel, null)))).isEqualTo("denied");
        }
        assertThat(word(authorizer.decide(nobody, Wish.SUBSCRIBE, "user:", OUTSIDE)))
                .isEqualTo("denied");
        assertThat(word(authorizer.decideServerSide(nobody, "c9", "user:"))).isEqualTo("denied");
    }

    @Test
    void theOwnerReadsAPersonalChannelAndOthersMayWriteToIt() {
        assertThat(word(authorizer.decide(alice, Wish.SUBSCRIBE, "user:alice", OUTSIDE)))
                .isEqualTo("granted");
        assertThat(word(authorizer.decide(alice, Wish.READ_HISTORY, "user:alice", OUTSIDE)))
                .isEqualTo("granted");
        assertThat(word(authorizer.decideServerSide(alice, "c1", "client:c1"))).isEqualTo("granted");
        assertThat(word(authorizer.decide(alice, token("user:alice", null)))).isEqualTo("granted");
        assertThat(word(authorizer.decide(user("bob"), Wish.PUBLISH, "user:alice", OUTSIDE)))
                .isEqualTo("granted");
        assertThat(word(authorizer.decide(nobody, Wish.PUBLISH, "user:alice", OUTSIDE)))
                .isEqualTo("denied");
    }

    private List<String> personal(User user, String client) {
        return authorizer.personalChannels(user, client).stream()
                .map(personal -> personal.channel().name())
                .toList();
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Granted _ -> "granted";
            case Verdict.Unknown _ -> "unknown";
            case Verdict.Denied _ -> "denied";
            case Verdict.NotAvailable _ -> "not available";
        };
    }

    private static @Nullable Filter forced(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Granted.class);
        return ((Verdict.Granted) verdict).filter();
    }

    private User user(String id, Capability... capabilities) {
        return new User(acme, id, null, null, null, Map.of(), List.of(capabilities));
    }

    private static Capability capability(Permission permission, @Nullable Filter filter, String channel) {
        return new Capability(List.of(new ChannelPattern.Exact(channel)), Set.of(permission), filter);
    }

    private static SubscriptionToken token(String channel, @Nullable Filter filter) {
        return new SubscriptionToken(channel, null, null, filter);
    }

    private static Filter filter(String region) {
        try {
            return Filter.parse(RawJson.of("{\"key\":\"region\",\"cmp\":\"eq\",\"val\":\"" + region + "\"}"));
        } catch (InvalidFilterException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Tenant tenant(Stream<String> namespaces) {
        var config = new HashMap<String, String>();
        namespaces.forEach(line -> config.put(
                "lightline.tenants.acme.namespaces." + line.substring(0, line.indexOf('=')),
                line.substring(line.indexOf('=') + 1)));
        return Verifiers.tenants(config).tenant("acme");
    }
}
