/*
 * The unmodified centrifuge SDK against two relay pods. The addresses come from the environment: POD_1, POD_2 (WebSocket),
 * PUBLISH (server API of a pod) and API_KEY; CentrifugeSdkIT sets them.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { afterEach, beforeEach, test } from "node:test";
import { Centrifuge } from "centrifuge";
import WebSocket from "ws";

const { POD_1, POD_2, PUBLISH, API_KEY } = process.env;
const DEADLINE = { timeout: 30_000 };

let channel;
let clients;

beforeEach(() => {
  channel = `chat:${randomUUID()}`;
  clients = [];
});

afterEach(() => {
  for (const client of clients) {
    client.disconnect();
  }
});

test("a message published on one pod arrives on the other", DEADLINE, async () => {
  // given
  const alice = await subscriber(POD_1);
  const bob = await subscriber(POD_2);

  // when
  await alice.publish({ text: "hello" });

  // then
  const arrived = await bob.next(1);
  assert.deepEqual(arrived[0].data, { text: "hello" });
});

test("a client whose sockets break gets the 50 messages that it missed, in order", DEADLINE, async () => {
  // given
  const network = new Network();
  const alice = await subscriber(POD_1, network);
  await publish({ number: 0 });
  await alice.next(1);

  // when
  network.cut();
  for (let number = 1; number <= 50; number++) {
    await publish({ number });
  }
  const resumed = once(alice, "subscribed");
  network.mend();

  // then
  const [context] = await resumed;
  assert.equal(context.wasRecovering, true);
  assert.equal(context.recovered, true);
  const arrived = await alice.next(51);
  assert.deepEqual(
    arrived.map(({ data }) => data.number),
    Array.from({ length: 51 }, (_, number) => number),
  );
  assert.deepEqual(
    arrived.map(({ offset }) => offset),
    Array.from({ length: 51 }, (_, index) => index + 1),
  );
});

test("history and unsubscribe answer as the SDK expects", DEADLINE, async () => {
  // given
  const alice = await subscriber(POD_1);
  await alice.publish({ number: 1 });
  await alice.publish({ number: 2 });
  await alice.next(2);

  // when
  const history = await alice.history({ limit: 1, reverse: true });
  alice.unsubscribe();

  // then
  assert.equal(history.offset, 2);
  assert.deepEqual(history.publications.map(({ data }) => data), [{ number: 2 }]);
});

/** Connects to a pod and returns the subscription to the test's channel, with next(n) beside the SDK's own methods. */
async function subscriber(pod, network = new Network()) {
  const client = new Centrifuge(pod, {
    websocket: network.webSocket,
    minReconnectDelay: 50,
    maxReconnectDelay: 200,
  });
  clients.push(client);
  const subscription = client.newSubscription(channel);
  const publications = [];
  const arrivals = new EventTarget();
  subscription.on("publication", (publication) => {
    publications.push(publication);
    arrivals.dispatchEvent(new Event("arrival"));
  });
  subscription.next = async (count) => {
    while (publications.length < count) {
      await once(arrivals, "arrival");
    }
    return publications;
  };
  subscription.subscribe();
  client.connect();
  await subscription.ready();
  return subscription;
}

/** Publishes through a pod's server API. */
async function publish(data) {
  const response = await fetch(PUBLISH, {
    method: "POST",
    headers: { "X-API-Key": API_KEY, "Content-Type": "application/json" },
    body: JSON.stringify({ channel, data }),
  });
  const answer = await response.json();
  assert.ok(answer.result, JSON.stringify(answer));
}

/** The sockets of one client: all can be broken at once, and no new one comes about until the network is mended. */
class Network {
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
