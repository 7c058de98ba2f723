/** What an operator sees: start, readiness, metrics. */
@NullMarked
package io.lightline.relay.ops;

import org.jspecify.annotations.NullMarked;
