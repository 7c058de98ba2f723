import { UNRECOVERABLE } from 'c/lightlineConnection';

const ONLY_NEW = -1;
const ALL = -2;

/**
 * What a replay id means for a channel: undefined for what comes from now on, or a function that looks its position up in the history.
 * onError: is told when there is no such replay id (any more); then all comes that there is.
 */
export function beginning(connection, channel, replayId, onError) {
    if (replayId === ONLY_NEW || replayId === undefined || replayId === null) {
        return undefined;
    }
    return replayId === ALL
        ? () => oldest(connection, channel)
        : async () => {
              const position = await find(connection, channel, String(replayId));
              if (!position) {
                  onError({
                      code: UNRECOVERABLE,
                      message: `no replay id ${replayId} in the history`,
                      channel
                  });
              }
              return position ?? oldest(connection, channel);
          };
}

async function oldest(connection, channel) {
    const { publications, offset, epoch } = await connection.history(channel, { limit: 1 });
    return { offset: publications.length ? publications[0].offset - 1 : offset, epoch };
}

/** From the newest to the oldest: most look for something recent. Undefined when it is not there. */
async function find(connection, channel, replayId) {
    let since;
    for (;;) {
        // eslint-disable-next-line no-await-in-loop -- one page after the other
        const { publications, epoch } = await connection.history(channel, {
            limit: -1,
            since,
            reverse: true
        });
        const found = publications.find(
            ({ tags, data }) => replayId === String(tags?.replayId ?? data?.event?.replayId)
        );
        if (found || !publications.length) {
            return found && { offset: found.offset, epoch };
        }
        since = { offset: publications[publications.length - 1].offset, epoch };
    }
}
