/** How far each topic has been copied. */
@NullMarked
package io.lightline.publisher.resume;

import org.jspecify.annotations.NullMarked;
