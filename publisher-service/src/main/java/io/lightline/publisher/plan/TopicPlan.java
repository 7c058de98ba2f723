package io.lightline.publisher.plan;

import io.lightline.publisher.route.Route;
import io.lightline.salesforce.OrgSettings;
import io.lightline.salesforce.pubsub.StreamSettings;

/** All that matters for reading one topic: when two are equal, there is no reason to begin anew. */
public record TopicPlan(Route route, OrgSettings org, StreamSettings stream) {}
