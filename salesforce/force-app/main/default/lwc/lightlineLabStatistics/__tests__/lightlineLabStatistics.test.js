import { milliseconds, published, summarize } from 'c/lightlineLabStatistics';

describe('c/lightlineLabStatistics', () => {
    it('sums up a series', () => {
        const oneToHundred = Array.from({ length: 100 }, (_, index) => 100 - index);

        expect(summarize(oneToHundred)).toEqual({
            count: 100,
            min: 1,
            mean: 50.5,
            median: 50.5,
            p95: 95,
            max: 100
        });
    });

    it('takes the middle one of an odd number', () => {
        expect(summarize([9, 1, 2]).median).toBe(2);
    });

    it('has no figures of nothing', () => {
        expect(summarize([])).toBeUndefined();
    });

    it('compares with the published figures of the nearest number of clients', () => {
        expect(published(50)).toHaveLength(2);
        expect(published(200).map(({ total }) => total)).toEqual([235.3, 5346.3]);
        expect(published(1).map(({ clients }) => clients)).toEqual([2, 2]);
    });

    it('writes milliseconds with as many digits as matter', () => {
        expect([0.1234, 12.34, 123.4, 1234, 12345].map(milliseconds)).toEqual([
            '0.12 ms',
            '12.3 ms',
            '123 ms',
            '1.23 s',
            '12.3 s'
        ]);
        expect(milliseconds(undefined)).toBe('–');
    });
});
