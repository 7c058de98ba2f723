import { createElement } from 'lwc';
import LightlineToast from 'c/lightlineToast';
import { subscribe, unsubscribe } from 'c/lightline';

jest.mock('c/lightline', () => ({ subscribe: jest.fn(), unsubscribe: jest.fn() }));
jest.mock('@salesforce/user/Id', () => ({ default: '005me' }), { virtual: true });

describe('c-lightline-toast', () => {
    let toasts;

    beforeEach(() => {
        toasts = [];
        subscribe.mockReset().mockImplementation(async (channel) => ({ id: channel }));
        unsubscribe.mockReset();
    });

    afterEach(() => {
        document.body.replaceChildren();
        jest.restoreAllMocks();
    });

    async function settled() {
        for (let turn = 0; turn < 10; turn++) {
            // eslint-disable-next-line no-await-in-loop -- one turn after the other
            await Promise.resolve();
        }
    }

    async function shown(properties = { channel: 'news:a' }) {
        const element = createElement('c-lightline-toast', { is: LightlineToast });
        Object.assign(element, properties);
        element.addEventListener('lightning__showtoast', ({ detail }) => toasts.push(detail));
        document.body.appendChild(element);
        await settled();
        return element;
    }

    function receives(data) {
        const [, , onMessage] = subscribe.mock.calls[0];
        onMessage({ data });
    }

    it.each([
        [{ channel: 'news:a' }, ['news:a']],
        [{ personal: true }, ['user:005me']],
        [{ channel: 'news:a', personal: true }, ['news:a', 'user:005me']],
        [{}, []]
    ])('listens where it is told to: %j', async (properties, channels) => {
        await shown(properties);

        expect(subscribe.mock.calls.map(([channel, replayId]) => [channel, replayId])).toEqual(
            channels.map((channel) => [channel, -1])
        );
    });

    it.each([
        [
            { title: 'Lunch', message: 'at noon', variant: 'success' },
            { title: 'Lunch', message: 'at noon', variant: 'success' }
        ],
        [{ message: 'at noon' }, { title: 'at noon', variant: 'info' }],
        ['at noon', { title: 'at noon', variant: 'info' }],
        [
            { title: 'Lunch', variant: 'loud' },
            { title: 'Lunch', variant: 'info' }
        ],
        [{ payload: { title: 'Order 7' } }, { title: 'Order 7', variant: 'info' }],
        [
            { title: 7, message: 8 },
            { title: '7', message: '8', variant: 'info' }
        ],
        [null, { title: '', variant: 'info' }]
    ])('shows %j', async (data, expected) => {
        const element = await shown();

        receives(data);

        expect(toasts).toHaveLength(1);
        expect(toasts[0]).toMatchObject(expected);
        expect(toasts[0].message).toBe(expected.message);
        await expect(element).toBeAccessible();
    });

    it('shows the fields that it is told to', async () => {
        await shown({
            channel: '/event/Order__e',
            titleField: 'OrderNumber__c',
            messageField: 'Status__c',
            variantField: 'Look__c'
        });

        receives({ payload: { OrderNumber__c: 'O-1', Status__c: 'late', Look__c: 'warning' } });

        expect(toasts[0]).toMatchObject({ title: 'O-1', message: 'late', variant: 'warning' });
    });

    it('does not bury the page in a flood, and goes on after it', async () => {
        // given
        const now = jest.spyOn(Date, 'now').mockReturnValue(1000);
        await shown();

        // when
        for (let number = 1; number <= 20; number++) {
            receives(`flood ${number}`);
        }
        const inFlood = toasts.length;
        now.mockReturnValue(11000);
        receives('after it');

        // then
        expect(inFlood).toBe(5);
        expect(toasts.map(({ title }) => title)).toEqual(
            [1, 2, 3, 4, 5].map((n) => `flood ${n}`).concat('after it')
        );
    });

    it('says why it cannot listen', async () => {
        subscribe.mockRejectedValue({ code: 103, message: 'permission denied' });

        const element = await shown();

        expect(element.shadowRoot.querySelector('.error').textContent).toBe('news:a: permission denied');
        await expect(element).toBeAccessible();
    });

    it('listens no more when it is gone', async () => {
        const element = await shown({ channel: 'news:a', personal: true });

        document.body.removeChild(element);

        expect(unsubscribe.mock.calls).toEqual([[{ id: 'news:a' }], [{ id: 'user:005me' }]]);
    });

    it('listens once when it is moved before it listened', async () => {
        // given
        const agree = [];
        subscribe.mockImplementation(() => new Promise((resolve) => agree.push(resolve)));
        const element = await shown();

        // when
        document.body.removeChild(element);
        document.body.appendChild(element);
        agree.forEach((resolve, number) => resolve({ id: number }));
        await settled();

        // then
        expect(agree).toHaveLength(2);
        expect(unsubscribe.mock.calls).toEqual([[{ id: 0 }]]);
    });

    it('listens no more when it was gone before it listened', async () => {
        // given
        let agree;
        subscribe.mockReturnValue(
            new Promise((resolve) => {
                agree = resolve;
            })
        );
        const element = await shown();

        // when
        document.body.removeChild(element);
        agree({ id: 'late' });
        await settled();

        // then
        expect(unsubscribe.mock.calls).toEqual([[{ id: 'late' }]]);
    });
});
