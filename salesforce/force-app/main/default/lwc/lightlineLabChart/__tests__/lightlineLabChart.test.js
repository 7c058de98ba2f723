import { createElement } from 'lwc';
import LightlineLabChart from 'c/lightlineLabChart';

function chart(properties) {
    const element = createElement('c-lightline-lab-chart', { is: LightlineLabChart });
    Object.assign(element, { heading: 'Until all have it', ...properties });
    document.body.append(element);
    return element;
}

const SERIES = [
    { name: 'WebSocket', values: [1, 10, 100] },
    { name: 'Long polling', values: [20, 30, 40] }
];

describe('c-lightline-lab-chart', () => {
    afterEach(() => document.body.replaceChildren());

    it('draws a line for each series, which is lower where it was faster', () => {
        const element = chart({ series: SERIES });

        const [fast] = element.shadowRoot.querySelectorAll('polyline');
        const heights = fast
            .getAttribute('points')
            .split(' ')
            .map((point) => Number(point.split(',')[1]));
        expect(element.shadowRoot.querySelectorAll('polyline')).toHaveLength(2);
        expect(heights[0]).toBeGreaterThan(heights[1]);
        expect(heights[0] - heights[1]).toBeCloseTo(heights[1] - heights[2], 0);
    });

    it('names each series by shape and words, never by colour alone', () => {
        const element = chart({ series: SERIES });

        const groups = [...element.shadowRoot.querySelectorAll('g.series')];
        const shapes = new Set(groups.map((group) => group.querySelector('path').getAttribute('d')));
        expect(shapes.size).toBe(2);
        expect(element.shadowRoot.querySelector('desc').textContent).toContain(
            'WebSocket: 3 messages, 37.0 ms on average.'
        );
    });

    it('draws reference lines', () => {
        const element = chart({ series: SERIES, references: [{ label: 'Published', value: 5346.3 }] });

        expect(element.shadowRoot.querySelector('.quiet').textContent).toBe('Published: 5.35 s');
    });

    it('has its values as a table', async () => {
        const element = chart({ series: SERIES });
        const details = element.shadowRoot.querySelector('details');

        details.open = true;
        details.dispatchEvent(new CustomEvent('toggle'));
        await Promise.resolve();

        const cells = [...element.shadowRoot.querySelectorAll('tbody td')].map((cell) => cell.textContent);
        expect(cells).toEqual(['1.00', '20.00', '10.00', '30.00', '100.00', '40.00']);
    });

    it('draws nothing wrong when there is nothing', () => {
        const drawn = [...chart({}).shadowRoot.querySelectorAll('svg *')];

        const values = drawn.flatMap((element) => [...element.attributes].map(({ value }) => value));
        expect(values.join()).not.toMatch(/NaN|Infinity|undefined/);
    });

    it('is accessible', async () => {
        await expect(chart({ series: SERIES })).toBeAccessible();
    });
});
