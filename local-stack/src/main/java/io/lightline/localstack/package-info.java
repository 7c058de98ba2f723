/** The processes that Lightline is made of, started and stopped on one machine: for {@code make run} and for tests. */
@NullMarked
package io.lightline.localstack;

import org.jspecify.annotations.NullMarked;
