/** Salesforce's Pub/Sub API, OAuth and a little of its REST API, in one process and without Salesforce. */
@NullMarked
package io.lightline.simulator;

import org.jspecify.annotations.NullMarked;
