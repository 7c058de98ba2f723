package io.lightline.e2e;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lightline.localstack.RedisProcess;
import io.lightline.localstack.ServiceProcess;
import java.time.Duration;
import java.util.Random;

/** One run of faults: the stage that they strike, and the chance that chooses them. Time is told in events of the org. */
record BridgeRun(BridgeStage stage, BusyOrg source, Random random) {

    SalesforceOrg org() {
        return stage.org();
    }

    RedisProcess redis() {
        return stage.redis();
    }

    ServiceProcess rival() {
        return stage.rival();
    }

    ServiceProcess anyPublisher() {
        return stage.publishers().get(random.nextInt(stage.publishers().size()));
    }

    /** A fault that meets one of the streams, after some more events. */
    ObjectNode soon(String fault) {
        return Json.object()
                .put("fault", fault)
                .put("topic", BridgeStage.TOPICS.get(random.nextInt(BridgeStage.TOPICS.size())))
                .put("afterEvents", random.nextInt(BridgeFault.MOST_EVENTS));
    }

    /** Waits until the org has made so many more events; some 100 a second. */
    void letPass(int events) {
        int until = source.made() + events;
        await().atMost(BridgeStage.LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> source.made() >= until);
    }
}
