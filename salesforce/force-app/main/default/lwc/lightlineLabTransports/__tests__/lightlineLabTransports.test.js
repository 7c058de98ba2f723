import { EVENT_TOPIC, EmpApiTransport, ROOM, RelayTransport } from 'c/lightlineLabTransports';
import { Connection } from 'c/lightlineConnection';
import { subscribe, unsubscribe } from 'lightning/empApi';
import publish from '@salesforce/apex/LightlineLabPublisher.publish';
import details from '@salesforce/apex/LightlineTokens.connection';

jest.mock('c/lightlineConnection', () => ({ Connection: jest.fn() }));
jest.mock('lightning/empApi', () => ({
    isEmpEnabled: jest.fn(async () => true),
    onError: jest.fn(),
    subscribe: jest.fn(async (channel) => ({ channel })),
    unsubscribe: jest.fn()
}));
jest.mock('@salesforce/apex/LightlineLabPublisher.publish', () => ({ default: jest.fn(async () => {}) }), {
    virtual: true
});
jest.mock('@salesforce/apex/LightlineTokens.connection', () => ({ default: jest.fn() }), { virtual: true });

const MESSAGE = { message: 'hi', sentAt: '1', sender: '1', receiver: '*' };

/** A relay's connection whose strings the test pulls. */
class FakeConnection {
    state = 'disconnected';
    node = 'relay-2';
    subscriptions = {};
    published = [];
    closed = false;

    constructor(options) {
        this.options = options;
    }

    subscribe(channel, options) {
        this.subscriptions[channel] = options;
    }

    async connect() {
        this.state = 'connected';
        this.options.onState('connected');
        Object.values(this.subscriptions).forEach(({ onState }) => onState('subscribed'));
    }

    async publish(channel, data) {
        this.published.push({ channel, data });
    }

    close() {
        this.closed = true;
    }
}

function listener() {
    const told = [];
    return {
        told,
        onState: (state) => told.push(state),
        onError: (error) => told.push(`error ${error.message}`),
        onMessage: ({ message }, { offset, pod }) => told.push(`${message} ${offset} ${pod}`)
    };
}

async function settled() {
    for (let turn = 0; turn < 10; turn++) {
        // eslint-disable-next-line no-await-in-loop -- one turn after the other
        await Promise.resolve();
    }
}

describe('c/lightlineLabTransports', () => {
    let connections;

    beforeEach(() => {
        connections = [];
        Connection.mockImplementation((options) => {
            const connection = new FakeConnection(options);
            connections.push(connection);
            return connection;
        });
        details.mockResolvedValue({ url: 'wss://configured', token: 'first' });
        publish.mockClear();
        subscribe.mockClear();
        unsubscribe.mockClear();
    });

    it('spreads its clients over the pods, each with a connection of its own', async () => {
        const transport = new RelayTransport({ name: 'relays', label: '', urls: ['wss://one', 'wss://two'] });

        [1, 2, 3].forEach((id) => transport.open(id, listener()));
        await settled();

        expect(connections.map(({ options }) => options.url)).toEqual([
            'wss://one',
            'wss://two',
            'wss://one'
        ]);
    });

    it("shows the user's token to no relay that has one of its own, or none", async () => {
        // when
        new RelayTransport({ name: 'custom', label: '', urls: ['wss://stranger'], token: '' }).open(
            1,
            listener()
        );
        await settled();

        // then
        await expect(connections[0].options.token()).resolves.toBe('');
        expect(details).not.toHaveBeenCalled();
    });

    it('goes to the relay of the settings with the token that came along, and with a new one later', async () => {
        const client = listener();
        new RelayTransport({ name: 'relays', label: '' }).open(1, client);
        await settled();

        const { url, token } = connections[0].options;
        details.mockResolvedValue({ url: 'wss://configured', token: 'second' });
        expect(url).toBe('wss://configured');
        expect([await token(), await token()]).toEqual(['first', 'second']);
        expect(client.told).toEqual(['connecting', 'connected']);
    });

    it('is connected when it hears everything, and tells what it hears with offset and pod', async () => {
        const client = listener();
        new RelayTransport({ name: 'relays', label: '', urls: ['wss://one'] }).open(4, client);
        await settled();

        connections[0].subscriptions[`lab:${ROOM}-4`].onPublication({ data: MESSAGE, offset: 12 });

        expect(Object.keys(connections[0].subscriptions)).toEqual([`lab:${ROOM}`, `lab:${ROOM}-4`]);
        expect(client.told).toEqual(['connecting', 'connected', 'hi 12 relay-2']);
    });

    it('publishes to the channel of all, or of one', async () => {
        const transport = new RelayTransport({ name: 'relays', label: '', urls: ['wss://one'] });
        const client = transport.open(1, listener());
        await settled();

        await transport.send([MESSAGE, { ...MESSAGE, receiver: '7' }], () => client);

        expect(connections[0].published.map(({ channel }) => channel)).toEqual([
            `lab:${ROOM}`,
            `lab:${ROOM}-7`
        ]);
    });

    it('sends platform events by one call of Apex, and hears those of this page through the relay', async () => {
        const transport = new RelayTransport({
            name: 'events',
            label: '',
            urls: ['wss://one'],
            events: true
        });
        const client = listener();
        transport.open(1, client);
        await settled();

        await transport.send([MESSAGE, MESSAGE]);
        const { messagesJson } = publish.mock.calls[0][0];
        const payload = (text) => ({ Message__c: text, Sent_At__c: '1', From__c: '1', To__c: '*' });
        const { onPublication } = connections[0].subscriptions[EVENT_TOPIC];
        onPublication({ data: { payload: payload(JSON.parse(messagesJson[0]).message) }, offset: 3 });
        onPublication({ data: { payload: payload('another hi') }, offset: 4 });

        expect(messagesJson).toHaveLength(2);
        expect(client.told).toEqual(['connecting', 'connected', 'hi 3 relay-2']);
    });

    it('tells why a client has no connection', async () => {
        details.mockRejectedValue(new Error('not set up'));
        const client = listener();

        new RelayTransport({ name: 'relays', label: '' }).open(1, client);
        await settled();

        expect(client.told).toEqual(['connecting', 'error not set up', 'disconnected']);
    });

    it('says nothing more after close', async () => {
        const client = listener();
        const open = new RelayTransport({ name: 'relays', label: '', urls: ['wss://one'] }).open(1, client);
        await settled();

        open.close();
        connections[0].options.onState('reconnecting');

        expect(connections[0].closed).toBe(true);
        expect(client.told).toEqual(['connecting', 'connected', 'disconnected']);
    });

    it('subscribes over empApi for each client', async () => {
        const client = listener();
        const open = new EmpApiTransport().open(1, client);
        await settled();

        const [channel, replayId, onMessage] = subscribe.mock.calls[0];
        const payload = { Message__c: `${ROOM} hi`, Sent_At__c: '1', From__c: '1', To__c: '*' };
        onMessage({ data: { payload, event: { replayId: 9 } } });
        open.close();
        onMessage({ data: { payload, event: { replayId: 10 } } });

        expect([channel, replayId]).toEqual([EVENT_TOPIC, -1]);
        expect(client.told).toEqual(['connecting', 'connected', 'hi 9 empApi', 'disconnected']);
        expect(unsubscribe).toHaveBeenCalled();
    });
});
