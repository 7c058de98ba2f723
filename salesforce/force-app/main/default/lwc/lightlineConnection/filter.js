/*
 * Filters as the relay evaluates them (docs/protocol.md), for the case that several subscribers of one page want different parts
 * of one channel: the page asks the relay for what any of them wants, and each gets its own part here.
 */

const TESTS = {
    eq: (value, node) => isOneOf(value, [node.val]),
    neq: (value, node) => !isOneOf(value, [node.val]),
    in: (value, node) => isOneOf(value, node.vals),
    nin: (value, node) => !isOneOf(value, node.vals),
    ex: (value) => isThere(value),
    nex: (value) => !isThere(value),
    sw: (value, node) => isText(value) && value.startsWith(node.val),
    ew: (value, node) => isText(value) && value.endsWith(node.val),
    ct: (value, node) => isText(value) && value.includes(node.val),
    lt: (value, node) => number(value) < number(node.val),
    lte: (value, node) => number(value) <= number(node.val),
    gt: (value, node) => number(value) > number(node.val),
    gte: (value, node) => number(value) >= number(node.val)
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
    return node.op
        ? OPERATORS[node.op](node.nodes, publication)
        : TESTS[node.cmp](find(node.key, publication), node);
}

function find(key, { tags, data }) {
    return key.startsWith('data.')
        ? key
              .slice(5)
              .split('.')
              .reduce((value, name) => (Array.isArray(value) ? undefined : value?.[name]), data)
        : tags?.[key];
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
    return typeof value === 'number' || (isText(value) && value.trim() === value && value) ? Number(value) : NaN;
}
