/**
 * Figures of a series of milliseconds: how many, min, mean, median, p95, max; undefined of an empty one. A percentile is the
 * smallest value that so many per cent of the values do not exceed, so it is always one that was measured; the median of an
 * even number is the mean of the two in the middle, as spreadsheets have it.
 */
export function summarize(values) {
    if (values.length === 0) {
        return undefined;
    }
    const sorted = [...values].sort((a, b) => a - b);
    return {
        count: sorted.length,
        min: sorted[0],
        mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
        median: median(sorted),
        p95: percentile(sorted, 95),
        max: sorted[sorted.length - 1]
    };
}

function median(sorted) {
    const middle = Math.floor(sorted.length / 2);
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function percentile(sorted, percent) {
    return sorted[Math.ceil((percent / 100) * sorted.length) - 1];
}

/**
 * What the article that this project starts from measured with so many clients, 100 messages each, over the internet: means in
 * milliseconds until the first client and until all of them had a message. (eltoroit/ETWSBlogSalesforce, Stats.xlsx, 2020)
 */
const PUBLISHED = [
    { clients: 2, transport: 'WebSocket', first: 48.3, total: 54.5 },
    { clients: 2, transport: 'Platform Events', first: 303.6, total: 314.1 },
    { clients: 10, transport: 'WebSocket', first: 48.0, total: 73.2 },
    { clients: 10, transport: 'Platform Events', first: 243.6, total: 642.9 },
    { clients: 50, transport: 'WebSocket', first: 56.5, total: 235.3 },
    { clients: 50, transport: 'Platform Events', first: 327.8, total: 5346.3 }
];

/** The published figures whose number of clients is nearest to the given one. */
export function published(clients) {
    const distance = (figure) => Math.abs(figure.clients - clients);
    const nearest = Math.min(...PUBLISHED.map(distance));
    return PUBLISHED.filter((figure) => distance(figure) === nearest);
}

/** Milliseconds as a person reads them: three digits where they matter. */
export function milliseconds(value) {
    if (value === undefined || value === null) {
        return '–';
    }
    if (value >= 1000) {
        return `${(value / 1000).toFixed(value >= 10000 ? 1 : 2)} s`;
    }
    return `${value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)} ms`;
}
