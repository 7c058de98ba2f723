package io.lightline.relay.hub;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Publication;
import io.lightline.relay.protocol.ServerFrame;

/** Makes of a publication what subscribers get: once a publication, whatever their number. */
public interface PublicationRenderer {

    /** The caller releases the frame. Called on the delivery thread. */
    ServerFrame render(ChannelName channel, Publication publication);
}
