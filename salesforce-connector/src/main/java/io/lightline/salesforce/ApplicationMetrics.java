package io.lightline.salesforce;

import io.lightline.salesforce.pubsub.SalesforceStream;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.spi.CDI;
import java.util.List;

/** Gives the application's metrics those of its topics, when it has Micrometer; asks for no class of it otherwise. */
final class ApplicationMetrics {

    private ApplicationMetrics() {}

    static void bind(String org, List<SalesforceStream> streams) {
        if (hasMicrometer()) {
            Micrometer.bind(org, streams);
        }
    }

    private static boolean hasMicrometer() {
        try {
            Class.forName(
                    "io.micrometer.core.instrument.MeterRegistry", false, ApplicationMetrics.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Loaded only where Micrometer is there. */
    private static final class Micrometer {

        static void bind(String org, List<SalesforceStream> streams) {
            var registries = CDI.current().select(MeterRegistry.class);
            if (registries.isResolvable()) {
                streams.forEach(stream -> StreamMetrics.bind(registries.get(), org, stream));
            }
        }
    }
}
