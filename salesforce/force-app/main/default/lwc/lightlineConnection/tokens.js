import { asFault } from './faults';

/** A token is renewed so long before its end, in milliseconds: a hidden tab may be late by two pings of the relay. */
const MARGIN = 60000;

/** How long after a failure the next attempt to renew a token is, in milliseconds. */
const RETRY = 5000;

/**
 * A token, and where the next one comes from. Whoever asks while one is being fetched waits for the same one.
 *
 * source: a function that returns one, or a promise of one (of nothing, where none is needed); or the token itself.
 */
export class Tokens {
    constructor(source) {
        this._source = typeof source === 'function' ? source : () => source;
        this._token = undefined;
        this._end = Infinity;
        this._fetching = undefined;
        this._kept = undefined;
    }

    /** The one that there is, or a new one. */
    current() {
        return this._token === undefined || Date.now() >= this._end ? this._renewed() : Promise.resolve(this._token);
    }

    /** It is no good any more. */
    forget() {
        this._token = undefined;
    }

    /**
     * Has it renewed in time, until release().
     *
     * life: what the relay says of it, {expires, ttl}
     * send(token): hands the new one to the relay; a promise of the new one's life
     */
    keep(life, agenda, send, onError) {
        const kept = (this._kept = {});
        const { expires, ttl = 0 } = life;
        this._end = expires ? Date.now() + ttl * 1000 : Infinity;
        const renew = async () => {
            try {
                const next = await send(await this._renewed());
                if (this._kept === kept) {
                    this.keep(next, agenda, send, onError);
                }
            } catch (error) {
                if (this._kept === kept) {
                    onError(error);
                    agenda.at(Date.now() + RETRY, this, renew);
                }
            }
        };
        if (expires) {
            agenda.at(this._end - Math.min(MARGIN, ttl * 500), this, renew);
        } else {
            agenda.drop(this);
        }
    }

    release(agenda) {
        this._kept = undefined;
        agenda.drop(this);
    }

    _renewed() {
        this._fetching ??= this._fetch().finally(() => {
            this._fetching = undefined;
        });
        return this._fetching;
    }

    async _fetch() {
        try {
            this._token = (await this._source()) ?? '';
            this._end = Infinity;
            return this._token;
        } catch (thrown) {
            throw asFault(thrown);
        }
    }
}
