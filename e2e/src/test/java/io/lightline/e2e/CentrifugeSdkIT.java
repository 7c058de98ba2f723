package io.lightline.e2e;

import io.lightline.localstack.LocalStack;
import io.lightline.localstack.RelayPod;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs the tests of {@code e2e/sdk}, in which the unmodified npm SDK is our client, against real relays. */
class CentrifugeSdkIT {

    @BeforeAll
    static void installTheSdk() throws Exception {
        NpmSdk.install();
    }

    @Test
    @ExtendWith(RunningStack.class)
    void theUnmodifiedNpmSdkIsServedByBothPodsOfTheStack(LocalStack stack) throws Exception {
        NpmSdk.run(tests(
                "test:stack",
                Map.of(
                        "POD_1", stack.relay(0).webSocketUri().toString(),
                        "POD_2", stack.relay(1).webSocketUri().toString(),
                        "API", stack.relay(1).apiUri("").toString(),
                        "API_KEY", RelayPod.API_KEY)));
    }

    @Test
    void theUnmodifiedNpmSdkUnderstandsTokensRightsAndRefusals() throws Exception {
        try (var pods = TenantPods.start()) {
            NpmSdk.run(tests("test:tenants", pods.environment()));
        }
    }

    private static ProcessBuilder tests(String script, Map<String, String> environment) {
        var tests = new ProcessBuilder("npm", "run", script);
        tests.environment().putAll(environment);
        return tests;
    }
}
