/** What tests and curious people do to a simulated org that nobody could do to a real one. */
@NullMarked
package io.lightline.simulator.control;

import org.jspecify.annotations.NullMarked;
