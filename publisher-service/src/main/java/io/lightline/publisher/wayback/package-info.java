/** The way back: publishes to Salesforce what relays ask for. */
@NullMarked
package io.lightline.publisher.wayback;

import org.jspecify.annotations.NullMarked;
