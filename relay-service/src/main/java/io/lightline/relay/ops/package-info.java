/** What an operator sees: start, readiness, metrics, drain, shedding. */
@NullMarked
package io.lightline.relay.ops;

import org.jspecify.annotations.NullMarked;
