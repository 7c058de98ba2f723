package io.lightline.samples.events;

import io.lightline.salesforce.event.SalesforceEvent;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Prints each order that Salesforce tells of. */
@ApplicationScoped
class Orders {

    @Incoming("orders")
    void received(SalesforceEvent event) {
        Log.infof("%s %s", event.name(), new String(event.payload(), StandardCharsets.UTF_8));
    }
}
