/** What travels: schemas, values, change events, and the bus that keeps them in order. Knows neither HTTP nor gRPC. */
@NullMarked
package io.lightline.simulator.event;

import org.jspecify.annotations.NullMarked;
