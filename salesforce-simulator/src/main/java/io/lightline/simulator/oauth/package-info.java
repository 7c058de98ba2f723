/** OAuth as a headless server needs it: tokens, whom they belong to, and their end. */
@NullMarked
package io.lightline.simulator.oauth;

import org.jspecify.annotations.NullMarked;
