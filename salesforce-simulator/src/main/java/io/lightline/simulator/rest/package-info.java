/** The part of Salesforce's REST API that makes events: publish a Platform Event, change a record. */
@NullMarked
package io.lightline.simulator.rest;

import org.jspecify.annotations.NullMarked;
