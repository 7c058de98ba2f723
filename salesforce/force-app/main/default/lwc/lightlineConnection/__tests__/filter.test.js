import { isFor, union } from '../filter';

const PUBLICATION = {
    tags: { ticker: 'ACME', empty: '', lot: '7' },
    data: {
        price: 44.5,
        whole: 10,
        currency: 'EUR',
        sold: true,
        note: { by: 'desk 7' },
        lines: ['a'],
        nothing: null,
        text: '10.0'
    }
};

const ACME = { key: 'ticker', cmp: 'eq', val: 'ACME' };
const CHEAP = { key: 'data.price', cmp: 'lt', val: '10' };

describe('c-lightline-connection: filter', () => {
    it.each([
        [ACME, true],
        [{ key: 'ticker', cmp: 'eq', val: 'acme' }, false],
        [{ key: 'ticker', cmp: 'neq', val: 'ACME' }, false],
        [{ key: 'absent', cmp: 'neq', val: 'ACME' }, true],
        [{ key: 'ticker', cmp: 'in', vals: ['GLOBEX', 'ACME'] }, true],
        [{ key: 'ticker', cmp: 'nin', vals: ['GLOBEX', 'ACME'] }, false],
        [{ key: 'absent', cmp: 'nin', vals: ['ACME'] }, true],
        [{ key: 'empty', cmp: 'ex' }, true],
        [{ key: 'absent', cmp: 'ex' }, false],
        [{ key: 'absent', cmp: 'nex' }, true],
        [{ key: 'data.nothing', cmp: 'nex' }, true],
        [{ key: 'data.lines', cmp: 'ex' }, true],
        [{ key: 'data.note', cmp: 'ex' }, true],
        [{ key: 'data.note.by', cmp: 'eq', val: 'desk 7' }, true],
        [{ key: 'data.note', cmp: 'eq', val: '[object Object]' }, false],
        [{ key: 'data.lines.0', cmp: 'ex' }, false],
        [{ key: 'data.currency.length', cmp: 'ex' }, false],
        [{ key: 'data.absent.deeper', cmp: 'ex' }, false],
        [{ key: 'ticker', cmp: 'sw', val: 'AC' }, true],
        [{ key: 'ticker', cmp: 'ew', val: 'ME' }, true],
        [{ key: 'ticker', cmp: 'ct', val: 'CM' }, true],
        [{ key: 'absent', cmp: 'sw', val: '' }, false],
        [{ key: 'data.price', cmp: 'ct', val: '4' }, false],
        [{ key: 'data.price', cmp: 'eq', val: '44.50' }, true],
        [{ key: 'data.text', cmp: 'eq', val: '10' }, false],
        [{ key: 'data.sold', cmp: 'eq', val: 'true' }, true],
        [{ key: 'data.whole', cmp: 'lt', val: '10' }, false],
        [{ key: 'data.whole', cmp: 'lte', val: '10.0' }, true],
        [{ key: 'data.whole', cmp: 'gt', val: '9' }, true],
        [{ key: 'data.whole', cmp: 'gte', val: '11' }, false],
        [{ key: 'data.text', cmp: 'gte', val: '10' }, true],
        [{ key: 'lot', cmp: 'gt', val: '6.5' }, true],
        [{ key: 'empty', cmp: 'lt', val: '1' }, false],
        [{ key: 'data.sold', cmp: 'lt', val: '2' }, false],
        [{ key: 'data.nothing', cmp: 'lt', val: '2' }, false],
        [{ key: 'data.lines', cmp: 'lt', val: '2' }, false],
        [{ op: 'and', nodes: [ACME, CHEAP] }, false],
        [{ op: 'or', nodes: [ACME, CHEAP] }, true],
        [{ op: 'not', nodes: [CHEAP] }, true],
        [{ op: 'not', nodes: [{ op: 'and', nodes: [ACME] }] }, false]
    ])('%j lets the publication through: %s', (filter, expected) => {
        expect(isFor(filter, PUBLICATION)).toBe(expected);
    });

    it('lets everything through without a filter', () => {
        expect(isFor(undefined, PUBLICATION)).toBe(true);
    });

    it('never hides that something is missing', () => {
        expect(isFor(CHEAP, { ...PUBLICATION, tags: { lightline: 'gap' } })).toBe(true);
    });

    it('finds nothing in a publication without tags', () => {
        expect(isFor(ACME, { data: 'text' })).toBe(false);
    });

    it.each([
        ['one', [ACME], ACME],
        ['the same twice', [ACME, { ...ACME }], ACME],
        ['different ones', [ACME, CHEAP], { op: 'or', nodes: [ACME, CHEAP] }],
        ['one and none', [ACME, undefined], undefined],
        ['none', [undefined], undefined]
    ])('joins %s', (what, filters, expected) => {
        expect(union(filters)).toEqual(expected);
    });
});
