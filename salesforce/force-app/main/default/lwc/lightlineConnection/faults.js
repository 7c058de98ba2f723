/** No answer has come and none will: the same may succeed later. */
export const NOT_CONNECTED = 0;
export const LIMIT_EXCEEDED = 106;
export const BAD_REQUEST = 107;
export const ALREADY_SUBSCRIBED = 105;
export const UNRECOVERABLE = 112;
export const MISSED = 'messages were missed that cannot be had any more';

/** An error as the relay reports them: with a code, and whether the same may succeed later. */
export function fault(code, message, temporary = false) {
    return Object.assign(new Error(message), { code, temporary });
}

/** What somebody threw, who knows nothing of codes; what is not said to be final may succeed later. */
export function asFault(thrown) {
    return thrown?.code === undefined
        ? fault(
              NOT_CONNECTED,
              thrown?.body?.message ?? thrown?.message ?? String(thrown),
              thrown?.temporary !== false
          )
        : thrown;
}

/** Whether another token may mend it. */
export function isExpired({ code }) {
    return code === 109 || code === 110;
}

/** Calls somebody else's function. What it throws is shown as what nobody has caught, and harms nobody here. */
export function call(callback, ...args) {
    try {
        callback?.(...args);
    } catch (error) {
        Promise.reject(error);
    }
}
