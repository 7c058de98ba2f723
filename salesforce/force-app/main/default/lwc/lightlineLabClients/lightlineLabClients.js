import { LightningElement, api } from 'lwc';

const WORDS = {
    connecting: 'Connecting',
    connected: 'Connected',
    reconnecting: 'Reconnecting',
    offline: 'Offline',
    disconnected: 'Closed'
};

/**
 * The clients of the lab, one row each: state, pod, and what each has heard last. Says `openclient`, `closeclient` and `address`
 * with detail {id}.
 */
export default class LightlineLabClients extends LightningElement {
    /** [{id, state, pod, last: {message, sender, offset, latency}, heard}] */
    @api clients = [];

    get rows() {
        return this.clients.map(({ id, state, pod, last, heard }) => {
            const open = state !== 'disconnected';
            return {
                id,
                name: `Client ${id}`,
                state: WORDS[state],
                badge: `slds-badge state ${state}`,
                pod: pod || '–',
                heard,
                message: last?.message ?? '–',
                sender: last ? last.sender : '–',
                kind: last ? (last.private ? 'private' : 'all') : '–',
                offset: last?.offset ?? '–',
                latency: last ? `${last.latency.toFixed(1)} ms` : '–',
                open,
                toggleLabel: open ? 'Close' : 'Open',
                toggleTitle: `${open ? 'Close' : 'Open'} client ${id}`,
                addressTitle: `Send to client ${id}`
            };
        });
    }

    handleToggle(event) {
        const id = Number(event.target.dataset.id);
        const open = this.clients.find((client) => client.id === id).state !== 'disconnected';
        this.dispatchEvent(new CustomEvent(open ? 'closeclient' : 'openclient', { detail: { id } }));
    }

    handleAddress(event) {
        this.dispatchEvent(new CustomEvent('address', { detail: { id: Number(event.target.dataset.id) } }));
    }
}
