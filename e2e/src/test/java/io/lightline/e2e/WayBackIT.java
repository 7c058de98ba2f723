package io.lightline.e2e;

import io.lightline.localstack.RelayPod;
import io.lightline.localstack.Simulator;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs {@code sdk/test/salesforce}: the unmodified npm SDK publishes to Salesforce, and hears of what Salesforce forgot. */
class WayBackIT {

    @Test
    void theNpmSdkPublishesToSalesforceAndIsToldOfGaps() throws Exception {
        NpmSdk.install();
        try (var stack = RunningStack.alone("way-back")) {
            // One file after the other: the second one resets the org's bus.
            var tests = new ProcessBuilder("npm", "run", "test:salesforce");
            tests.environment()
                    .putAll(Map.of(
                            "POD_1", stack.relay(0).webSocketUri().toString(),
                            "POD_2", stack.relay(1).webSocketUri().toString(),
                            "API", stack.relay(1).apiUri("").toString(),
                            "API_KEY", RelayPod.API_KEY,
                            "SIMULATOR", stack.simulator().httpUri("/").toString(),
                            "SIMULATOR_TOKEN", Simulator.TOKEN));
            NpmSdk.run(tests);
        }
    }
}
