import { EVENT_TOPIC, ROOM, fromEvent } from 'c/lightlineLabTransports';
import publish from '@salesforce/apex/LightlineLabPublisher.publish';
import { StreamingClient } from './streaming.js';

/** Platform events by a connection of its own for each client: as if each were in a browser of its own. */
export class LongPollingTransport {
    name = 'polling';
    label = 'Platform Events over long polling';

    open(id, listener) {
        return new LongPollingClient(id, listener);
    }

    send(messages) {
        return publish({
            messagesJson: messages.map((message) =>
                JSON.stringify({ ...message, message: `${ROOM} ${message.message}` })
            )
        });
    }
}

class LongPollingClient {
    pod = 'CometD';

    constructor(id, listener) {
        this.id = id;
        this._listener = listener;
        this._client = new StreamingClient(`client-${id}`);
        this._client.onError((message) => this._interrupted(message));
        listener.onState('connecting');
        this._open().catch((error) => this._failed(error));
    }

    close() {
        this._closed = true;
        this._client.close();
        this._listener.onState('disconnected');
    }

    async _open() {
        await this._client.connect();
        await this._client.subscribe(EVENT_TOPIC, -1, ({ data }) => this._received(data));
        if (!this._closed) {
            this._listener.onState('connected');
        }
    }

    _received(data) {
        const message = fromEvent(data);
        if (message && !this._closed) {
            this._listener.onMessage(message, { offset: data.event.replayId, pod: this.pod });
        }
    }

    _interrupted(message) {
        if (!this._closed) {
            this._listener.onError({ message: message.error ?? 'The Streaming API does not answer' });
        }
    }

    _failed(error) {
        if (!this._closed) {
            this._listener.onError(error);
            this._listener.onState('disconnected');
        }
    }
}
