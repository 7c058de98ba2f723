import { pause } from './backoff';
import { catchUp } from './catchUp';
import { ALREADY_SUBSCRIBED, BAD_REQUEST, asFault, call, isExpired } from './faults';
import { union } from './filter';
import { person } from './people';
import { Subscription } from './subscription';
import { newTokens } from './tokens';

const RESUBSCRIBE_FROM = 2500;
const TOKEN_EXPIRED = 2501;

/**
 * One channel on the wire, and the page's subscriptions to it. It holds over reconnects, from its position on, until the
 * last subscriber leaves or the relay says that it is over.
 *
 * The relay is asked for what any of the subscribers wants. Whoever comes later and wants more than that, or something of
 * the past, gets it, and nobody else misses or repeats anything for it.
 */
export function newChannel(name, connection) {
    const subscriptions = new Set();
    let tokens;
    let attempt = 0;
    /** Where the stream is, {epoch, offset}; undefined before the first reply, and without history. */
    let position;
    /** Whether the relay does not take our subscribers' filters together: then it sends everything, and each is filtered here. */
    let unfiltered = false;
    /** What the relay sends us; undefined while we are not subscribed. */
    let terms;
    /** Another one for every attempt to subscribe, as the answer to an earlier one comes too late; undefined while nothing is asked. */
    let round;

    const channel = {
        name,

        get position() {
            return position;
        },

        has(subscription) {
            return subscriptions.has(subscription);
        },

        add(options) {
            const subscription = new Subscription(channel, options);
            subscriptions.add(subscription);
            if (options.token !== undefined) {
                tokens ??= newTokens(options.token, connection.agenda, refresh, report);
            }
            if (terms) {
                admit([]);
            } else if (connection.isConnected) {
                channel.begin();
            }
            return subscription;
        },

        leave(subscription) {
            subscriptions.delete(subscription);
            if (!subscriptions.size) {
                if (round && !connection.serverSubscription(name)) {
                    connection.ask({ unsubscribe: { channel: name } });
                }
                stop();
                connection.forget(channel);
            }
        },

        expel(subscription, error) {
            report(error);
            subscription.end(error);
            channel.leave(subscription);
        },

        /** The connection is there, or there again. */
        begin() {
            if (!round) {
                subscribe();
            }
        },

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
                report(error);
            }
            subscription.options = { ...others, since: found };
            return found;
        },

        /** Has come from the relay. */
        receive(publication) {
            if (position && publication.offset) {
                position.offset = publication.offset;
            }
            live().forEach((subscription) => subscription.offer(publication, position?.epoch));
        },

        /** Somebody has come, or gone; callback: the subscribers' one for that */
        met(callback, { info }) {
            live().forEach((one) => one.live && call(one.options[callback], person(info)));
        },

        /** The relay has ended the subscription, for now or for good. */
        unsubscribed({ code, reason: message }) {
            if (code < RESUBSCRIBE_FROM) {
                report({ code, message });
                channel.end({ code, message });
                return;
            }
            if (code === TOKEN_EXPIRED) {
                tokens?.forget();
            }
            channel.lost({ code, message });
            subscribeIn(pause(0));
        },

        /** There is no subscription on the wire any more; it will be back. */
        lost(detail) {
            stop();
            subscriptions.forEach((one) => one.state === 'subscribed' && one.tell('subscribing', detail));
        },

        /** It is over. */
        end({ code, message }) {
            stop();
            connection.forget(channel);
            subscriptions.forEach((subscription) => subscription.end({ code, message }));
            subscriptions.clear();
        }
    };
    return channel;

    async function subscribe() {
        const mine = (round = {});
        const made = connection.serverSubscription(name);
        if (made) {
            subscribed(made, { joinLeave: true });
            return;
        }
        try {
            const token = await tokens?.current();
            const first = position ? undefined : [...subscriptions].find(({ options }) => options.since);
            const since = position ?? (first && (await channel.beginning(first)));
            if (round === mine) {
                // Only now, and with what follows: the others have what comes up to here.
                if (terms) {
                    connection.ask({ unsubscribe: { channel: name } });
                    terms = undefined;
                }
                ask(token, since, first);
            }
        } catch (error) {
            if (round === mine) {
                refused(error);
            }
        }
    }

    function ask(token, since, first) {
        const mine = round;
        const wanted = allWanted();
        const from = wanted.recoverable && since;
        const request = { channel: name, token, tf: wanted.filter, join_leave: wanted.joinLeave };
        connection.ask(
            { subscribe: from ? { ...request, ...from, recover: true } : request },
            ({ subscribe: reply }) => {
                if (round === mine) {
                    if (first && reply.recovered) {
                        first.position = { ...from };
                        first.live = true;
                    }
                    subscribed(reply, wanted);
                }
            },
            (error) => round === mine && refused(error)
        );
    }

    function subscribed(reply, asked) {
        const { was_recovering: wasRecovering = false, recovered = false, publications = [] } = reply;
        const present = live();
        attempt = 0;
        terms = asked;
        position = reply.recoverable ? { epoch: reply.epoch, offset: reply.offset ?? 0 } : undefined;
        tokens?.keep(reply);
        publications.forEach(channel.receive);
        present.forEach((subscription) => {
            if (subscription.state !== 'subscribed' || !recovered) {
                subscription.follow({ wasRecovering, recovered });
            }
        });
        admit(wasRecovering ? [] : publications);
    }

    /**
     * Has everybody follow who does not yet. What the relay does not send for them is asked for first.
     *
     * latest: what the relay sends to every newcomer
     */
    function admit(latest) {
        const waiting = [...subscriptions].filter((subscription) => !subscription.live);
        if (waiting.every(({ options }) => covers(options))) {
            waiting.forEach((subscription) => {
                if (subscription.options.since || subscription.position) {
                    catchUp(subscription, channel, connection);
                } else {
                    latest.forEach((publication) => subscription.offer(publication, position?.epoch));
                    subscription.position ??= position && { ...position };
                    subscription.follow({ wasRecovering: false, recovered: false });
                }
            });
        } else {
            subscribe();
        }
    }

    function refused(error) {
        if (isExpired(error)) {
            tokens?.forget();
            subscribeIn(attempt++ ? pause(attempt) : 0);
        } else if (error.code === ALREADY_SUBSCRIBED && connection.serverSubscription(name)) {
            subscribe();
        } else if (error.code === BAD_REQUEST && subscriptions.size > 1 && !unfiltered) {
            unfiltered = true;
            subscribe();
        } else {
            report(error);
            if (error.temporary) {
                subscribeIn(pause(attempt++));
            } else {
                channel.end(error);
            }
        }
    }

    function subscribeIn(wait) {
        round = {};
        connection.agenda.at(Date.now() + wait, channel, subscribe);
    }

    function stop() {
        round = undefined;
        terms = undefined;
        connection.agenda.drop(channel);
        tokens?.release();
    }

    /** What any of the subscribers wants. */
    function allWanted() {
        const all = [...subscriptions].map(({ options }) => options);
        return {
            filter: unfiltered ? undefined : union(all.map(({ filter }) => filter)),
            joinLeave: all.some(({ joinLeave }) => joinLeave) || undefined,
            recoverable: all.some(({ recoverable }) => recoverable !== false)
        };
    }

    function covers({ filter, joinLeave }) {
        const sent = terms.filter;
        const parts = [sent, ...(sent?.op === 'or' ? sent.nodes : [])].map((part) => JSON.stringify(part));
        return (!sent || parts.includes(JSON.stringify(filter))) && (!joinLeave || terms.joinLeave);
    }

    function live() {
        return [...subscriptions].filter((subscription) => subscription.live);
    }

    async function refresh(token) {
        return (await connection.request({ sub_refresh: { channel: name, token } })).sub_refresh;
    }

    function report(error) {
        connection.report(error, name);
    }
}
