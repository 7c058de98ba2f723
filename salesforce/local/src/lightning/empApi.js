import { StreamingClient } from '../streaming.js';

/*
 * lightning/empApi as a page of an org has it: one CometD client for all components of the page, against the simulated org. A
 * channel is subscribed to once, and its events go to each who asked.
 */

const subscriptions = new Map();
const errorListeners = new Set();
let connected;
let lastId = 0;

export async function subscribe(channel, replayId, onMessage) {
    const client = await connection();
    const subscription = { id: ++lastId, channel, replayId };
    let entry = subscriptions.get(channel);
    if (!entry) {
        entry = { listeners: new Map() };
        subscriptions.set(channel, entry);
        entry.handle = client.subscribe(channel, replayId, (message) =>
            entry.listeners.forEach((listener) => listener(structuredClone(message)))
        );
    }
    entry.listeners.set(subscription.id, onMessage);
    try {
        await entry.handle;
    } catch (error) {
        subscriptions.delete(channel);
        errorListeners.forEach((listener) => listener({ channel: '/meta/subscribe', subscription: channel, error: error.message }));
        throw error;
    }
    return subscription;
}

export async function unsubscribe(subscription, callback) {
    const entry = subscriptions.get(subscription.channel);
    entry?.listeners.delete(subscription.id);
    if (entry?.listeners.size === 0) {
        subscriptions.delete(subscription.channel);
        await (await connection()).unsubscribe(await entry.handle);
    }
    const answer = { channel: '/meta/unsubscribe', subscription: subscription.channel, successful: true };
    callback?.(answer);
    return answer;
}

export function onError(listener) {
    errorListeners.add(listener);
}

export function setDebugFlag() {}

export async function isEmpEnabled() {
    return true;
}

function connection() {
    connected ??= open();
    return connected;
}

async function open() {
    const client = new StreamingClient('page');
    client.onError((message) => errorListeners.forEach((listener) => listener(message)));
    await client.connect();
    return client;
}
