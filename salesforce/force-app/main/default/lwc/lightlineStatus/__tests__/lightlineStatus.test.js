import { createElement } from 'lwc';
import LightlineStatus from 'c/lightlineStatus';
import { onStatus } from 'c/lightline';
import { EnclosingUtilityId, updateUtility } from 'lightning/platformUtilityBarApi';

jest.mock('c/lightline', () => ({ onStatus: jest.fn() }));

describe('c-lightline-status', () => {
    let element;
    let stop;

    beforeEach(() => {
        stop = jest.fn();
        onStatus.mockReset().mockImplementation((callback) => {
            callback({ state: 'connecting' });
            return stop;
        });
        updateUtility.mockReset().mockResolvedValue(true);
        element = createElement('c-lightline-status', { is: LightlineStatus });
        document.body.appendChild(element);
    });

    afterEach(() => document.body.replaceChildren());

    async function becomes(status) {
        onStatus.mock.calls[0][0](status);
        await Promise.resolve();
    }

    function text(selector) {
        return element.shadowRoot.querySelector(selector)?.textContent;
    }

    it.each([
        ['connected', 'Live', 'utility:broadcast', 'success'],
        ['connecting', 'Connecting', 'utility:sync', 'warning'],
        ['reconnecting', 'Reconnecting', 'utility:sync', 'warning'],
        ['offline', 'Offline', 'utility:offline', 'error'],
        ['disconnected', 'Not connected', 'utility:offline', 'error']
    ])('shows that it is %s', async (state, label, iconName, variant) => {
        await becomes({ state });

        const icon = element.shadowRoot.querySelector('lightning-icon');
        expect(text('.label')).toBe(label);
        expect(icon.iconName).toBe(iconName);
        expect(icon.variant).toBe(variant);
        await expect(element).toBeAccessible();
    });

    it('says why', async () => {
        await becomes({ state: 'disconnected', code: 4505, message: 'origin not allowed' });
        expect(text('.reason')).toBe('origin not allowed (4505)');

        await becomes({ state: 'reconnecting', code: 0, message: 'silence' });
        expect(text('.reason')).toBe('silence');
        await expect(element).toBeAccessible();
    });

    it('changes its item in the utility bar', async () => {
        EnclosingUtilityId.emit('utility-1');

        await becomes({ state: 'connected' });
        await becomes({ state: 'offline' });

        expect(updateUtility.mock.calls).toEqual([
            ['utility-1', { label: 'Connecting', icon: 'sync', iconVariant: 'warning', highlighted: true }],
            ['utility-1', { label: 'Live', icon: 'broadcast', iconVariant: 'success', highlighted: false }],
            ['utility-1', { label: 'Offline', icon: 'offline', iconVariant: 'error', highlighted: true }]
        ]);
    });

    it('does not mind that the utility bar is gone', async () => {
        updateUtility.mockRejectedValue(new Error('no such utility'));
        EnclosingUtilityId.emit('utility-1');

        await becomes({ state: 'connected' });

        expect(text('.label')).toBe('Live');
    });

    it('works outside of a utility bar', async () => {
        EnclosingUtilityId.emit(undefined);

        await becomes({ state: 'connected' });

        expect(updateUtility).not.toHaveBeenCalled();
        expect(text('.label')).toBe('Live');
    });

    it('listens no more when it is gone', () => {
        document.body.removeChild(element);

        expect(stop).toHaveBeenCalledTimes(1);
    });
});
