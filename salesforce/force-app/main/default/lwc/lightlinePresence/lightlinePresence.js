import { api, LightningElement } from 'lwc';
import userId from '@salesforce/user/Id';
import { presence, subscribe, unsubscribe } from 'c/lightline';

/** More than this nobody reads. */
const MOST_SHOWN = 20;

/** The relay's error code for a channel with more people than it lists. */
const TOO_MANY = 106;

/** Who else has this record open: the people on the channel `record:<id>`, which has presence, and tells who comes and goes. */
export default class LightlinePresence extends LightningElement {
    @api recordId;

    /** Instead of the record's own channel. */
    @api channel;

    error = '';
    isCrowded = false;

    /** By the id of the connection: its user. Somebody may have several tabs. */
    _people = new Map();

    /** What was told while the list was on its way. */
    _changes;

    connectedCallback() {
        // Another one each time: an answer for an earlier one comes too late.
        this._stay = {};
        this.listen();
    }

    disconnectedCallback() {
        this._stay = undefined;
        this.stop();
    }

    /** Other people, each once. */
    get others() {
        const byUser = new Map();
        this._people.forEach(({ client, user, connInfo }) => {
            if (user !== userId) {
                byUser.set(user || client, { key: user || client, name: connInfo?.name ?? 'Somebody' });
            }
        });
        return [...byUser.values()];
    }

    get shown() {
        return this.others.slice(0, MOST_SHOWN);
    }

    get more() {
        const more = this.others.length - MOST_SHOWN;
        return more > 0 ? `and ${more} more` : '';
    }

    get summary() {
        if (this.isCrowded) {
            return 'Many people have this open.';
        }
        return this.others.length ? 'Also here:' : 'Nobody else is here.';
    }

    async listen() {
        const stay = this._stay;
        const channel = this.channel || `record:${this.recordId}`;
        try {
            const subscription = await subscribe(channel, -1, () => {}, {
                joinLeave: true,
                onJoin: (person) => this.changed((people) => people.set(person.client, person)),
                onLeave: ({ client }) => this.changed((people) => people.delete(client)),
                onState: (state) => state === 'subscribed' && this.load(channel)
            });
            if (this._stay === stay) {
                this._subscription = subscription;
            } else {
                unsubscribe(subscription);
            }
        } catch ({ message }) {
            this.error = message;
        }
    }

    stop() {
        if (this._subscription) {
            unsubscribe(this._subscription);
            this._subscription = undefined;
        }
    }

    /** At the beginning, and after an interruption: who came or went meanwhile was not told. */
    async load(channel) {
        try {
            this._changes = [];
            const people = new Map((await presence(channel)).map((person) => [person.client, person]));
            this._changes.forEach((change) => change(people));
            this._people = people;
            this.isCrowded = false;
            this.error = '';
        } catch ({ code, message, temporary }) {
            this.isCrowded = code === TOO_MANY;
            this.error = this.isCrowded || temporary ? '' : message;
        } finally {
            this._changes = undefined;
        }
    }

    changed(change) {
        this._changes?.push(change);
        if (!this.isCrowded) {
            const people = new Map(this._people);
            change(people);
            this._people = people;
        }
    }
}
