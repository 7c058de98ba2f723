package io.lightline.e2e;

import io.lightline.localstack.LocalStack;
import io.lightline.localstack.RelayPod;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs the tests of {@code e2e/sdk}, in which the unmodified npm SDK is our client, against the stack. */
@ExtendWith(RunningStack.class)
class CentrifugeSdkIT {

    @BeforeAll
    static void installTheSdk() throws Exception {
        NpmSdk.install();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void theUnmodifiedNpmSdkIsServedByBothPods(LocalStack stack) throws Exception {
        var tests = new ProcessBuilder("npm", "test");
        tests.environment().put("POD_1", stack.relay(0).webSocketUri().toString());
        tests.environment().put("POD_2", stack.relay(1).webSocketUri().toString());
        tests.environment().put("PUBLISH", stack.relay(1).apiUri("publish").toString());
        tests.environment().put("API_KEY", RelayPod.API_KEY);
        NpmSdk.run(tests);
    }
}
