import { LightningElement, wire } from 'lwc';
import { EnclosingUtilityId, updateUtility } from 'lightning/platformUtilityBarApi';
import { onStatus } from 'c/lightline';

/** By the state of the connection: how it is shown. */
const LOOKS = {
    connected: { label: 'Live', icon: 'broadcast', iconVariant: 'success' },
    connecting: { label: 'Connecting', icon: 'sync', iconVariant: 'warning' },
    reconnecting: { label: 'Reconnecting', icon: 'sync', iconVariant: 'warning' },
    offline: { label: 'Offline', icon: 'offline', iconVariant: 'error' },
    disconnected: { label: 'Not connected', icon: 'offline', iconVariant: 'error' }
};

/** Whether the page's connection to Lightline is there: in the utility bar, where it also changes its own item, or on a page. */
export default class LightlineStatus extends LightningElement {
    status = { state: 'disconnected' };

    _utilityId;

    @wire(EnclosingUtilityId)
    utility(id) {
        this._utilityId = id;
        this.updateItem();
    }

    connectedCallback() {
        this._stop = onStatus((status) => {
            this.status = status;
            this.updateItem();
        });
    }

    disconnectedCallback() {
        this._stop();
    }

    get label() {
        return this.look.label;
    }

    get iconName() {
        return `utility:${this.look.icon}`;
    }

    get iconVariant() {
        return this.look.iconVariant;
    }

    /** Why it is not there, as far as the relay has said. */
    get reason() {
        const { state, code, message } = this.status;
        return state !== 'connected' && message ? `${message}${code ? ` (${code})` : ''}` : '';
    }

    get look() {
        return LOOKS[this.status.state];
    }

    /** Outside of a utility bar there is no item. */
    updateItem() {
        if (this._utilityId) {
            const { label, icon, iconVariant } = this.look;
            const highlighted = this.status.state !== 'connected';
            // The bar may be gone by now, with the app that it belongs to.
            updateUtility(this._utilityId, { label, icon, iconVariant, highlighted }).catch(() => {});
        }
    }
}
