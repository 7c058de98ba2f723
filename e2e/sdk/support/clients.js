import { Centrifuge } from "centrifuge";
import WebSocket from "ws";
import { event, Heard } from "./heard.js";

export const { POD_1, POD_2 } = process.env;

/** What every test has: nothing here waits for ever. */
export const DEADLINE = { timeout: 30_000 };

const ids = new WeakMap();

/** The SDK as it is, in more of a hurry than by default; disconnected when the test is over. `Sdk`: another build of it. */
export function newClient(t, pod, { Sdk = Centrifuge, ...options } = {}) {
  const client = new Sdk(pod, {
    websocket: WebSocket,
    minReconnectDelay: 50,
    maxReconnectDelay: 200,
    ...options,
  });
  client.on("connected", (context) => ids.set(client, context.client));
  t.after(() => client.disconnect());
  return client;
}

/** The id that the relay has given to a client's connection. */
export function idOf(client) {
  return ids.get(client);
}

/** A client that is connected already. */
export async function connected(t, pod, options = {}) {
  const client = newClient(t, pod, options);
  client.connect();
  await client.ready();
  return client;
}

/** A subscription that is there already, and its publications so far. */
export async function subscribed(client, channel, options = {}) {
  const subscription = newSubscription(client, channel, options);
  subscription.subscribe();
  await subscription.ready();
  return subscription;
}

/** A subscription that nobody has asked for yet, with its publications as `heard`. */
export function newSubscription(client, channel, options = {}) {
  const subscription = client.newSubscription(channel, {
    minResubscribeDelay: 50,
    maxResubscribeDelay: 200,
    ...options,
  });
  subscription.heard = new Heard(subscription, "publication");
  return subscription;
}

/** How the attempt ends that a client gives up. */
export async function refused(client) {
  const end = event(client, "disconnected");
  client.connect();
  return await end;
}

/** A WebSocket class whose sockets say that they belong to a page of this origin, as a browser's do. */
export function fromOrigin(origin) {
  return class extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols, { origin });
    }
  };
}

/** The sockets of one client: all can be broken at once, and no new one comes about until the network is mended. */
export class Network {
  #sockets = new Set();
  #isCut = false;

  get webSocket() {
    const network = this;
    return class extends WebSocket {
      constructor(url, ...others) {
        super(network.#isCut ? "ws://127.0.0.1:9/" : url, ...others);
        network.#sockets.add(this);
        this.once("close", () => network.#sockets.delete(this));
      }
    };
  }

  cut() {
    this.#isCut = true;
    for (const socket of this.#sockets) {
      socket.terminate();
    }
  }

  mend() {
    this.#isCut = false;
  }
}
