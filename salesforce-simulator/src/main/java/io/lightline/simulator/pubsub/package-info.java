/** The Pub/Sub API by gRPC: who may call, topics and schemas, streams with their credits, and Salesforce's errors. */
@NullMarked
package io.lightline.simulator.pubsub;

import org.jspecify.annotations.NullMarked;
