import { api, LightningElement } from 'lwc';
import { RefreshEvent } from 'lightning/refresh';
import { notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import { subscribe, unsubscribe } from 'c/lightline';

/**
 * Refreshes a record page when its record changes, whoever changed it. It listens to the record's own channel, on which the publisher
 * sends what the change events of its object say of it (docs/configuration.md, `records: true`), so that a page hears of no other record.
 */
export default class LightlineRecordRefresh extends LightningElement {
    @api recordId;
    @api objectApiName;

    /** Whether everything on the page is read anew, related lists too, and not the record alone. */
    @api refreshPage = false;

    /** Whether it says what has changed. */
    @api showChanges = false;

    change = '';
    error = '';

    _refreshing = false;
    _again = false;

    connectedCallback() {
        // Another one each time: an answer for an earlier one comes too late.
        this._stay = {};
        this.listen();
    }

    disconnectedCallback() {
        this._stay = undefined;
        this.stop();
    }

    get channel() {
        const entity = this.objectApiName.endsWith('__c')
            ? this.objectApiName.slice(0, -1)
            : this.objectApiName;
        return `/data/${entity}ChangeEvent/${this.recordId}`;
    }

    async listen() {
        const stay = this._stay;
        try {
            const subscription = await subscribe(this.channel, -1, ({ data }) => this.changed(data), {
                onLoss: () => this.refresh()
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

    changed({ payload }) {
        const { changeType, changedFields = [] } = payload?.ChangeEventHeader ?? {};
        if (this.showChanges) {
            this.change = describe(changeType, changedFields);
        }
        this.refresh();
    }

    /** Once at a time: what changes meanwhile is read by one more. */
    async refresh() {
        if (this._refreshing) {
            this._again = true;
            return;
        }
        this._refreshing = true;
        do {
            this._again = false;
            // eslint-disable-next-line no-await-in-loop -- one after the other
            await this.refreshOnce();
        } while (this._again && this._stay);
        this._refreshing = false;
    }

    async refreshOnce() {
        try {
            await notifyRecordUpdateAvailable([{ recordId: this.recordId }]);
            if (this.refreshPage) {
                this.dispatchEvent(new RefreshEvent());
            }
        } catch ({ message }) {
            this.error = message;
        }
    }
}

function describe(changeType, changedFields) {
    const fields = changedFields.filter((field) => field !== 'LastModifiedDate');
    return changeType === 'DELETE'
        ? 'This record was deleted.'
        : ['This record has changed', fields.join(', ')].filter(Boolean).join(': ');
}
