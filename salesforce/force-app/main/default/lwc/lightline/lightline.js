/*
 * The functions of lightning/empApi, over one WebSocket that all components of the page share, and what a WebSocket can do besides.
 * To migrate, change the import from 'lightning/empApi' to 'c/lightline'.
 */
import { asFault, call, Connection, fault, MISSED, UNRECOVERABLE } from 'c/lightlineConnection';
import connectionDetails from '@salesforce/apex/LightlineTokens.connection';
import { grantFor } from './grants';
import { beginning } from './replay';

/** empApi's onError has no way back, so the oldest callbacks are forgotten when there are more. */
const MOST_ERROR_CALLBACKS = 50;

let opening;
let status = { state: 'disconnected' };
let debugging = false;
let lastId = 0;
const subscriptions = new Map();
const errorCallbacks = new Set();
const statusCallbacks = new Set();

/**
 * Subscribes to a channel. Resolves, when the relay has agreed, with what unsubscribe() wants; rejects when it does not agree.
 *
 * replayId: -1 for what comes from now on; -2 for all that the channel's history has, too; or the replay id of a message, for all that
 *   came after it
 * onMessage({channel, data: {schema, payload, event: {replayId, …}}, tags, info, offset, epoch}); data of other channels than Salesforce's
 *   is what was published
 * options: filter (docs/protocol.md); token, of the subscription, or an async function that fetches it; joinLeave, with
 *   onJoin(person) and onLeave(person); onState(state, detail); onLoss(message), when messages are missing that cannot be
 *   had any more: load the state anew
 */
export async function subscribe(channel, replayId, onMessage, options = {}) {
    const connection = await open();
    const id = String(++lastId);
    return new Promise((resolve, reject) => {
        const missed = (message) => {
            tellError({ code: UNRECOVERABLE, message, channel });
            options.onLoss?.(message);
        };
        const onState = (state, detail) => {
            if (state === 'subscribed') {
                resolve({ id, channel, replayId });
                if (detail.wasRecovering && !detail.recovered) {
                    missed(MISSED);
                }
            } else if (state === 'unsubscribed') {
                subscriptions.delete(id);
                reject(Object.assign(fault(detail.code, detail.message), { channel }));
            }
            options.onState?.(state, detail);
        };
        // What Lightline itself has to tell is no message: a gap is a loss that its publisher found.
        const onPublication = (publication) => {
            if (publication.tags?.lightline === 'gap') {
                missed(`events may be missing: ${publication.data.gap?.reason}`);
            } else {
                onMessage(publication);
            }
        };
        const since = beginning(connection, channel, replayId, tellError);
        const token = grantFor(channel);
        subscriptions.set(
            id,
            connection.subscribe(channel, { token, ...options, since, onPublication, onState })
        );
    });
}

/** Ends a subscription; the result goes to the callback, and is what the promise resolves with. */
export async function unsubscribe({ id, channel }, callback) {
    const subscription = subscriptions.get(id);
    subscriptions.delete(id);
    subscription?.unsubscribe();
    const result = {
        id,
        channel: '/meta/unsubscribe',
        subscription: channel,
        successful: Boolean(subscription)
    };
    callback?.(result);
    return result;
}

/** Calls back with what goes wrong, on any channel: {code, message, channel, temporary}. Resolves with a function that ends that. */
export async function onError(callback) {
    errorCallbacks.add(callback);
    if (errorCallbacks.size > MOST_ERROR_CALLBACKS) {
        errorCallbacks.delete(errorCallbacks.values().next().value);
    }
    return () => errorCallbacks.delete(callback);
}

/** Whether to write to the browser's console what happens; messages themselves are never written. */
export async function setDebugFlag(flag) {
    debugging = Boolean(flag);
}

/** Resolves with whether this works here. */
export async function isEmpEnabled() {
    return typeof WebSocket === 'function';
}

/** Publishes to a channel, where that is allowed. Resolves when the relay has it. */
export async function publish(channel, data) {
    return (await open()).publish(channel, data);
}

/** Who is on a channel: [{client, user, connInfo, chanInfo}]. */
export async function presence(channel) {
    return (await open()).presence(channel);
}

/** What a channel keeps: {publications, offset, epoch}; options: limit, since, reverse. */
export async function history(channel, options) {
    return (await open()).history(channel, options);
}

/** Calls back with {state, code, message, client, node}: at once, and whenever it changes. Returns a function that ends that. */
export function onStatus(callback) {
    statusCallbacks.add(callback);
    callback(status);
    return () => statusCallbacks.delete(callback);
}

/** 'disconnected', 'connecting', 'connected', 'reconnecting' or 'offline' */
export function connectionState() {
    return status.state;
}

/** The page's connection, which is made when somebody needs it first, and again after the relay has closed it for good. */
async function open() {
    opening ??= create().catch((error) => {
        opening = undefined;
        changed({ state: 'disconnected', code: error.code, message: error.message });
        throw error;
    });
    const connection = await opening;
    connection.connect();
    return connection;
}

async function create() {
    const first = await details();
    return new Connection({
        url: first.url,
        token: tokensBeginningWith(first.token),
        onState: (state, detail) => changed({ state, ...detail }),
        onError: tellError,
        log: (...what) => debugging && console.log('lightline', ...what)
    });
}

/** Where the relay is, and a token. What Apex refuses it will refuse again; everything else may pass. */
async function details() {
    try {
        return await connectionDetails();
    } catch (thrown) {
        const error = asFault(thrown);
        error.temporary = !thrown?.body?.exceptionType?.endsWith('AuraHandledException');
        throw error;
    }
}

/** The first one has come with the address. */
function tokensBeginningWith(token) {
    let next = token;
    return async () => {
        const mine = next ?? (await details()).token;
        next = undefined;
        return mine;
    };
}

function changed(next) {
    status = next;
    statusCallbacks.forEach((callback) => call(callback, next));
    if (next.state === 'disconnected') {
        tellError(next);
    }
}

function tellError(error) {
    errorCallbacks.forEach((callback) => call(callback, error));
}
