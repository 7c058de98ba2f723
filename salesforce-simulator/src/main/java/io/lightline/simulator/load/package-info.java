/** Sources of many events, made in the process. */
@NullMarked
package io.lightline.simulator.load;

import org.jspecify.annotations.NullMarked;
