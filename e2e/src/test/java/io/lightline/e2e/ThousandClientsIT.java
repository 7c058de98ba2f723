package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.localstack.LocalStack;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningStack.class)
class ThousandClientsIT {

    private static final int CLIENTS = 1000;
    private static final int PUBLICATIONS = 200;

    private final String channel = RunningStack.newChannel();

    @Test
    void allGetEverythingInOrderFromAPublisherOnTheOtherPod(LocalStack stack) throws Exception {
        // given
        List<RelayClient> audience = connect(CLIENTS, stack.relay(0).webSocketUri());
        try (var speaker = RelayClient.connect(stack.relay(1).webSocketUri())) {
            List<Subscription> subscriptions = atOnce(audience.stream()
                    .map(client -> (Callable<Subscription>) () -> client.subscribe(channel))
                    .toList());

            // when
            CompletableFuture<?>[] acknowledged = IntStream.range(0, PUBLICATIONS)
                    .mapToObj(i -> speaker.publishAsync(channel, Json.object().put("number", i)))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(acknowledged).join();

            // then
            List<Integer> everything = IntStream.range(0, PUBLICATIONS).boxed().toList();
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(subscriptions)
                            .allSatisfy(subscription ->
                                    assertThat(numbers(subscription)).isEqualTo(everything)));
            subscriptions.forEach(Subscription::hasNoSilentGap);
        } finally {
            audience.forEach(RelayClient::close);
        }
    }

    private static List<Integer> numbers(Subscription subscription) {
        return subscription.data().stream()
                .map(data -> data.path("number").asInt())
                .toList();
    }

    private static List<RelayClient> connect(int count, URI relay) throws Exception {
        return atOnce(IntStream.range(0, count)
                .mapToObj(_ -> (Callable<RelayClient>) () -> RelayClient.connectPatiently(relay))
                .toList());
    }

    private static <T> List<T> atOnce(List<Callable<T>> tasks) throws InterruptedException, ExecutionException {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<T>();
            for (Future<T> done : executor.invokeAll(tasks)) {
                results.add(done.get());
            }
            return results;
        }
    }
}
