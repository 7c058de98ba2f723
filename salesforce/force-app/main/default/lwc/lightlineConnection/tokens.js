import { asFault } from './faults';

/** A token is renewed so long before its end, in milliseconds: a hidden tab may be late by two pings of the relay. */
const MARGIN = 60000;

/** How long after a failure the next attempt to renew a token is, in milliseconds. */
const RETRY = 5000;

/**
 * A token, and where the next one comes from. Whoever asks while one is being fetched waits for the same one.
 *
 * source: a function that returns one, or a promise of one (of nothing, where none is needed); or the token itself
 * agenda: for what is to be done in time
 * send(token): hands a renewed one to the relay; a promise of its life
 * onError(error): when it cannot be renewed
 */
export function newTokens(source, agenda, send, onError) {
    /** The token, its end, and what the relay says of it while we keep it; what the source is doing. */
    let token;
    let end;
    let kept;
    let fetching;

    async function load() {
        try {
            token = (await (typeof source === 'function' ? source() : source)) ?? '';
            end = Infinity;
            return token;
        } catch (thrown) {
            throw asFault(thrown);
        } finally {
            fetching = undefined;
        }
    }

    function renewed() {
        fetching ??= Promise.resolve().then(load);
        return fetching;
    }

    function keep(life) {
        const { expires, ttl } = life;
        const renew = async () => {
            try {
                const next = await send(await renewed());
                if (kept === life) {
                    keep(next);
                }
            } catch (error) {
                if (kept === life) {
                    onError(error);
                    agenda.at(Date.now() + RETRY, life, renew);
                }
            }
        };
        release();
        kept = life;
        if (expires) {
            end = Date.now() + ttl * 1000;
            agenda.at(end - Math.min(MARGIN, ttl * 500), life, renew);
        }
    }

    function release() {
        agenda.drop(kept);
        kept = undefined;
    }

    return {
        /** The one that there is, or a new one. */
        current: () => (token === undefined || Date.now() >= end ? renewed() : token),

        /** It is no good any more. */
        forget() {
            token = undefined;
        },

        /** Has it renewed in time, until release(). life: what the relay says of it, {expires, ttl} */
        keep,

        release
    };
}
