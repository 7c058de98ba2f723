/** All of the sample. */
@NullMarked
package io.lightline.samples.events;

import org.jspecify.annotations.NullMarked;
