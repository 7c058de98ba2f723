package io.lightline.relay.tenant;

/** Configuration that contradicts itself; the service does not start with it. Names the key and the value, never a secret. */
public final class InvalidConfigurationException extends RuntimeException {
    public InvalidConfigurationException(String message) {
        super(message);
    }
}
