package io.lightline.backplane;

/** Nobody {@linkplain Backplane#serve serves} the channel now. The question was not asked. */
public final class NobodyServesException extends RuntimeException {

    public NobodyServesException(ChannelName channel) {
        super("Nobody serves channel " + channel);
    }
}
