/** What Salesforce's events say: Avro to JSON, change events with their fields by name. No network, no threads. */
@NullMarked
package io.lightline.salesforce.event;

import org.jspecify.annotations.NullMarked;
