import { newAgenda } from './agenda';
import { pause } from './backoff';
import { newChannel } from './channel';
import { newCommands } from './commands';
import { asFault, call, fault, isExpired, MISSED, NOT_CONNECTED, UNRECOVERABLE } from './faults';
import { isOnline, watchPage } from './page';
import { person, toPublication } from './people';
import { newTokens } from './tokens';

export { asFault, call, fault, MISSED, UNRECOVERABLE };

/** How long a connection may take until the relay has let it in, in milliseconds. */
const DIAL_LIMIT = 15000;

/** How late the relay's ping may be before the connection counts as dead, in milliseconds. */
const PING_GRACE = 10000;

/** A connection that held so long, in milliseconds, was a good one: after it, attempts are counted anew. */
const GOOD_LIFE = 10000;

/** The relay's close code for a token that ended. */
const EXPIRED = 3005;

/**
 * One WebSocket to a Lightline relay, which stays connected until close(): it comes back after every loss with full jitter, takes up
 * each channel where it was, renews its tokens in time, and notices a dead connection by the pings that do not come.
 *
 * States, as of `state` and onState(state, detail):
 *
 *   disconnected -> connecting -> connected <-> reconnecting <-> offline
 *
 * and from everywhere back to disconnected, by close() or because the relay does not want us: then detail has its code and message.
 *
 * While connected, `client` is the connection's id, and `node` the name of the relay's pod. `onServerPublication` may be set: it is called
 * with the publications of subscriptions that the relay makes by itself, those of the token and personal channels.
 */
export class Connection {
    /**
     * url: of the relay, wss://…/connection/websocket
     * token: an async function that fetches a token; nothing for a relay that lets everybody in. An error of it is temporary, unless it
     *   has `temporary: false`.
     * onState(state, detail), onError({code, message, channel, temporary}), log(text, ...args): all optional
     */
    constructor({ url, token, onState, onError, log }) {
        this.state = 'disconnected';
        this.agenda = newAgenda();
        this._url = url;
        this._onState = onState;
        this._onError = onError;
        this._log = log;
        this._tokens = newTokens(
            token,
            this.agenda,
            async (next) => (await this.request({ refresh: { token: next } })).refresh,
            (error) => this.report(error)
        );
        this._channels = new Map();
        this._server = new Map();
        this._commands = newCommands((text) => this._transmit(text));
        this._attempt = 0;
    }

    get isConnected() {
        return this.state === 'connected';
    }

    /** Resolves with the first success; rejects when there is none and will be none. */
    connect() {
        if (this.state === 'disconnected') {
            this._ready = new Promise((resolve, reject) => {
                this._settle = { resolve, reject };
            });
            // Who does not wait for it is told by onState.
            this._ready.catch(() => {});
            this._attempt = 0;
            this._wasConnected = false;
            this._unwatch = watchPage(() => this._look());
            this._enter('connecting', {});
            this._dial();
        }
        return this._ready;
    }

    /** For good. Subscriptions are kept, for another connect(); where it is the relay that closes for good they end. */
    close() {
        if (this.state !== 'disconnected') {
            this._end(fault(NOT_CONNECTED, 'closed'), () => {});
        }
    }

    /**
     * Holds over reconnects, until unsubscribe(). All options may be left out.
     *
     * since: where to begin, {offset, epoch} or an async function that finds it; without it, with what is published from now on
     * filter: what the relay is to send (docs/protocol.md); token: of the subscription, or an async function that fetches it
     * recoverable: false for who does not want what it missed; joinLeave: whether onJoin and onLeave are to be called
     * onPublication({channel, data, offset, epoch, tags, info, time}), onJoin(person), onLeave(person)
     * onState('subscribing' | 'subscribed' | 'unsubscribed', {wasRecovering, recovered, code, message})
     */
    subscribe(channel, options = {}) {
        let wire = this._channels.get(channel);
        if (!wire) {
            wire = newChannel(channel, this);
            this._channels.set(channel, wire);
        }
        return wire.add(options);
    }

    /** Resolves when the relay has it. Waits for the first connection; when that is lost it rejects, and nothing is kept for later. */
    async publish(channel, data) {
        if (!this.isConnected && this.state !== 'connecting') {
            throw fault(NOT_CONNECTED, 'not connected', true);
        }
        await this.request({ publish: { channel, data } });
    }

    /** limit: -1 for as much as there is in one reply, 0 for the position only */
    async history(channel, { limit = -1, since, reverse } = {}) {
        const { history } = await this.request({ history: { channel, limit, since, reverse } });
        const { publications = [], offset = 0, epoch } = history;
        return { publications: publications.map((one) => toPublication(channel, one, epoch)), offset, epoch };
    }

    /** Everybody's connections to a channel: [{client, user, connInfo, chanInfo}] */
    async presence(channel) {
        const { presence } = await this.request({ presence: { channel } });
        return Object.values(presence.presence ?? {}).map(person);
    }

    async presenceStats(channel) {
        const { presence_stats: stats } = await this.request({ presence_stats: { channel } });
        return { clients: stats.num_clients ?? 0, users: stats.num_users ?? 0 };
    }

    /** Of the bundle: a promise of the reply to any command, which waits until there is a connection. */
    request(command) {
        return new Promise((resolve, reject) => this.ask(command, resolve, reject));
    }

    /** Of the bundle: as request(), with the answer in the order of the wire. */
    ask(command, onReply, onError) {
        if (this.state === 'disconnected') {
            onError?.(fault(NOT_CONNECTED, 'not connected', true));
        } else {
            this._commands.ask(command, onReply, onError, this.isConnected);
        }
    }

    /** Of the bundle: what the relay has subscribed us to by itself, with its position; undefined when it has not. */
    serverSubscription(channel) {
        return this._server.get(channel);
    }

    /** Of the bundle. */
    forget({ name }) {
        this._channels.delete(name);
    }

    /** Of the bundle. */
    report({ code, message, temporary }, channel) {
        this._log?.('error', code, message, channel ?? '');
        call(this._onError, { code, message, channel, temporary });
    }

    async _dial() {
        const turn = (this._turn = {});
        this.agenda.drop('dial');
        let token;
        try {
            token = await this._tokens.current();
        } catch (error) {
            if (this._turn === turn) {
                this.report(error);
                this._lost(error);
            }
            return;
        }
        if (this._turn === turn) {
            this._open(turn, token);
        }
    }

    _open(turn, token) {
        const ifCurrent = (handle) => (event) => this._turn === turn && handle(event);
        try {
            this._socket = new WebSocket(this._url);
        } catch ({ message }) {
            this._lost(fault(NOT_CONNECTED, message));
            return;
        }
        this._heardAt = Date.now();
        this._expectWithin(DIAL_LIMIT);
        this._socket.onopen = ifCurrent(() => this._introduce(token));
        this._socket.onmessage = ifCurrent(({ data }) => this._heard(data));
        this._socket.onclose = ifCurrent(({ code, reason }) => this._closed(code, reason));
        // Its close event follows, and says all that a page may know.
        this._socket.onerror = () => {};
    }

    _introduce(token) {
        const subs = {};
        this._server.forEach(({ recoverable, epoch, offset }, channel) => {
            if (recoverable) {
                subs[channel] = { recover: true, epoch, offset };
            }
        });
        this._commands.ask(
            { connect: { token, subs, name: 'lightline-lwc' } },
            ({ connect }) => this._connected(connect),
            (error) => this._refused(error),
            true
        );
    }

    _connected({ client, node, ping, subs = {}, ...life }) {
        this.client = client;
        this.node = node;
        this._connectedAt = Date.now();
        this._wasConnected = true;
        this._expectWithin(ping * 1000 + PING_GRACE);
        this._tokens.keep(life);
        this._server.clear();
        this._settle.resolve();
        this._enter('connected', { client, node });
        Object.entries(subs).forEach(([channel, reply]) => this._serverSubscribed(channel, reply));
        if (this.isConnected) {
            this._channels.forEach((channel) => channel.begin());
            this._commands.sendWaiting();
        }
    }

    /** To connect. */
    _refused(error) {
        if (error.code === NOT_CONNECTED) {
            return;
        }
        this.report(error);
        if (isExpired(error)) {
            this._tokens.forget();
            this._lost(fault(error.code, error.message, true), this._attempt ? undefined : 0);
        } else {
            this._lost(error);
        }
    }

    _serverSubscribed(channel, { publications = [], ...reply }) {
        this._server.set(channel, { ...reply });
        if (reply.was_recovering && !reply.recovered) {
            this.report(fault(UNRECOVERABLE, MISSED), channel);
        }
        publications.forEach((publication) => this._published(channel, publication));
    }

    _published(channel, publication) {
        this._channels.get(channel)?.receive(publication);
        const own = this._server.get(channel);
        if (own) {
            own.offset = publication.offset ?? own.offset;
            call(this.onServerPublication, toPublication(channel, publication, own.epoch));
        }
    }

    _heard(frame) {
        this._heardAt = Date.now();
        frame.split('\n').forEach((line) => line && this._socket && this._read(line));
        this.agenda.look();
    }

    _read(line) {
        let message;
        try {
            message = JSON.parse(line);
        } catch ({ message: why }) {
            this._lost(fault(NOT_CONNECTED, why, true));
            return;
        }
        if (message.push) {
            this._pushed(message.push);
        } else if (message.id) {
            this._commands.answered(message);
        } else {
            this._transmit('{}');
        }
    }

    _pushed({ channel, pub, join, leave, subscribe, unsubscribe, refresh }) {
        const wire = this._channels.get(channel);
        if (pub) {
            this._published(channel, pub);
        } else if (join) {
            wire?.met('onJoin', join);
        } else if (leave) {
            wire?.met('onLeave', leave);
        } else if (subscribe) {
            this._serverSubscribed(channel, subscribe);
        } else if (unsubscribe) {
            this._server.delete(channel);
            wire?.unsubscribed(unsubscribe);
        } else if (refresh) {
            this._tokens.keep(refresh);
        }
    }

    _closed(code, message) {
        const staysAway = code > 3000 && code % 1000 >= 500;
        if (staysAway || code === EXPIRED) {
            this._tokens.forget();
        }
        this._lost(fault(code, message, !staysAway));
    }

    /** Comes back after a while, if that makes sense. */
    _lost(why, wait) {
        if (this.state === 'disconnected') {
            return;
        }
        if (!why.temporary) {
            this._end(why, (channel) => channel.end(why));
            return;
        }
        if (Date.now() - this._connectedAt >= GOOD_LIFE) {
            this._attempt = 0;
        }
        this._hangUp(this._away(), why);
        this._commands.fail(true);
        this._comeBackIn(wait ?? pause(this._attempt), this._attempt + 1, why);
    }

    /** The state, while there is no connection. */
    _away() {
        const online = this._wasConnected ? 'reconnecting' : 'connecting';
        return isOnline() ? online : 'offline';
    }

    _comeBackIn(wait, attempt, why) {
        // Whoever was told in between may have closed it.
        if (this.state === 'disconnected') {
            return;
        }
        this._attempt = attempt;
        this.agenda.at(Date.now() + wait, 'dial', () => this._dial());
        this._enter(this._away(), why);
    }

    /** onChannel: what becomes of each channel */
    _end(why, onChannel) {
        this._unwatch();
        this._hangUp('disconnected', why);
        this._channels.forEach(onChannel);
        this.agenda.clear();
        this._commands.fail(false);
        this._settle.reject(why);
        this._enter('disconnected', why);
    }

    /** state: that of now on, as whoever is told may ask for something */
    _hangUp(state, { code, message }) {
        const socket = this._socket;
        this.state = state;
        this._turn = undefined;
        this._socket = undefined;
        this.client = undefined;
        this.node = undefined;
        this._connectedAt = undefined;
        this.agenda.drop('silence');
        this._tokens.release();
        socket?.close();
        this._channels.forEach((channel) => channel.lost({ code, message }));
    }

    /** The network has come or gone, or the page has: what its timers missed is due now. */
    _look() {
        this.agenda.look();
        if (this._turn) {
            if (!isOnline()) {
                this._lost(fault(NOT_CONNECTED, 'offline', true));
            }
        } else if (isOnline()) {
            // Not at once: a whole office may have got its network back.
            this._comeBackIn(pause(0), 0, {});
        }
    }

    _expectWithin(limit) {
        this._silenceLimit = limit;
        this._judgeSilence();
    }

    /** Whoever has said nothing for so long, not even a ping, is gone, whatever the browser believes. */
    _judgeSilence() {
        const deadline = this._heardAt + this._silenceLimit;
        if (Date.now() > deadline) {
            this._lost(fault(NOT_CONNECTED, 'silence', true));
        } else if (deadline) {
            this.agenda.at(deadline + 1, 'silence', () => this._judgeSilence());
        }
    }

    _transmit(text) {
        this._socket.send(text);
    }

    _enter(state, { code, message, client, node }) {
        this._log?.(state, code ?? node, message ?? client);
        this.state = state;
        call(this._onState, state, { code, message, client, node });
    }
}
