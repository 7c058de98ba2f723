/** The Pub/Sub API: one stream per topic with its credits and checkpoints, over one HTTP/2 connection. */
@NullMarked
package io.lightline.salesforce.pubsub;

import org.jspecify.annotations.NullMarked;
