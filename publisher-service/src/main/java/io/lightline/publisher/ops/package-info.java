/** What operators see: metrics, and a start that refuses a wrong configuration. */
@NullMarked
package io.lightline.publisher.ops;

import org.jspecify.annotations.NullMarked;
