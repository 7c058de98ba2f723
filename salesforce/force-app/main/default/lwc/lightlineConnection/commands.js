import { fault, LIMIT_EXCEEDED, NOT_CONNECTED } from './faults';

/** Commands that wait for their replies: the relay answers in milliseconds, so nobody in their right mind has more. Connect is always one more. */
const MOST = 1000;

/**
 * The commands of one connection. What is asked while there is none waits for it. Each gets one answer, in the order of the wire:
 * onReply or onError is called before anything is done that came after the reply.
 */
export function newCommands(transmit) {
    const waiting = new Map();
    let lastId = 0;

    const send = (command) => {
        if (command.text) {
            transmit(command.text);
            command.text = '';
        }
    };

    return {
        /** goes: whether it may be sent at once */
        ask(request, onReply, onError, goes) {
            if (waiting.size >= MOST && !request.connect) {
                onError?.(fault(LIMIT_EXCEEDED, 'too many commands', true));
                return;
            }
            const id = ++lastId;
            const command = { text: JSON.stringify({ id, ...request }), onReply, onError };
            waiting.set(id, command);
            if (goes) {
                send(command);
            }
        },

        answered({ id, error, ...reply }) {
            const { onReply, onError } = waiting.get(id) ?? {};
            waiting.delete(id);
            if (error) {
                onError?.(fault(error.code, error.message, error.temporary));
            } else {
                onReply?.(reply);
            }
        },

        /** The connection is there. */
        sendWaiting() {
            waiting.forEach(send);
        },

        /** The connection is lost, and nobody knows what became of what was sent; what was not waits on, if that makes sense. */
        fail(keepsWaiting) {
            waiting.forEach(({ text, onError }, id) => {
                if (!text || !keepsWaiting) {
                    waiting.delete(id);
                    onError?.(fault(NOT_CONNECTED, 'not connected', true));
                }
            });
        }
    };
}
