/*
 * The unmodified centrifuge SDK against the two relay pods of a stack. The addresses come from the environment: POD_1, POD_2
 * (WebSocket), API (server API of a pod) and API_KEY; CentrifugeSdkIT sets them.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { beforeEach, test } from "node:test";
import { connected, DEADLINE, Network, POD_1, POD_2, subscribed } from "../../support/clients.js";
import { event } from "../../support/heard.js";
import { publish } from "../../support/serverApi.js";

const { API_KEY } = process.env;

let channel;

beforeEach(() => {
  channel = `chat:${randomUUID()}`;
});

test("a message published on one pod arrives on the other", DEADLINE, async (t) => {
  // given
  const alice = await subscribed(await connected(t, POD_1), channel);
  const bob = await subscribed(await connected(t, POD_2), channel);

  // when
  await alice.publish({ text: "hello" });

  // then
  const [arrived] = await bob.heard.atLeast(1);
  assert.deepEqual(arrived.data, { text: "hello" });
});

test("a client whose sockets break gets the 50 messages that it missed, in order", DEADLINE, async (t) => {
  // given
  const network = new Network();
  const alice = await subscribed(await connected(t, POD_1, { websocket: network.webSocket }), channel);
  await publish(API_KEY, channel, { number: 0 });
  await alice.heard.atLeast(1);

  // when
  network.cut();
  for (let number = 1; number <= 50; number++) {
    await publish(API_KEY, channel, { number });
  }
  const resumed = event(alice, "subscribed");
  network.mend();

  // then
  const context = await resumed;
  assert.equal(context.wasRecovering, true);
  assert.equal(context.recovered, true);
  const arrived = await alice.heard.atLeast(51);
  assert.deepEqual(
    arrived.map(({ data }) => data.number),
    Array.from({ length: 51 }, (_, number) => number),
  );
  assert.deepEqual(
    arrived.map(({ offset }) => offset),
    Array.from({ length: 51 }, (_, index) => index + 1),
  );
});
