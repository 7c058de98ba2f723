/** Which channel a topic's events go to. */
@NullMarked
package io.lightline.publisher.route;

import org.jspecify.annotations.NullMarked;
