import { pause } from './backoff';
import { asFault } from './faults';

/**
 * Hands a subscriber what is behind the others' position, page by page out of the history, and then lets it follow with them. For who
 * comes later than they, and for who wants more than the relay sends in one reply.
 */
export async function catchUp(subscription, channel, connection) {
    if (subscription.catchingUp) {
        return;
    }
    subscription.catchingUp = true;
    let since;
    let recovered = false;
    try {
        since = subscription.position ?? (await channel.beginning(subscription));
        recovered = Boolean(since) && (await read(since, subscription, channel, connection));
    } catch (thrown) {
        const error = asFault(thrown);
        if (error.temporary) {
            // A lost connection comes back by itself, and begins with this again.
            if (connection.isConnected) {
                connection.agenda.at(Date.now() + pause(3), subscription, () =>
                    catchUp(subscription, channel, connection)
                );
            }
            return;
        }
        connection.report(error, channel.name);
    } finally {
        subscription.catchingUp = false;
    }
    if (channel.has(subscription)) {
        subscription.position = channel.position && { ...channel.position };
        subscription.follow({ wasRecovering: Boolean(since), recovered });
    }
}

/** Whether nothing was missing. */
async function read(since, subscription, channel, connection) {
    let position = since;
    let whole = true;
    // Of another life of the channel nothing is left.
    if (since.epoch !== channel.position?.epoch) {
        return false;
    }
    while (channel.has(subscription) && position.offset < channel.position?.offset) {
        // eslint-disable-next-line no-await-in-loop -- one page after the other
        const { history } = await connection.request({
            history: { channel: channel.name, limit: -1, since: position }
        });
        const { publications = [], epoch } = history;
        whole &&= publications[0]?.offset === position.offset + 1;
        if (!publications.length) {
            break;
        }
        publications.forEach((publication) => subscription.offer(publication, epoch));
        position = { offset: publications[publications.length - 1].offset, epoch };
    }
    return whole;
}
