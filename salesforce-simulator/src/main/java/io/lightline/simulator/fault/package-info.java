/** Faults by order: what strikes, where, when and how often. Knows nothing of streams. */
@NullMarked
package io.lightline.simulator.fault;

import org.jspecify.annotations.NullMarked;
