package io.lightline.simulator.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.simulator.event.AvroPayload;
import io.lightline.simulator.event.BusEvent;
import io.lightline.simulator.event.EventBus;
import io.lightline.simulator.event.EventSchema;
import io.lightline.simulator.event.FieldDefinition;
import io.lightline.simulator.event.FieldType;
import io.lightline.simulator.event.NumberedEvents;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoadTest {

    private static final String TOPIC = "/event/Order__e";
    private static final EventSchema SCHEMA = EventSchema.platformEvent(
            "Order__e",
            List.of(
                    FieldDefinition.optional("OrderNumber__c", FieldType.TEXT),
                    FieldDefinition.optional("Status__c", FieldType.TEXT),
                    FieldDefinition.optional("Amount__c", FieldType.NUMBER)));

    private final EventBus bus = new EventBus(Clock.systemUTC(), 1000, Duration.ofDays(1));
    private final AtomicInteger behind = new AtomicInteger();

    @Test
    void eventsAreNumberedTimedAndOfTheirSize() {
        // when
        load(0, 3).run();

        // then
        assertThat(bus.events())
                .extracting(BusEvent::id)
                .doesNotHaveDuplicates()
                .hasSize(3);
        assertThat(bus.events())
                .extracting(event -> AvroPayload.json(event.payload(), SCHEMA).orElseThrow())
                .satisfiesExactly(
                        one -> assertThat(one).contains("\"OrderNumber__c\": \"1\""),
                        two -> assertThat(two).contains("\"OrderNumber__c\": \"2\""),
                        three -> assertThat(three).contains("\"OrderNumber__c\": \"3\""));
        assertThat(bus.events()).allSatisfy(event -> {
            assertThat(event.payload().size()).isBetween(495, 505);
            assertThat(event.schemaId()).isEqualTo(SCHEMA.id());
        });
    }

    @Test
    void aSourceWaitsForASlowSubscriber() {
        // given
        behind.set(900);
        var load = load(0, 200);
        var thread = Thread.ofPlatform().start(load);

        // when
        await().until(() -> load.info("1").heldBackMillis() > 10);
        var held = load.info("1");
        behind.set(0);

        // then
        await().until(() -> !thread.isAlive());
        assertThat(held.produced()).isZero();
        assertThat(load.info("1").produced()).isEqualTo(200);
        assertThat(load.info("1").running()).isFalse();
    }

    @Test
    void aRateIsKept() {
        // given
        var load = load(2000, 400);

        // when
        load.run();

        // then: not faster than ordered; how much slower is a matter of the machine
        assertThat(load.info("1").eventsPerSecond()).isBetween(1.0, 2100.0);
        assertThat(load.info("1").produced()).isEqualTo(400);
    }

    private Load load(double eventsPerSecond, long count) {
        var events = new NumberedEvents(Clock.systemUTC(), TOPIC, SCHEMA, "005LL0000000001AAA", 500);
        return new Load(bus, TOPIC, events, eventsPerSecond, count, behind::get);
    }
}
