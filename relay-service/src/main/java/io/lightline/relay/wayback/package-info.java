/** Publishing to Salesforce topics: the relay asks the publisher that serves the topic, over the backplane. */
@NullMarked
package io.lightline.relay.wayback;

import org.jspecify.annotations.NullMarked;
