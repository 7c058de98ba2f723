package io.lightline.relay.session;

import io.lightline.relay.hub.Refusal;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.Reply;
import io.lightline.relay.tenant.User;

/** The subscription is part of the reply to connect, which goes out when the last of its parts is there. */
final class AtConnect implements Subscription.Outcome {

    private final ConnectCommand command;
    private final long request;
    private final User user;
    private final ConnectReply made;
    private final String channel;

    AtConnect(ConnectCommand command, long request, User user, ConnectReply made, String channel) {
        this.command = command;
        this.request = request;
        this.user = user;
        this.made = made;
        this.channel = channel;
    }

    @Override
    public void subscribed(Reply.Subscribed reply) {
        String next = made.subscribed(channel, reply);
        if (next != null) {
            command.start(request, user, made, next);
        } else if (made.complete()) {
            command.complete(request, user, made);
        }
    }

    @Override
    public void refused(Refusal reason) {
        command.incomplete(request, user);
    }

    @Override
    public void abandoned(ErrorCode reason) {}
}
