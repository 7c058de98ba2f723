/** Somebody's connection, as others see it. */
export function person({ client, user = '', conn_info: connInfo, chan_info: chanInfo }) {
    return { client, user, connInfo, chanInfo };
}

/** A publication as subscribers get it. */
export function toPublication(channel, { data, offset, tags, info, time }, epoch) {
    return { channel, data, offset, epoch, tags, info: info && person(info), time };
}
