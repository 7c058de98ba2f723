/** What the relays promise under load, measured from outside: over sockets, and at the processes behind them. */
@NullMarked
package io.lightline.bench;

import org.jspecify.annotations.NullMarked;
