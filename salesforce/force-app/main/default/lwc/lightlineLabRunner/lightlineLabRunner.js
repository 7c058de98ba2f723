import { EVERYBODY } from 'c/lightlineLabTransports';

/** One message for all, or one for each client as in the original experiment. */
export const Mode = Object.freeze({ ALL: 'all', EACH: 'each' });

const OPEN_LIMIT = 60000;
const MESSAGE_LIMIT = 30000;

/** What the person who watches has stopped. */
export class CancelledError extends Error {
    constructor() {
        super('Cancelled');
        this.name = 'CancelledError';
    }
}

/** What took longer than it may. */
class LateError extends Error {}

/** The promise's answer, or an error when it takes too long or the person has had enough. */
function within(promise, limit, signal, complaint) {
    return new Promise((resolve, reject) => {
        const cancel = () => reject(new CancelledError());
        if (signal?.aborted) {
            cancel();
            return;
        }
        // eslint-disable-next-line @lwc/lwc/no-async-operation -- the limit is this function's purpose
        const timer = setTimeout(() => reject(new LateError(complaint)), limit);
        signal?.addEventListener('abort', cancel);
        promise.then(resolve, reject).finally(() => {
            clearTimeout(timer);
            signal?.removeEventListener('abort', cancel);
        });
    });
}

/** The clients of one run. */
class Group {
    _transport;
    _size;
    _round;
    _signal;
    _clients = [];

    constructor(transport, size, round, signal) {
        this._transport = transport;
        this._size = size;
        this._round = round;
        this._signal = signal;
    }

    clientOf(name) {
        return this._clients[Number(name) - 1];
    }

    async open(onOpened, limit) {
        let opened = 0;
        const ids = Array.from({ length: this._size }, (_, index) => index + 1);
        const all = ids.map((id) => this._openOne(id).then(() => onOpened(++opened)));
        await within(Promise.all(all), limit, this._signal, `Not all ${this._size} clients could connect`);
    }

    _openOne(id) {
        return new Promise((resolve, reject) => {
            let problem = `Client ${id} was closed`;
            const client = this._transport.open(id, {
                onState: (state) => {
                    if (state === 'connected') {
                        resolve();
                    } else if (state === 'disconnected') {
                        reject(new Error(problem));
                    }
                },
                onError: (error) => {
                    problem = `Client ${id}: ${error.message ?? JSON.stringify(error)}`;
                },
                onMessage: (message) => this._round.received(id, message)
            });
            this._clients.push(client);
        });
    }

    close() {
        this._clients.forEach((client) => client.close());
    }
}

/** One message on its way to everybody. */
class Round {
    _run = Math.random().toString(36).slice(2, 8);
    _clients;
    _text;
    _began;
    _first;
    _missing = new Set();
    _everybodyHasIt;

    constructor(clients) {
        this._clients = clients;
    }

    async send(transport, clientOf, mode, number, signal, limit) {
        this._text = `${this._run} ${number}`;
        this._first = undefined;
        this._missing = new Set(Array.from({ length: this._clients }, (_, index) => index + 1));
        const arrival = new Promise((resolve) => {
            this._everybodyHasIt = resolve;
        });
        const messages = this._messages(mode);
        this._began = performance.now();
        try {
            const sent = transport.send(messages, clientOf);
            const [total] = await within(Promise.all([arrival, sent]), limit, signal, undefined);
            return { first: this._first, total };
        } catch (error) {
            if (error instanceof LateError) {
                return undefined;
            }
            throw error;
        }
    }

    received(id, { message, receiver }) {
        if (message !== this._text || (receiver !== EVERYBODY && receiver !== String(id))) {
            return;
        }
        const elapsed = performance.now() - this._began;
        this._first ??= elapsed;
        if (this._missing.delete(id) && this._missing.size === 0) {
            this._everybodyHasIt(elapsed);
        }
    }

    /**
     * All hear the first client, itself too; or each hears its neighbour, which is on another pod when there are several: a relay
     * would not let one client send so many at once.
     */
    _messages(mode) {
        const message = { message: this._text, sentAt: String(Date.now()) };
        return mode === Mode.ALL
            ? [{ ...message, sender: '1', receiver: EVERYBODY }]
            : Array.from({ length: this._clients }, (_, index) => ({
                  ...message,
                  sender: String(((index + 1) % this._clients) + 1),
                  receiver: String(index + 1)
              }));
    }
}

/**
 * Opens clients, sends messages one after the other, and takes the time of each from the sending until the first client and
 * until every client has it. The next message is sent when all have the one before. Answers
 * {transport, label, mode, clients, first, total, lost} with milliseconds for each message; one that did not reach everybody
 * in 30 s counts as lost and has no times.
 *
 * @param onProgress called with {phase: 'opening' | 'sending', done, of}
 * @param signal an AbortSignal that ends it with a CancelledError
 */
export async function run({ transport, clients, messages, mode, onProgress, signal, limits = {} }) {
    const round = new Round(clients);
    const group = new Group(transport, clients, round, signal);
    try {
        await group.open(
            (done) => onProgress({ phase: 'opening', done, of: clients }),
            limits.open ?? OPEN_LIMIT
        );
        const first = [];
        const total = [];
        let lost = 0;
        for (let number = 1; number <= messages; number++) {
            onProgress({ phase: 'sending', done: number - 1, of: messages });
            // eslint-disable-next-line no-await-in-loop -- the next message goes when all have this one
            const times = await round.send(
                transport,
                (name) => group.clientOf(name),
                mode,
                number,
                signal,
                limits.message ?? MESSAGE_LIMIT
            );
            if (times) {
                first.push(times.first);
                total.push(times.total);
            } else {
                lost++;
            }
        }
        onProgress({ phase: 'sending', done: messages, of: messages });
        return { transport: transport.name, label: transport.label, mode, clients, first, total, lost };
    } finally {
        group.close();
    }
}
