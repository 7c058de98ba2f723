package io.lightline.e2e;

import static org.awaitility.Awaitility.await;

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

    /** Waits until the org has made so many more events; some 100 a second. */
    void letPass(int events) {
        int until = source.made() + events;
        await().atMost(BridgeStage.LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> source.made() >= until);
    }
}
