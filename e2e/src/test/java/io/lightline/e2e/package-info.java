/** Tests that see Lightline as its users do: real processes, real sockets, nothing of its code on the class path. */
@NullMarked
package io.lightline.e2e;

import org.jspecify.annotations.NullMarked;
