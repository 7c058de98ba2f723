import { createElement } from 'lwc';
import LightlinePresence from 'c/lightlinePresence';
import { presence, subscribe, unsubscribe } from 'c/lightline';

jest.mock('c/lightline', () => ({ presence: jest.fn(), subscribe: jest.fn(), unsubscribe: jest.fn() }));
jest.mock('@salesforce/user/Id', () => ({ default: '005me' }), { virtual: true });

const RECORD_ID = '001000000000001AAA';
const SUBSCRIPTION = { id: '1' };
const ME = person('c-1', '005me', 'Myself');
const ADA = person('c-2', '005ada', 'Ada');
const BOB = person('c-3', '005bob', 'Bob');

function person(client, user, name) {
    return { client, user, connInfo: name && { name } };
}

describe('c-lightline-presence', () => {
    beforeEach(() => {
        subscribe.mockReset().mockResolvedValue(SUBSCRIPTION);
        unsubscribe.mockReset();
        presence.mockReset().mockResolvedValue([ME]);
    });

    afterEach(() => document.body.replaceChildren());

    async function settled() {
        for (let turn = 0; turn < 10; turn++) {
            // eslint-disable-next-line no-await-in-loop -- one turn after the other
            await Promise.resolve();
        }
    }

    /** With these people there. */
    async function shown(people = [ME], properties = { recordId: RECORD_ID }) {
        presence.mockResolvedValue(people);
        const element = createElement('c-lightline-presence', { is: LightlinePresence });
        Object.assign(element, properties);
        document.body.appendChild(element);
        await settled();
        await happens(({ onState }) => onState('subscribed'));
        return element;
    }

    /** What the library tells. */
    async function happens(what) {
        what(subscribe.mock.calls[0][3]);
        await settled();
    }

    function names(element) {
        return [...element.shadowRoot.querySelectorAll('lightning-badge')].map(({ label }) => label);
    }

    function text(element, selector) {
        return element.shadowRoot.querySelector(selector)?.textContent;
    }

    it('listens to the channel of its record, and hears who comes and goes', async () => {
        await shown();

        expect(subscribe.mock.calls[0].slice(0, 2)).toEqual([`record:${RECORD_ID}`, -1]);
        expect(subscribe.mock.calls[0][3].joinLeave).toBe(true);
        expect(presence).toHaveBeenCalledWith(`record:${RECORD_ID}`);
    });

    it('listens to another channel, if that is wanted', async () => {
        await shown([], { channel: 'room:a' });

        expect(subscribe.mock.calls[0][0]).toBe('room:a');
    });

    it('says that nobody else is here', async () => {
        const element = await shown([ME]);

        expect(text(element, '.summary')).toBe('Nobody else is here.');
        expect(names(element)).toEqual([]);
        await expect(element).toBeAccessible();
    });

    it('names the others, each once, however many tabs they have', async () => {
        const element = await shown([ME, ADA, { ...ADA, client: 'c-9' }, BOB, person('c-4', '')]);

        expect(text(element, '.summary')).toBe('Also here:');
        expect(names(element)).toEqual(['Ada', 'Bob', 'Somebody']);
        await expect(element).toBeAccessible();
    });

    it('follows who comes and goes', async () => {
        const element = await shown([ME, ADA]);

        await happens(({ onJoin }) => onJoin(BOB));
        const both = names(element);
        await happens(({ onLeave }) => onLeave(ADA));

        expect(both).toEqual(['Ada', 'Bob']);
        expect(names(element)).toEqual(['Bob']);
    });

    it('does not forget who came or went while the list was on its way', async () => {
        // given
        const element = await shown([ME]);
        let answer;
        presence.mockReturnValue(
            new Promise((resolve) => {
                answer = resolve;
            })
        );

        // when
        await happens(({ onState }) => onState('subscribed'));
        await happens(({ onJoin }) => onJoin(BOB));
        await happens(({ onLeave }) => onLeave(ADA));
        answer([ME, ADA]);
        await settled();

        // then
        expect(names(element)).toEqual(['Bob']);
    });

    it('looks anew after an interruption', async () => {
        const element = await shown([ME, ADA]);
        presence.mockResolvedValue([ME, BOB]);

        await happens(({ onState }) => onState('subscribing'));
        await happens(({ onState }) => onState('subscribed'));

        expect(names(element)).toEqual(['Bob']);
    });

    it('shows twenty, and says how many there are besides', async () => {
        const crowd = Array.from({ length: 23 }, (_, index) =>
            person(`c-${index}`, `005-${index}`, `P${index}`)
        );

        const element = await shown(crowd);

        expect(names(element)).toHaveLength(20);
        expect(text(element, '.more')).toBe('and 3 more');
        await expect(element).toBeAccessible();
    });

    it('counts nobody in a crowd', async () => {
        // given
        const element = await shown([ME]);
        presence.mockRejectedValue({ code: 106, message: 'limit exceeded' });

        // when
        await happens(({ onState }) => onState('subscribed'));
        await happens(({ onJoin }) => onJoin(BOB));

        // then
        expect(text(element, '.summary')).toBe('Many people have this open.');
        expect(names(element)).toEqual([]);
        expect(text(element, '.error')).toBeUndefined();
    });

    it('says nothing of an error that will pass', async () => {
        const element = await shown([ME, ADA]);
        presence.mockRejectedValue({ code: 0, message: 'not connected', temporary: true });

        await happens(({ onState }) => onState('subscribed'));

        expect(text(element, '.error')).toBeUndefined();
        expect(names(element)).toEqual(['Ada']);
    });

    it('says why there is no list', async () => {
        const element = await shown([ME]);
        presence.mockRejectedValue({ code: 108, message: 'not available' });

        await happens(({ onState }) => onState('subscribed'));

        expect(text(element, '.error')).toBe('not available');
        await expect(element).toBeAccessible();
    });

    it('says why it cannot listen', async () => {
        subscribe.mockRejectedValue({ code: 103, message: 'permission denied' });
        const element = createElement('c-lightline-presence', { is: LightlinePresence });
        element.recordId = RECORD_ID;
        document.body.appendChild(element);
        await settled();

        expect(text(element, '.error')).toBe('permission denied');
    });

    it('listens no more when it is gone', async () => {
        const element = await shown();

        document.body.removeChild(element);

        expect(unsubscribe.mock.calls).toEqual([[SUBSCRIPTION]]);
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
        agree(SUBSCRIPTION);
        await settled();

        // then
        expect(unsubscribe.mock.calls).toEqual([[SUBSCRIPTION]]);
    });
});
