/*
 * Filters as the relay evaluates them (docs/protocol.md), for the case that several subscribers of one page want different parts
 * of one channel: the page asks the relay for what any of them wants, and each gets its own part here.
 */

const TESTS = {
    eq: (value, { val }) => isOneOf(value, [val]),
    in: (value, { vals }) => isOneOf(value, vals),
    ex: isThere,
    sw: (value, { val }) => isText(value) && value.startsWith(val),
    ew: (value, { val }) => isText(value) && value.endsWith(val),
    ct: (value, { val }) => isText(value) && value.includes(val),
    lt: (value, { val }) => number(value) < number(val),
    lte: (value, { val }) => number(value) <= number(val),
    gt: (value, { val }) => number(value) > number(val),
    gte: (value, { val }) => number(value) >= number(val)
};

const OPERATORS = {
    and: (nodes, publication) => nodes.every((node) => passes(node, publication)),
    or: (nodes, publication) => nodes.some((node) => passes(node, publication)),
    not: ([node], publication) => !passes(node, publication)
};

/** Whether a publication is for who has this filter. What Lightline itself has to tell is for everybody. */
export function isFor(filter, publication) {
    return !filter || Boolean(publication.tags?.lightline) || passes(filter, publication);
}

/** What lets through whatever one of the filters does; undefined for no filter. */
export function union(filters) {
    if (!filters.every(Boolean)) {
        return undefined;
    }
    const different = [...new Map(filters.map((filter) => [JSON.stringify(filter), filter])).values()];
    return different.length > 1 ? { op: 'or', nodes: different } : different[0];
}

function passes(node, publication) {
    const { op, nodes, key, cmp } = node;
    if (op) {
        return OPERATORS[op](nodes, publication);
    }
    const test = TESTS[cmp];
    // neq, nin and nex are what their names without the n are not.
    return test ? test(find(key, publication), node) : !TESTS[cmp.slice(1)](find(key, publication), node);
}

function find(key, { tags, data }) {
    return key.startsWith('data.') ? key.slice(5).split('.').reduce(inside, data) : tags?.[key];
}

function inside(value, name) {
    return typeof value === 'object' && !Array.isArray(value) ? value?.[name] : undefined;
}

function isThere(value) {
    return value !== undefined && value !== null;
}

function isText(value) {
    return typeof value === 'string';
}

function isOneOf(value, texts) {
    return typeof value === 'number'
        ? texts.some((text) => number(text) === value)
        : isThere(value) && typeof value !== 'object' && texts.includes(String(value));
}

/** NaN, which compares with nothing, when it is none. */
function number(value) {
    return value === '' || !/string|number/.test(typeof value) ? NaN : Number(value);
}
