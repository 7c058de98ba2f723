import { pause } from './backoff';
import { catchUp } from './catchUp';
import { ALREADY_SUBSCRIBED, asFault, call, isExpired } from './faults';
import { union } from './filter';
import { person } from './people';
import { Subscription } from './subscription';
import { Tokens } from './tokens';

const RESUBSCRIBE_FROM = 2500;
const TOKEN_EXPIRED = 2501;

/**
 * One channel on the wire, and the page's subscriptions to it. It holds over reconnects, from its position on, until the last
 * subscriber leaves or the relay says that it is over.
 *
 * The relay is asked for what any of the subscribers wants. Whoever comes later and wants more than that, or something of the past,
 * gets it, and nobody else misses or repeats anything for it.
 */
export class Channel {
    constructor(name, connection) {
        this.name = name;
        /** Where the stream is: {epoch, offset}; undefined before the first reply, and without history. */
        this.position = undefined;
        this._connection = connection;
        this._subscriptions = new Set();
        this._tokens = undefined;
        this._attempt = 0;
        /** What the relay sends us; undefined while we are not subscribed. */
        this._terms = undefined;
        /** Changes with every attempt to subscribe: the answer to another one comes too late. */
        this._round = undefined;
    }

    has(subscription) {
        return this._subscriptions.has(subscription);
    }

    add(options) {
        const subscription = new Subscription(this, options);
        this._subscriptions.add(subscription);
        if (options.token !== undefined) {
            this._tokens ??= new Tokens(options.token);
        }
        if (this._terms) {
            this._admit([]);
        } else if (this._connection.isConnected) {
            this.begin();
        }
        return subscription;
    }

    leave(subscription) {
        this._subscriptions.delete(subscription);
        if (!this._subscriptions.size) {
            if (this._round && !this._connection.serverSubscription(this.name)) {
                this._connection.ask({ unsubscribe: { channel: this.name } });
            }
            this._stop();
            this._connection.forget(this);
        }
    }

    /** The connection is there, or there again. */
    begin() {
        if (!this._round) {
            this.subscribe();
        }
    }

    async subscribe() {
        const round = (this._round = {});
        const made = this._connection.serverSubscription(this.name);
        if (made) {
            this._subscribed(made, { joinLeave: true });
            return;
        }
        try {
            const first = this.position ? undefined : [...this._subscriptions].find(({ options }) => options.since);
            const since = this.position ?? (first && (await this.beginning(first)));
            const token = await this._tokens?.current();
            if (this._round === round) {
                this._ask(round, token, since, first);
            }
        } catch (error) {
            if (this._round === round) {
                this._refused(error);
            }
        }
    }

    /** Where a subscriber begins; it may have to look that up, and does so once. */
    async beginning(subscription) {
        const { since, ...others } = subscription.options;
        if (typeof since !== 'function') {
            return since;
        }
        let found;
        try {
            found = await since();
        } catch (thrown) {
            const error = asFault(thrown);
            if (error.temporary) {
                throw error;
            }
            this._connection.report(error, this.name);
        }
        subscription.options = { ...others, since: found };
        return found;
    }

    /** Has come from the relay. */
    receive(publication) {
        if (this.position && publication.offset) {
            this.position.offset = publication.offset;
        }
        this._live().forEach((subscription) => subscription.offer(publication, this.position?.epoch));
    }

    joined({ info }) {
        this._live().forEach((one) => one.live && call(one.options.onJoin, person(info)));
    }

    left({ info }) {
        this._live().forEach((one) => one.live && call(one.options.onLeave, person(info)));
    }

    /** The relay has ended the subscription, for now or for good. */
    unsubscribed({ code, reason }) {
        if (code < RESUBSCRIBE_FROM) {
            this.end(code, reason);
            return;
        }
        if (code === TOKEN_EXPIRED) {
            this._tokens?.forget();
        }
        this.lost({ code, message: reason });
        this._subscribeIn(pause(0));
    }

    /** There is no subscription on the wire any more; it will be back. */
    lost(detail) {
        this._stop();
        this._subscriptions.forEach((one) => one.state === 'subscribed' && one.tell('subscribing', detail));
    }

    /** It is over. */
    end(code, message) {
        this._stop();
        this._connection.forget(this);
        this._subscriptions.forEach((subscription) => subscription.end({ code, message }));
        this._subscriptions.clear();
    }

    /** Has everybody follow who does not yet. What the relay does not send for them is asked for first. */
    _admit(latest) {
        const waiting = [...this._subscriptions].filter(({ live }) => !live);
        if (waiting.every(({ options }) => this._covers(options))) {
            waiting.forEach((subscription) => this._begin(subscription, latest));
        } else {
            this._connection.ask({ unsubscribe: { channel: this.name } });
            this._terms = undefined;
            this.subscribe();
        }
    }

    _begin(subscription, latest) {
        if (subscription.options.since || subscription.position) {
            catchUp(subscription, this, this._connection);
        } else {
            latest.forEach((publication) => subscription.offer(publication, this.position?.epoch));
            subscription.position ??= this.position && { ...this.position };
            subscription.follow({ wasRecovering: false, recovered: false });
        }
    }

    _ask(round, token, since, first) {
        const terms = this._wanted();
        const request = { channel: this.name, token, tf: terms.filter, join_leave: terms.joinLeave };
        const from = terms.recoverable ? since : undefined;
        const ifCurrent = (handle) => (answer) => this._round === round && handle(answer);
        this._connection.ask(
            { subscribe: { ...request, ...(from && { recover: true, ...from }) } },
            ifCurrent(({ subscribe }) => {
                if (first && subscribe.recovered && this.has(first)) {
                    first.position = { ...from };
                    first.live = true;
                }
                this._subscribed(subscribe, terms);
            }),
            ifCurrent((error) => this._refused(error))
        );
    }

    /** What any of the subscribers wants. */
    _wanted() {
        const all = [...this._subscriptions].map(({ options }) => options);
        return {
            filter: union(all.map(({ filter }) => filter)),
            joinLeave: all.some(({ joinLeave }) => joinLeave) || undefined,
            recoverable: all.some(({ recoverable }) => recoverable !== false)
        };
    }

    _covers({ filter, joinLeave }) {
        const sent = this._terms.filter;
        const parts = [sent, ...(sent?.op === 'or' ? sent.nodes : [])].map((part) => JSON.stringify(part));
        return (!sent || parts.includes(JSON.stringify(filter))) && (!joinLeave || this._terms.joinLeave);
    }

    _subscribed(reply, terms) {
        const { was_recovering: wasRecovering = false, recovered = false, publications = [] } = reply;
        const live = this._live();
        this._attempt = 0;
        this._terms = terms;
        this.position = reply.recoverable ? { epoch: reply.epoch, offset: reply.offset ?? 0 } : undefined;
        this._tokens?.keep(
            reply,
            this._connection.agenda,
            async (token) => (await this._connection.request({ sub_refresh: { channel: this.name, token } })).sub_refresh,
            (error) => this._connection.report(error, this.name)
        );
        publications.forEach((publication) => this.receive(publication));
        live.filter(({ state }) => state !== 'subscribed' || !recovered).forEach((subscription) =>
            subscription.follow({ wasRecovering, recovered })
        );
        this._admit(wasRecovering ? [] : publications);
    }

    _refused(error) {
        const { code, message, temporary } = error;
        if (isExpired(error)) {
            this._tokens?.forget();
            this._subscribeIn(this._attempt++ ? pause(this._attempt) : 0);
        } else if (temporary) {
            this._connection.report(error, this.name);
            this._subscribeIn(pause(this._attempt++));
        } else if (code === ALREADY_SUBSCRIBED && this._connection.serverSubscription(this.name)) {
            this.subscribe();
        } else {
            this._connection.report(error, this.name);
            this.end(code, message);
        }
    }

    _subscribeIn(wait) {
        this._round = {};
        this._connection.agenda.at(Date.now() + wait, this, () => this.subscribe());
    }

    _stop() {
        this._round = undefined;
        this._terms = undefined;
        this._connection.agenda.drop(this);
        this._tokens?.release(this._connection.agenda);
    }

    _live() {
        return [...this._subscriptions].filter(({ live }) => live);
    }
}
