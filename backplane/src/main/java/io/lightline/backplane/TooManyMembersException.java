package io.lightline.backplane;

/** More are listed on a channel than the caller wants to read. The message is fit for clients. */
public final class TooManyMembersException extends RuntimeException {

    private final int count;
    private final int limit;

    public TooManyMembersException(int count, int limit) {
        super(count + " on the channel, more than " + limit + ": ask for presence_stats");
        this.count = count;
        this.limit = limit;
    }

    public int count() {
        return count;
    }

    public int limit() {
        return limit;
    }
}
