package io.lightline.relay.hub;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.PresenceEvent;
import io.lightline.backplane.Publication;
import io.lightline.relay.protocol.Encoding;
import io.lightline.relay.protocol.ServerFrame;

/**
 * Makes what subscribers get: once a publication or event in each encoding that one of them has, whatever their number. Called on
 * the delivery thread.
 */
public interface Renderer {

    /** The caller releases the frame. */
    ServerFrame render(ChannelName channel, Publication publication, Encoding encoding);

    /** The caller releases the frame. */
    ServerFrame render(ChannelName channel, PresenceEvent event, Encoding encoding);
}
