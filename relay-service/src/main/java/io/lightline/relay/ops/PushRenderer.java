package io.lightline.relay.ops;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.PresenceEvent;
import io.lightline.backplane.Publication;
import io.lightline.relay.hub.Renderer;
import io.lightline.relay.protocol.Encoding;
import io.lightline.relay.protocol.Push;
import io.lightline.relay.protocol.ServerFrame;

/** Makes pushes of the client protocol. */
final class PushRenderer implements Renderer {

    @Override
    public ServerFrame render(ChannelName channel, Publication publication, Encoding encoding) {
        return encoding.codec().encode(new Push.Published(channel.name(), publication));
    }

    @Override
    public ServerFrame render(ChannelName channel, PresenceEvent event, Encoding encoding) {
        return encoding.codec()
                .encode(
                        switch (event) {
                            case PresenceEvent.Joined(var member) -> new Push.Joined(channel.name(), member.info());
                            case PresenceEvent.Left(var member) -> new Push.Left(channel.name(), member.info());
                        });
    }
}
