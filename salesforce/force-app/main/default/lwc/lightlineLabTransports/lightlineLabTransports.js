import { Connection } from 'c/lightlineConnection';
import { isEmpEnabled, onError, subscribe, unsubscribe } from 'lightning/empApi';
import publishEvents from '@salesforce/apex/LightlineLabPublisher.publish';
import details from '@salesforce/apex/LightlineTokens.connection';

/*
 * A transport makes clients: transport.open(id, listener) answers one that connects, with
 *   id, pod, close(), send(message)
 * and tells listener.onState(state) and listener.onMessage(message, {offset, pod}). States: connecting, connected, reconnecting,
 * offline, disconnected. A message is {message, sentAt, sender, receiver}; the receiver is somebody's name or EVERYBODY.
 * transport.send(messages, clientOf) publishes several, at once where that is possible; clientOf(sender) is the client of that name,
 * for a transport where a message goes through its sender's connection.
 */

export const EVENT_TOPIC = '/event/Lightline_Lab__e';

/** The receiver of a message that is for all. */
export const EVERYBODY = '*';

/** Shared by what is sent from this page, so that two labs do not hear each other. */
export const ROOM = Math.random().toString(36).slice(2, 8);

/** What the relay calls the channel of all, or of one client. */
function channel(receiver) {
    return receiver === EVERYBODY ? `lab:${ROOM}` : `lab:${ROOM}-${receiver}`;
}

function toEvents(messages) {
    return publishEvents({
        messagesJson: messages.map((message) =>
            JSON.stringify({ ...message, message: `${ROOM} ${message.message}` })
        )
    });
}

/** A platform event as a message of this lab; undefined for one of another page. */
export function fromEvent({ payload }) {
    const [room, ...text] = payload.Message__c.split(' ');
    return room === ROOM
        ? {
              message: text.join(' '),
              sentAt: payload.Sent_At__c,
              sender: payload.From__c,
              receiver: payload.To__c
          }
        : undefined;
}

/** The relay of the org's settings. The token that came with its address serves once. */
async function settings() {
    let known = await details();
    return {
        url: known.url,
        token: async () => {
            const { token } = known ?? (await details());
            known = undefined;
            return token;
        }
    };
}

class RelayClient {
    pod = '';
    _listener;
    _transport;
    _connection;
    _closed = false;
    _waiting;

    constructor(id, transport, listener) {
        this.id = id;
        this._transport = transport;
        this._listener = listener;
        listener.onState('connecting');
        this._open().catch((error) => this._failed(error));
    }

    publish(message) {
        return this._connection.publish(channel(message.receiver), message);
    }

    close() {
        this._closed = true;
        this._connection?.close();
        this._listener.onState('disconnected');
    }

    async _open() {
        const { url, token } = await this._transport.address(this.id);
        if (this._closed) {
            return;
        }
        const channels = this._transport.events
            ? [EVENT_TOPIC]
            : [channel(EVERYBODY), channel(String(this.id))];
        this._waiting = new Set(channels);
        this._connection = new Connection({
            url,
            token,
            onState: (state) => this._changed(state),
            onError: (error) => this._listener.onError(error)
        });
        channels.forEach((name) =>
            this._connection.subscribe(name, {
                recoverable: true,
                onPublication: (publication) => this._received(publication),
                onState: (state) => this._subscription(name, state)
            })
        );
        await this._connection.connect();
    }

    _changed(state) {
        if (this._closed) {
            return;
        }
        if (state === 'connected') {
            this.pod = this._connection.node ?? '';
            this._connected();
        } else {
            this._listener.onState(state);
        }
    }

    /** One is connected when one hears everything. */
    _subscription(name, state) {
        if (state === 'subscribed') {
            this._waiting.delete(name);
        } else {
            this._waiting.add(name);
        }
        this._connected();
    }

    _connected() {
        if (!this._closed && this._waiting.size === 0 && this._connection?.state === 'connected') {
            this._listener.onState('connected');
        }
    }

    _received({ data, offset }) {
        const message = this._transport.events ? fromEvent(data) : data;
        if (message) {
            this._listener.onMessage(message, { offset, pod: this.pod });
        }
    }

    _failed(error) {
        if (!this._closed) {
            this._listener.onError(error);
            this._listener.onState('disconnected');
        }
    }
}

/**
 * A WebSocket for each client, to the given relays in turn; to the one of the settings when there is none. With `events` the
 * messages are platform events of the org, which come through the relay; without, they go from client to client.
 *
 * token: what the relays are told; without it the user's own, which nobody but the org's own relays may see
 */
export class RelayTransport {
    constructor({ name, label, urls = [], events = false, token }) {
        this.name = name;
        this.label = label;
        this.urls = urls;
        this.events = events;
        this._token = token;
    }

    open(id, listener) {
        return new RelayClient(id, this, listener);
    }

    async address(id) {
        return this.urls.length > 0
            ? {
                  url: this.urls[(id - 1) % this.urls.length],
                  token: async () => this._token ?? (await details()).token
              }
            : settings();
    }

    /** Events by one call of Apex; else all at once, each through its sender's own socket. */
    send(messages, clientOf) {
        return this.events
            ? toEvents(messages)
            : Promise.all(messages.map((message) => clientOf(message.sender).publish(message)));
    }
}

let empErrors;

class EmpApiClient {
    pod = 'empApi';
    _listener;
    _subscription;
    _closed = false;

    constructor(id, listener) {
        this.id = id;
        this._listener = listener;
        listener.onState('connecting');
        this._open().catch((error) => this._failed(error));
    }

    close() {
        this._closed = true;
        if (this._subscription) {
            unsubscribe(this._subscription, () => {});
        }
        this._listener.onState('disconnected');
    }

    async _open() {
        if (!(await isEmpEnabled())) {
            throw new Error('This page has no empApi');
        }
        // There is one listener for errors in a page.
        empErrors = (error) => this._listener.onError(error);
        onError((error) => empErrors(error));
        this._subscription = await subscribe(EVENT_TOPIC, -1, ({ data }) => this._received(data));
        if (this._closed) {
            unsubscribe(this._subscription, () => {});
        } else {
            this._listener.onState('connected');
        }
    }

    _received(data) {
        const message = fromEvent(data);
        if (message && !this._closed) {
            this._listener.onMessage(message, { offset: data.event.replayId, pod: this.pod });
        }
    }

    _failed(error) {
        if (!this._closed) {
            this._listener.onError(error);
            this._listener.onState('disconnected');
        }
    }
}

/** Platform events over lightning/empApi: the page has one connection, and each client a subscription of its own. */
export class EmpApiTransport {
    name = 'empApi';
    label = 'Platform Events over empApi';

    open(id, listener) {
        return new EmpApiClient(id, listener);
    }

    send(messages) {
        return toEvents(messages);
    }
}
