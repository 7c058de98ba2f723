import { createElement } from 'lwc';
import LightlineRecordRefresh from 'c/lightlineRecordRefresh';
import { subscribe, unsubscribe } from 'c/lightline';
import { RefreshEventName } from 'lightning/refresh';
import { notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';

jest.mock('c/lightline', () => ({ subscribe: jest.fn(), unsubscribe: jest.fn() }));
jest.mock('lightning/refresh', () => ({
    RefreshEventName: 'lightning__refresh',
    RefreshEvent: class extends CustomEvent {
        constructor() {
            super('lightning__refresh', { bubbles: true, composed: true });
        }
    }
}));

const RECORD_ID = '001000000000001AAA';
const SUBSCRIPTION = { id: '1' };

describe('c-lightline-record-refresh', () => {
    beforeEach(() => {
        subscribe.mockReset().mockResolvedValue(SUBSCRIPTION);
        unsubscribe.mockReset();
        notifyRecordUpdateAvailable.mockReset().mockResolvedValue();
    });

    afterEach(() => document.body.replaceChildren());

    async function shown(properties = {}) {
        const element = createElement('c-lightline-record-refresh', { is: LightlineRecordRefresh });
        Object.assign(element, { recordId: RECORD_ID, objectApiName: 'Account' }, properties);
        document.body.appendChild(element);
        await settled();
        return element;
    }

    async function changes(header) {
        const [, , onMessage] = subscribe.mock.calls[0];
        onMessage({ data: { payload: { ChangeEventHeader: header } } });
        await settled();
    }

    async function settled() {
        for (let turn = 0; turn < 10; turn++) {
            // eslint-disable-next-line no-await-in-loop -- one turn after the other
            await Promise.resolve();
        }
    }

    function text(element, selector) {
        return element.shadowRoot.querySelector(selector)?.textContent;
    }

    it.each([
        ['Account', `/data/AccountChangeEvent/${RECORD_ID}`],
        ['Invoice__c', `/data/Invoice__ChangeEvent/${RECORD_ID}`]
    ])('listens to the channel of its record, an %s', async (objectApiName, channel) => {
        await shown({ objectApiName });

        expect(subscribe.mock.calls[0].slice(0, 2)).toEqual([channel, -1]);
    });

    it('has the record read anew when it changes, and says nothing', async () => {
        const element = await shown();
        const onRefresh = jest.fn();
        element.addEventListener(RefreshEventName, onRefresh);

        await changes({ changeType: 'UPDATE', changedFields: ['Name'] });

        expect(notifyRecordUpdateAvailable.mock.calls).toEqual([[[{ recordId: RECORD_ID }]]]);
        expect(onRefresh).not.toHaveBeenCalled();
        expect(text(element, '.change')).toBeUndefined();
        await expect(element).toBeAccessible();
    });

    it('has the whole page read anew, if that is wanted', async () => {
        const element = await shown({ refreshPage: true });
        const onRefresh = jest.fn();
        element.addEventListener(RefreshEventName, onRefresh);

        await changes({ changeType: 'UPDATE' });

        expect(onRefresh).toHaveBeenCalledTimes(1);
    });

    it.each([
        [
            { changeType: 'UPDATE', changedFields: ['Name', 'Phone', 'LastModifiedDate'] },
            'This record has changed: Name, Phone'
        ],
        [{ changeType: 'GAP_UPDATE' }, 'This record has changed'],
        [{ changeType: 'DELETE' }, 'This record was deleted.'],
        [undefined, 'This record has changed']
    ])('says what has changed, if that is wanted: %j', async (header, expected) => {
        const element = await shown({ showChanges: true });

        await changes(header);

        expect(text(element, '.change')).toBe(expected);
        await expect(element).toBeAccessible();
    });

    it('reads once for all that changes while it reads', async () => {
        // given
        let done;
        notifyRecordUpdateAvailable.mockReturnValueOnce(
            new Promise((resolve) => {
                done = resolve;
            })
        );
        await shown();

        // when
        await changes({ changeType: 'UPDATE' });
        await changes({ changeType: 'UPDATE' });
        await changes({ changeType: 'UPDATE' });
        done();
        await settled();

        // then
        expect(notifyRecordUpdateAvailable).toHaveBeenCalledTimes(2);
    });

    it('reads anew when something was missed', async () => {
        await shown();

        subscribe.mock.calls[0][3].onLoss('events may be missing');
        await settled();

        expect(notifyRecordUpdateAvailable).toHaveBeenCalledTimes(1);
    });

    it('says why it cannot listen', async () => {
        subscribe.mockRejectedValue({ code: 103, message: 'permission denied' });

        const element = await shown();

        expect(text(element, '.error')).toBe('permission denied');
        await expect(element).toBeAccessible();
    });

    it('says why it cannot refresh, and refreshes the next time', async () => {
        notifyRecordUpdateAvailable.mockRejectedValueOnce(new Error('no such record'));
        const element = await shown();

        await changes({ changeType: 'UPDATE' });
        await changes({ changeType: 'UPDATE' });

        expect(text(element, '.error')).toBe('no such record');
        expect(notifyRecordUpdateAvailable).toHaveBeenCalledTimes(2);
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
