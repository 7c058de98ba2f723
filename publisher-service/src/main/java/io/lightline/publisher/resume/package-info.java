/** How far each topic has been copied, and who may copy it on. */
@NullMarked
package io.lightline.publisher.resume;

import org.jspecify.annotations.NullMarked;
