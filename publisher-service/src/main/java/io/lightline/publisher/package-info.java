/** The publisher's configuration. */
@NullMarked
package io.lightline.publisher;

import org.jspecify.annotations.NullMarked;
