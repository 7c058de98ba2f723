package io.lightline.publisher.route;

import io.lightline.backplane.ChannelName;
import io.lightline.publisher.PublisherConfig;
import jakarta.enterprise.context.ApplicationScoped;

/** Which channel a topic's events go to: the one of the topic's name, in the tenant that the publisher works for. */
@ApplicationScoped
public class Routes {

    private final String tenant;

    public Routes(PublisherConfig config) {
        this.tenant = config.tenant();
    }

    public ChannelName channel(String topic) {
        return new ChannelName(tenant, topic);
    }
}
