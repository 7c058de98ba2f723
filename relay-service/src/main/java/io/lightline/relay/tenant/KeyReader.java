package io.lightline.relay.tenant;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Reads the keys that somebody else keeps, without blocking its caller; on any thread. Fails when there is none to use. */
@FunctionalInterface
interface KeyReader {

    CompletionStage<List<VerificationKey>> read();
}
