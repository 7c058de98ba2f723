import { createElement } from 'lwc';
import LightlineLab from 'c/lightlineLab';
import { CancelledError, run } from 'c/lightlineLabRunner';

jest.mock('c/lightlineLabRunner', () => ({
    Mode: { ALL: 'all', EACH: 'each' },
    CancelledError: class extends Error {},
    run: jest.fn()
}));
jest.mock('c/lightlineConnection', () => ({ Connection: jest.fn() }));
jest.mock('@salesforce/apex/LightlineLabPublisher.publish', () => ({ default: jest.fn() }), {
    virtual: true
});
jest.mock('@salesforce/apex/LightlineTokens.connection', () => ({ default: jest.fn() }), { virtual: true });

/** A transport of the page, whose clients the test holds. */
class Own {
    name = 'own';
    label = 'Our own';
    clients = new Map();
    sent = [];

    open(id, listener) {
        const client = { id, pod: 'pod', close: () => listener.onState('disconnected') };
        this.clients.set(id, { client, listener });
        listener.onState('connected');
        return client;
    }

    async send(messages, clientOf) {
        this.sent.push({ messages, from: clientOf(messages[0].sender).id });
        messages.forEach((message) =>
            this.clients.forEach(({ listener }) => listener.onMessage(message, { offset: 5, pod: 'pod' }))
        );
    }
}

function result(options) {
    return {
        transport: options.transport.name,
        label: options.transport.label,
        mode: options.mode,
        clients: 2,
        first: [1],
        total: [2],
        lost: 0
    };
}

async function settled() {
    for (let turn = 0; turn < 20; turn++) {
        // eslint-disable-next-line no-await-in-loop -- one turn after the other
        await Promise.resolve();
    }
}

describe('c-lightline-lab', () => {
    let own;
    let element;

    beforeEach(async () => {
        jest.useFakeTimers();
        run.mockReset();
        run.mockImplementation(async (options) => result(options));
        own = new Own();
        element = createElement('c-lightline-lab', { is: LightlineLab });
        element.relays = 'ws://one, ws://two';
        element.moreTransports = [own];
        document.body.append(element);
        await settled();
    });

    afterEach(() => {
        document.body.replaceChildren();
        jest.useRealTimers();
    });

    const find = (selector) => element.shadowRoot.querySelector(selector);
    const named = (name) => [...element.shadowRoot.querySelectorAll('*')].find((one) => one.name === name);
    const change = (name, value) =>
        named(name).dispatchEvent(new CustomEvent('change', { detail: { value } }));
    const click = async (name) => {
        named(name).click();
        await settled();
    };
    const errors = () => find('[data-errors]')?.textContent ?? '';
    const refreshed = async () => {
        jest.advanceTimersByTime(1000);
        await settled();
    };

    it('offers each pod, both, the org, empApi, what the page has, and another relay', () => {
        const names = find('lightning-checkbox-group').options.map(({ value }) => value);

        expect(names).toEqual(['relay-1', 'relay-2', 'relays', 'events', 'empApi', 'own', 'custom']);
        expect(find('lightning-checkbox-group').value).toEqual(['relays', 'events', 'own']);
    });

    it('runs each transport in each mode and shows the results', async () => {
        change('transports', ['relay-1', 'own']);
        change('clients', '2');
        change('messages', '7');

        await click('run');

        expect(run.mock.calls.map(([{ mode, transport }]) => `${mode} ${transport.name}`)).toEqual([
            'all relay-1',
            'all own',
            'each relay-1',
            'each own'
        ]);
        expect(run.mock.calls[0][0]).toMatchObject({ clients: 2, messages: 7 });
        expect(find('c-lightline-lab-results').results).toHaveLength(4);
    });

    it('shows how far it is, and can be cancelled', async () => {
        run.mockImplementation(
            ({ signal, onProgress }) =>
                new Promise((_, reject) => {
                    onProgress({ phase: 'sending', done: 5, of: 10 });
                    signal.addEventListener('abort', () => reject(new CancelledError()));
                })
        );

        await click('run');
        const text = find('[data-progress]').textContent;
        await click('cancel');

        expect(text).toBe('Run 1 of 6, WebSocket, both relay pods: message 5 of 10');
        expect(find('[data-progress]')).toBeNull();
        expect(errors()).toBe('');
    });

    it.each([
        [() => change('clients', '0'), 'Choose 1 to 200 clients.'],
        [() => change('clients', '2.5'), 'Choose 1 to 200 clients.'],
        [() => change('messages', '1001'), 'Choose 1 to 1000 messages.'],
        [() => change('transports', []), 'Choose a transport at least.'],
        [() => change('modes', []), 'Choose a mode at least.'],
        [
            () => change('transports', ['custom']),
            'Give the address of the other relay: wss://…/connection/websocket'
        ]
    ])('says what is wrong with the form: %#', async (spoil, complaint) => {
        spoil();

        await click('run');

        expect(errors()).toBe(complaint);
        expect(run).not.toHaveBeenCalled();
    });

    it('shows why a run has failed', async () => {
        run.mockRejectedValue(new Error('Client 1: no way'));

        await click('run');

        expect(errors()).toBe('Client 1: no way');
    });

    it('keeps the latest results only', async () => {
        change('transports', ['own']);
        for (let time = 0; time < 20; time++) {
            // eslint-disable-next-line no-await-in-loop -- one run after the other
            await click('run');
        }

        expect(find('c-lightline-lab-results').results).toHaveLength(24);
    });

    it('opens clients, counts them by state, and closes one or all', async () => {
        change('clients', '3');
        change('transport', 'own');

        await click('open-all');
        find('c-lightline-lab-clients').dispatchEvent(new CustomEvent('closeclient', { detail: { id: 2 } }));
        await refreshed();
        expect([...element.shadowRoot.querySelectorAll('dd')].map((one) => one.textContent)).toEqual([
            '2',
            '0',
            '0',
            '0',
            '1'
        ]);

        find('c-lightline-lab-clients').dispatchEvent(new CustomEvent('openclient', { detail: { id: 2 } }));
        await refreshed();
        expect(find('[data-count="connected"] dd').textContent).toBe('3');

        await click('close-all');
        await refreshed();
        expect(find('[data-count="disconnected"] dd').textContent).toBe('3');
    });

    it('sends to all or to one, and shows who has heard it', async () => {
        change('clients', '3');
        change('transport', 'own');
        await click('open-all');

        await click('send');
        await refreshed();
        expect(find('[data-sent]').textContent).toMatch(
            /^3 of 3 clients have it; first after .*, all after /
        );
        expect(find('c-lightline-lab-clients').clients.map(({ last }) => last.offset)).toEqual([5, 5, 5]);

        change('sender', '2');
        change('receiver', '3');
        await click('send');
        await refreshed();
        expect(own.sent[1]).toMatchObject({ from: 2, messages: [{ receiver: '3', sender: '2' }] });
        expect(find('c-lightline-lab-clients').clients.map(({ heard }) => heard)).toEqual([1, 1, 2]);
    });

    it('is accessible', async () => {
        jest.useRealTimers();
        await expect(element).toBeAccessible();
    });
});
