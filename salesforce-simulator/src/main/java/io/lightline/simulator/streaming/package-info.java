/** The Streaming API: Bayeux long polling, as empApi and CometD clients speak it. */
@NullMarked
package io.lightline.simulator.streaming;

import org.jspecify.annotations.NullMarked;
