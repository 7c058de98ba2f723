import { BAD_REQUEST, call, fault } from './faults';
import { isFor } from './filter';
import { toPublication } from './people';

/**
 * What one subscriber has of a channel. Several may share one subscription on the wire: see Channel.
 *
 * position: of the last publication that it had, or where it begins, {offset, epoch}; undefined without history
 * live: whether it follows the channel; before that it waits for the relay, or catches up with the others
 */
export class Subscription {
    constructor(wire, options) {
        this.channel = wire.name;
        this.state = 'subscribing';
        this.options = options;
        this._wire = wire;
    }

    get isOver() {
        return this.state === 'unsubscribed';
    }

    unsubscribe() {
        if (!this.isOver) {
            this.end({});
            this._wire.leave(this);
        }
    }

    /** Hands over a publication, unless it is known or not wanted. */
    offer(publication, epoch) {
        const { offset } = publication;
        const known = this.position?.epoch === epoch ? this.position?.offset : 0;
        if (this.isOver || (offset && offset <= known)) {
            return;
        }
        if (offset) {
            this.position = { offset, epoch };
        }
        if (this._wants(publication)) {
            call(this.options.onPublication, toPublication(this.channel, publication, epoch));
        }
    }

    /** A filter that cannot be evaluated is the end of this subscription, and nobody else's concern. */
    _wants(publication) {
        try {
            return isFor(this.options.filter, publication);
        } catch ({ message }) {
            this._wire.expel(this, fault(BAD_REQUEST, message));
            return false;
        }
    }

    /** From now on it gets what comes. */
    follow(detail) {
        if (!this.isOver) {
            this.live = true;
            this.tell('subscribed', detail);
        }
    }

    end(detail) {
        this.live = false;
        this.tell('unsubscribed', detail);
    }

    tell(state, detail) {
        this.state = state;
        call(this.options.onState, state, detail);
    }
}
