const FIRST = 500;
const LONGEST = 30000;

/**
 * How long to wait before an attempt, in milliseconds. With full jitter: anything up to a ceiling that doubles, so that a thousand
 * pages that were cut off together do not come back together.
 */
export function pause(attempt) {
    return Math.random() * Math.min(LONGEST, FIRST * 2 ** attempt);
}
