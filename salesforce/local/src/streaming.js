import { CometD } from 'cometd';
import { settings } from './settings.js';

const GIVES_UP_AFTER = 10000;

/**
 * A client of the org's Streaming API, over long polling: CometD's own, with Salesforce's replay extension. Its polls go to a
 * host of its own name, as a browser has six connections to one host at most, and N clients here stand for N browsers.
 */
export class StreamingClient {
    constructor(name) {
        this._replay = {};
        this._cometd = new CometD();
        const url = new URL(settings.streaming);
        url.hostname = `${name}.localhost`;
        this._cometd.configure({
            url: url.href,
            requestHeaders: { Authorization: `Bearer ${settings.token}` },
            appendMessageTypeToURL: false,
            logLevel: 'error'
        });
        this._cometd.unregisterTransport('websocket');
        this._cometd.unregisterTransport('callback-polling');
        this._cometd.registerExtension('replay', {
            outgoing: (message) => this._withReplay(message),
            incoming: (message) => this._remember(message)
        });
    }

    /** Holds over reconnects. */
    connect() {
        return new Promise((resolve, reject) => {
            this._cometd.handshake((answer) => (answer.successful ? resolve() : reject(new Error(reason(answer)))));
        });
    }

    /** Answers when the org has: a handle for unsubscribe(). */
    subscribe(channel, replayId, onMessage) {
        this._replay[channel] = replayId;
        return new Promise((resolve, reject) => {
            const handle = this._cometd.subscribe(channel, onMessage, (answer) =>
                answer.successful ? resolve(handle) : reject(new Error(reason(answer)))
            );
        });
    }

    unsubscribe(handle) {
        return new Promise((resolve) => this._cometd.unsubscribe(handle, resolve));
    }

    /** Tells each failure and each loss of the connection. */
    onError(listener) {
        this._cometd.addListener('/meta/unsuccessful', (message) => listener(message));
    }

    close() {
        return new Promise((resolve) => {
            const limit = setTimeout(resolve, GIVES_UP_AFTER);
            this._cometd.disconnect(() => {
                clearTimeout(limit);
                resolve();
            });
        });
    }

    _withReplay(message) {
        if (message.channel === '/meta/handshake') {
            message.ext = { ...message.ext, replay: true };
        } else if (message.channel === '/meta/subscribe') {
            message.ext = { ...message.ext, replay: this._replay };
        }
        return message;
    }

    /** After a new handshake it goes on behind the last event. */
    _remember(message) {
        const replayId = message.data?.event?.replayId;
        if (replayId !== undefined) {
            this._replay[message.channel] = replayId;
        }
        return message;
    }
}

function reason({ ext, error, failure }) {
    return ext?.sfdc?.failureReason ?? error ?? failure?.reason ?? 'The Streaming API does not answer';
}
