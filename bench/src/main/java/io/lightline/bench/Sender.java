package io.lightline.bench;

/** Publishes on one connection, without waiting for answers; what it sends arrives in order. For one thread at a time. */
interface Sender extends AutoCloseable {

    /** {@code json} as {@link Payload} makes it. */
    void publish(String channel, String json);

    @Override
    void close();
}
