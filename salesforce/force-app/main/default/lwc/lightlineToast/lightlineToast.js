import { api, LightningElement } from 'lwc';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import userId from '@salesforce/user/Id';
import { subscribe, unsubscribe } from 'c/lightline';

/** So many toasts are shown in so many milliseconds, at most: a flood of messages is not to bury the page. */
const MOST_TOASTS = 5;
const PERIOD = 10000;

const VARIANTS = ['info', 'success', 'warning', 'error'];

/** Shows what is published on a channel, or to the user alone, as toasts. It has nothing to see itself, except what went wrong. */
export default class LightlineToast extends LightningElement {
    /** For everybody who may listen to it. */
    @api channel;

    /** Whether what is sent to this user (`user:<id>`) is shown, too. */
    @api personal = false;

    /** Fields of the message, or of the payload of a Salesforce event. */
    @api titleField = 'title';
    @api messageField = 'message';
    @api variantField = 'variant';

    error = '';

    _subscriptions = [];
    _shown = [];

    connectedCallback() {
        // Another one each time: an answer for an earlier one comes too late.
        this._stay = {};
        this.channels.forEach((channel) => this.listen(channel));
    }

    disconnectedCallback() {
        this._stay = undefined;
        this._subscriptions.forEach((subscription) => unsubscribe(subscription));
        this._subscriptions = [];
    }

    get channels() {
        return [this.channel, this.personal && `user:${userId}`].filter(Boolean);
    }

    async listen(channel) {
        const stay = this._stay;
        try {
            const subscription = await subscribe(channel, -1, ({ data }) => this.show(data));
            if (this._stay === stay) {
                this._subscriptions = [...this._subscriptions, subscription];
            } else {
                unsubscribe(subscription);
            }
        } catch ({ message }) {
            this.error = `${channel}: ${message}`;
        }
    }

    show(data) {
        if (this.isFlood()) {
            return;
        }
        const fields = data?.payload ?? data;
        const text = typeof fields === 'string' ? fields : fields?.[this.messageField];
        const variant = fields?.[this.variantField];
        this.dispatchEvent(
            new ShowToastEvent({
                title: String(fields?.[this.titleField] ?? text ?? ''),
                message: fields?.[this.titleField] && text ? String(text) : undefined,
                variant: VARIANTS.includes(variant) ? variant : 'info'
            })
        );
    }

    isFlood() {
        const now = Date.now();
        this._shown = this._shown.filter((time) => now - time < PERIOD);
        if (this._shown.length >= MOST_TOASTS) {
            return true;
        }
        this._shown = [...this._shown, now];
        return false;
    }
}
