import { createElement } from 'lwc';
import LightlineLabClients from 'c/lightlineLabClients';

const CLIENTS = [
    {
        id: 1,
        state: 'connected',
        pod: 'relay-1',
        heard: 3,
        last: { message: 'hello', sender: 'Client 2', private: true, offset: 7, latency: 1.234 }
    },
    { id: 2, state: 'disconnected', pod: '', heard: 0 }
];

function table() {
    const element = createElement('c-lightline-lab-clients', { is: LightlineLabClients });
    element.clients = CLIENTS;
    document.body.append(element);
    return element;
}

describe('c-lightline-lab-clients', () => {
    afterEach(() => document.body.replaceChildren());

    it('shows what each client has heard last', () => {
        const [row] = table().shadowRoot.querySelectorAll('tbody tr');

        const cells = [...row.querySelectorAll('td')].slice(0, 8).map((cell) => cell.textContent);
        expect(cells).toEqual(['Connected', 'relay-1', 'hello', 'Client 2', 'private', '7', '1.2 ms', '3']);
    });

    it('asks to close an open client and to open a closed one', () => {
        const element = table();
        const asked = [];
        ['openclient', 'closeclient', 'address'].forEach((type) =>
            element.addEventListener(type, ({ detail }) => asked.push(`${type} ${detail.id}`))
        );

        element.shadowRoot.querySelectorAll('button').forEach((button) => button.click());

        expect(asked).toEqual(['closeclient 1', 'address 1', 'openclient 2', 'address 2']);
    });

    it('is accessible', async () => {
        await expect(table()).toBeAccessible();
    });
});
