/** Somebody's connection, as others see it. */
export function person({ client, user = '', conn_info: connInfo, chan_info: chanInfo }) {
    return { client, user, connInfo, chanInfo };
}

/** A publication as subscribers get it. */
export function toPublication(channel, publication, epoch) {
    const { info } = publication;
    return { ...publication, channel, epoch, info: info && person(info) };
}
