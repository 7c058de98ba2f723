/** Browsers take no longer timer. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * What is due at some time, by key. A hidden tab's timers are late or stand still, so nobody counts on one: look() is called at every
 * event (a frame, the tab wakes) and does by the clock what is due. The one timer is for when nothing happens.
 */
export function newAgenda() {
    const entries = new Map();
    let next = Infinity;
    let timer;

    const arm = (time, tick) => {
        clearTimeout(timer);
        next = time;
        if (time < Infinity) {
            // eslint-disable-next-line @lwc/lwc/no-async-operation -- cleared by clear(), which close() calls
            timer = setTimeout(tick, Math.min(time - Date.now(), LONGEST_TIMER));
        }
    };

    const look = () => {
        const now = Date.now();
        const due = [...entries].filter(([, { time }]) => time <= now);
        due.forEach(([key]) => entries.delete(key));
        arm(Math.min(...[...entries.values()].map(({ time }) => time)), look);
        due.forEach(([, { action }]) => action());
    };

    return {
        /** Does what is due. */
        look() {
            if (Date.now() >= next) {
                look();
            }
        },

        /** Has an action done at a time (as of Date.now()), instead of what the key was down for. */
        at(time, key, action) {
            entries.set(key, { time, action });
            if (time < next) {
                arm(time, look);
            }
        },

        drop(key) {
            entries.delete(key);
        },

        clear() {
            entries.clear();
            arm(Infinity);
        }
    };
}
