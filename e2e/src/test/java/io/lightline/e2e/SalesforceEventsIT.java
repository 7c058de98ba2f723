package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lightline.localstack.LocalStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningStack.class)
class SalesforceEventsIT {

    private SalesforceOrg org;
    private List<RelayClient> clients;

    @BeforeEach
    void connectToBothPods(LocalStack stack) {
        org = new SalesforceOrg(stack.simulator());
        clients = stack.relays().stream()
                .map(relay -> RelayClient.connect(relay.webSocketUri()))
                .toList();
    }

    @AfterEach
    void disconnect() {
        clients.forEach(RelayClient::close);
    }

    @Test
    void aPlatformEventArrivesOnBothPodsAsEmpApiShowsIt() {
        // given
        List<Subscription> subscriptions = subscribe(SalesforceOrg.ORDERS);

        // when
        org.publishOrder(order("1001").put("Status__c", "Shipped").put("Amount__c", 49.9));

        // then
        for (Subscription subscription : subscriptions) {
            JsonNode event = first(subscription);
            assertThat(event.propertyStream().map(Map.Entry::getKey))
                    .containsExactlyInAnyOrder("schema", "payload", "event");
            assertThat(event.path("payload").path("OrderNumber__c").asText()).isEqualTo("1001");
            assertThat(event.path("payload").path("Status__c").asText()).isEqualTo("Shipped");
            assertThat(event.path("payload").path("Amount__c").asDouble()).isEqualTo(49.9);
            assertThat(event.path("event").path("EventApiName").asText()).isEqualTo("Order__e");
            assertThat(event.path("event").path("EventUuid").asText()).isNotEmpty();
            assertThat(event.path("event").path("replayId").asText()).isNotEmpty();
        }
    }

    @Test
    void aChangeOfAnAccountNamesTheFieldsThatChanged() {
        // given
        String account = org.create("Account", Json.object().put("Name", "Acme"))
                .path("id")
                .asText();
        List<Subscription> subscriptions = subscribe(SalesforceOrg.ACCOUNT_CHANGES);

        // when
        org.update("Account", account, Json.object().put("Phone", "555-0100"));

        // then
        for (Subscription subscription : subscriptions) {
            await().untilAsserted(() -> assertThat(subscription.data())
                    .extracting(event -> header(event).path("changeType").asText())
                    .contains("UPDATE"));
            JsonNode update = subscription.data().getLast().path("payload");
            assertThat(update.path("Phone").asText()).isEqualTo("555-0100");
            assertThat(header(subscription.data().getLast())
                            .path("recordIds")
                            .path(0)
                            .asText())
                    .isEqualTo(account);
            assertThat(header(subscription.data().getLast()).path("changedFields"))
                    .extracting(JsonNode::asText)
                    .contains("Phone", "LastModifiedDate")
                    .doesNotContain("Name");
        }
    }

    @Test
    void eventsArriveOnceAndInTheOrderOfTheOrg() {
        // given
        int before = org.eventsOf(SalesforceOrg.ORDERS).size();
        List<Subscription> subscriptions = subscribe(SalesforceOrg.ORDERS);
        List<Long> latencies = new ArrayList<>();

        // when
        for (int i = 0; i < 50; i++) {
            int events = i + 1;
            long published = System.nanoTime();
            org.publishOrder(order("" + i));
            await().until(() ->
                    subscriptions.stream().allMatch(each -> each.data().size() == events));
            subscriptions.forEach(
                    each -> latencies.add(each.publications().getLast().nanoTime() - published));
        }

        // then
        List<String> ofTheOrg = org.eventsOf(SalesforceOrg.ORDERS).stream()
                .skip(before)
                .map(event -> event.path("replayId").asText())
                .toList();
        assertThat(subscriptions).allSatisfy(each -> assertThat(replayIds(each)).isEqualTo(ofTheOrg));
        System.out.printf(
                "From a REST request into Salesforce to a client's socket: %.1f ms at the median of %d%n",
                median(latencies) / 1e6, latencies.size());
    }

    private List<Subscription> subscribe(String topic) {
        return clients.stream().map(client -> client.subscribe(topic)).toList();
    }

    private static ObjectNode order(String number) {
        return Json.object().put("OrderNumber__c", number);
    }

    private static JsonNode first(Subscription subscription) {
        await().until(() -> !subscription.data().isEmpty());
        return subscription.data().getFirst();
    }

    private static JsonNode header(JsonNode event) {
        return event.path("payload").path("ChangeEventHeader");
    }

    private static List<String> replayIds(Subscription subscription) {
        return subscription.data().stream()
                .map(event -> event.path("event").path("replayId").asText())
                .toList();
    }

    private static long median(List<Long> values) {
        Stream<Long> sorted = values.stream().sorted();
        return sorted.skip(values.size() / 2).findFirst().orElseThrow();
    }
}
