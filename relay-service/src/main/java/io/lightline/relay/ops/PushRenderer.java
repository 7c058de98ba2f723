package io.lightline.relay.ops;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.PresenceEvent;
import io.lightline.backplane.Publication;
import io.lightline.relay.hub.Renderer;
import io.lightline.relay.protocol.FrameCodec;
import io.lightline.relay.protocol.Push;
import io.lightline.relay.protocol.ServerFrame;

/** Makes pushes of the client protocol. */
final class PushRenderer implements Renderer {

    private final FrameCodec codec;

    PushRenderer(FrameCodec codec) {
        this.codec = codec;
    }

    @Override
    public ServerFrame render(ChannelName channel, Publication publication) {
        return frame(new Push.Published(channel.name(), publication));
    }

    @Override
    public ServerFrame render(ChannelName channel, PresenceEvent event) {
        return frame(
                switch (event) {
                    case PresenceEvent.Joined(var member) -> new Push.Joined(channel.name(), member.info());
                    case PresenceEvent.Left(var member) -> new Push.Left(channel.name(), member.info());
                });
    }

    private ServerFrame frame(Push push) {
        return ServerFrame.text(codec.encode(push));
    }
}
