import { CancelledError, Mode, run } from 'c/lightlineLabRunner';

/** Clients of one page that hear each other at once. */
class Loudspeaker {
    name = 'loudspeaker';
    label = 'Loudspeaker';
    listeners = new Map();
    sent = [];

    open(id, listener) {
        this.listeners.set(id, listener);
        listener.onState('connecting');
        Promise.resolve().then(() => listener.onState('connected'));
        return { id, close: () => this.listeners.delete(id) };
    }

    async send(messages) {
        this.sent.push(messages);
        messages.forEach((message) => this.listeners.forEach((listener) => listener.onMessage(message, {})));
    }
}

/** Says each message to one client less. */
class DeafClient extends Loudspeaker {
    async send(messages) {
        messages.forEach((message) => this.listeners.get(1).onMessage(message, {}));
    }
}

function experiment(transport, options = {}) {
    return run({ transport, clients: 3, messages: 4, mode: Mode.ALL, onProgress: () => {}, ...options });
}

describe('c/lightlineLabRunner', () => {
    it('times each message until the first client and until all clients have it', async () => {
        const transport = new Loudspeaker();

        const result = await experiment(transport);

        expect(result).toMatchObject({
            transport: 'loudspeaker',
            label: 'Loudspeaker',
            mode: 'all',
            clients: 3,
            lost: 0
        });
        expect(result.first).toHaveLength(4);
        result.total.forEach((total, index) => expect(total).toBeGreaterThanOrEqual(result.first[index]));
        expect(transport.sent.map((messages) => messages.map(({ receiver }) => receiver))).toEqual(
            Array(4).fill(['*'])
        );
    });

    it('sends one message to each client, from its neighbour, and each counts its own', async () => {
        const transport = new Loudspeaker();

        const result = await experiment(transport, { mode: Mode.EACH });

        expect(transport.sent[0].map(({ sender, receiver }) => `${sender} to ${receiver}`)).toEqual([
            '2 to 1',
            '3 to 2',
            '1 to 3'
        ]);
        expect(result.total).toHaveLength(4);
    });

    it('counts what does not reach everybody as lost and goes on', async () => {
        const result = await experiment(new DeafClient(), { limits: { message: 1 } });

        expect(result).toMatchObject({ lost: 4, first: [], total: [] });
    });

    it('tells how far it is', async () => {
        const told = [];

        await experiment(new Loudspeaker(), {
            onProgress: ({ phase, done, of }) => told.push(`${phase} ${done}/${of}`)
        });

        expect(told[0]).toBe('opening 1/3');
        expect(told[told.length - 1]).toBe('sending 4/4');
    });

    it('closes its clients when it is cancelled', async () => {
        const transport = new DeafClient();
        const abort = new AbortController();

        const running = experiment(transport, {
            signal: abort.signal,
            onProgress: ({ phase }) => phase === 'sending' && abort.abort()
        });

        await expect(running).rejects.toThrow(CancelledError);
        expect(transport.listeners.size).toBe(0);
    });

    it('says why a client could not connect', async () => {
        const transport = new Loudspeaker();
        transport.open = (id, listener) => {
            listener.onError({ message: 'no token' });
            listener.onState('disconnected');
            return { id, close: () => {} };
        };

        await expect(experiment(transport)).rejects.toThrow('Client 1: no token');
    });
});
