/** Browsers take no longer timer. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * What is due at some time, by key. A hidden tab's timers are late or stand still, so nobody counts on one: look() is called at
 * every event (a frame, the tab wakes) and does by the clock what is due. The one timer is for when nothing happens.
 */
export class Agenda {
    constructor() {
        this._entries = new Map();
        this._next = Infinity;
        this._timer = undefined;
    }

    /** Has an action done at a time (as of Date.now()), instead of what the key was down for. */
    at(time, key, action) {
        this._entries.set(key, { time, action });
        if (time < this._next) {
            this._arm(time);
        }
    }

    drop(key) {
        this._entries.delete(key);
    }

    clear() {
        this._entries.clear();
        this._arm(Infinity);
    }

    /** Does what is due. */
    look() {
        const now = Date.now();
        if (now < this._next) {
            return;
        }
        const due = [...this._entries].filter(([, { time }]) => time <= now);
        due.forEach(([key]) => this._entries.delete(key));
        this._arm(Math.min(...[...this._entries.values()].map(({ time }) => time)));
        due.forEach(([, { action }]) => action());
    }

    _arm(time) {
        clearTimeout(this._timer);
        this._next = time;
        if (time < Infinity) {
            const wait = Math.min(Math.max(time - Date.now(), 0), LONGEST_TIMER);
            // eslint-disable-next-line @lwc/lwc/no-async-operation -- cleared by clear(), which close() calls
            this._timer = setTimeout(() => {
                this._next = 0;
                this.look();
            }, wait);
        }
    }
}
