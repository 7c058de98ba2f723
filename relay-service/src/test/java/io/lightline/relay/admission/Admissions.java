package io.lightline.relay.admission;

import io.lightline.relay.TestConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;

/** For tests of other packages. */
public final class Admissions {

    private Admissions() {}

    /** With the limits of a pod as it comes. */
    public static Admission usual() {
        return new Admission(TestConfig.of(AdmissionConfig.class, Map.of()), new SimpleMeterRegistry());
    }
}
