import { fault, LIMIT_EXCEEDED, NOT_CONNECTED } from './faults';

/** Commands that wait for their replies: the relay answers in milliseconds, so nobody in their right mind has more. */
const MOST = 1000;

/**
 * The commands of one connection: what is asked while there is none waits for it, and each gets its answer, in the order of the
 * wire: onReply and onError are called before anything is done that came after the reply.
 */
export class Commands {
    constructor(transmit) {
        this._transmit = transmit;
        this._lastId = 0;
        this._waiting = new Map();
    }

    /** isReady: whether it may be sent at once */
    ask(request, onReply, onError, isReady) {
        if (this._waiting.size >= MOST) {
            onError?.(fault(LIMIT_EXCEEDED, `more than ${MOST} commands wait for their replies`, true));
            return;
        }
        const id = ++this._lastId;
        const command = { text: JSON.stringify({ id, ...request }), isSent: isReady, onReply, onError };
        this._waiting.set(id, command);
        if (isReady) {
            this._transmit(command.text);
        }
    }

    answered({ id, error, ...reply }) {
        const command = this._waiting.get(id);
        this._waiting.delete(id);
        if (error) {
            command?.onError?.(fault(error.code, error.message, error.temporary));
        } else {
            command?.onReply?.(reply);
        }
    }

    /** The connection is there. */
    sendWaiting() {
        [...this._waiting.values()]
            .filter(({ isSent }) => !isSent)
            .forEach((command) => {
                command.isSent = true;
                this._transmit(command.text);
            });
    }

    /** The connection is lost: nobody knows what became of what was sent. */
    failSent() {
        this._fail(([, { isSent }]) => isSent, 'the connection is lost');
    }

    /** There will be no connection. */
    failAll() {
        this._fail(() => true, 'not connected');
    }

    _fail(which, message) {
        const failed = [...this._waiting].filter(which);
        failed.forEach(([id]) => this._waiting.delete(id));
        failed.forEach(([, { onError }]) => onError?.(fault(NOT_CONNECTED, message, true)));
    }
}
