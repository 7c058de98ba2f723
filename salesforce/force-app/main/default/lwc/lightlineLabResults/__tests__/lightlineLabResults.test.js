import { createElement } from 'lwc';
import LightlineLabResults from 'c/lightlineLabResults';
import { save } from 'c/lightlineLabExport';

jest.mock('c/lightlineLabExport', () => ({ csv: () => 'lines', png: jest.fn(), save: jest.fn() }));

const RESULTS = [
    {
        transport: 'relays',
        label: 'WebSocket',
        mode: 'all',
        clients: 50,
        first: [1, 3],
        total: [2, 6],
        lost: 0
    },
    {
        transport: 'polling',
        label: 'Long polling',
        mode: 'all',
        clients: 50,
        first: [10],
        total: [20],
        lost: 1
    },
    { transport: 'relays', label: 'WebSocket', mode: 'each', clients: 50, first: [5], total: [8], lost: 0 }
];

function resultsOf(results) {
    const element = createElement('c-lightline-lab-results', { is: LightlineLabResults });
    element.results = results;
    document.body.append(element);
    return element;
}

describe('c-lightline-lab-results', () => {
    afterEach(() => document.body.replaceChildren());

    it('says what to do while there are none', () => {
        expect(resultsOf([]).shadowRoot.querySelector('[data-empty]')).not.toBeNull();
    });

    it('has for each mode the figures of each transport and two charts with the published figures', () => {
        const element = resultsOf(RESULTS);

        const all = element.shadowRoot.querySelector('[data-mode="all"]');
        const [first] = all.querySelectorAll('tr[data-transport]');
        expect(first.querySelector('[data-figure="first-mean"]').textContent).toBe('2.00 ms');
        expect(first.querySelector('[data-figure="total-max"]').dataset.value).toBe('6');
        const charts = [...all.querySelectorAll('c-lightline-lab-chart')];
        expect(charts.map(({ series }) => series.map(({ values }) => values))).toEqual([
            [[1, 3], [10]],
            [[2, 6], [20]]
        ]);
        expect(charts[1].references.map(({ value }) => value)).toEqual([235.3, 5346.3]);
        expect(element.shadowRoot.querySelectorAll('[data-mode]')).toHaveLength(2);
    });

    it('can be taken away as files, and cleared', () => {
        const element = resultsOf(RESULTS);
        const cleared = jest.fn();
        element.addEventListener('clear', cleared);

        element.shadowRoot.querySelectorAll('lightning-button').forEach((button) => button.click());

        expect(save).toHaveBeenCalledWith('lightline-lab.csv', expect.any(Blob));
        expect(cleared).toHaveBeenCalled();
    });

    it('is accessible', async () => {
        await expect(resultsOf(RESULTS)).toBeAccessible();
    });
});
