package io.lightline.backplane;

import java.util.Optional;

/**
 * How to publish one message.
 *
 * @param retention of the channel; {@link Retention#NONE} publishes to current listeners only
 * @param idempotencyKey a second publication with the same key on the same channel, within
 *     {@link BackplaneConfig#idempotencyWindow()}, publishes nothing and answers as the first did.
 */
public record PublishOptions(Retention retention, Optional<String> idempotencyKey) {

    public static PublishOptions keeping(Retention retention) {
        return new PublishOptions(retention, Optional.empty());
    }
}
