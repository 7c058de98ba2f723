package io.lightline.backplane;

/** Who {@linkplain Backplane#serve serves} the channel took the question and failed instead of answering it. */
public final class ServerFailedException extends RuntimeException {

    public ServerFailedException(ChannelName channel, String reason) {
        super("Who serves channel " + channel + " failed: " + reason);
    }
}
