/* What a channel keeps: read on demand, and handed to who comes back. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { beforeEach, test } from "node:test";
import { connected, DEADLINE, Network, newSubscription, POD_1, POD_2, subscribed } from "../../support/clients.js";
import { event } from "../../support/heard.js";
import { publish } from "../../support/serverApi.js";
import { acmeToken } from "../../support/tokens.js";

let room;
let price;

beforeEach(() => {
  room = `room:${randomUUID()}`;
  price = `price:${randomUUID()}`;
});

test("history is read forwards and backwards, from a position, in pages", DEADLINE, async (t) => {
  // given
  const { epoch } = await published(room, [1, 2, 3, 4, 5]);
  const subscription = await subscribed(await client(t, POD_1), room);
  const read = async (options) => (await subscription.history(options)).publications.map(({ data }) => data);

  // then
  assert.deepEqual(await read({ limit: -1 }), [1, 2, 3, 4, 5]);
  assert.deepEqual(await read({ limit: 2 }), [1, 2]);
  assert.deepEqual(await read({ limit: 2, since: { offset: 2, epoch } }), [3, 4]);
  assert.deepEqual(await read({ limit: 2, reverse: true }), [5, 4]);
  assert.deepEqual(await read({ limit: 2, reverse: true, since: { offset: 4, epoch } }), [3, 2]);
  assert.deepEqual(await subscription.history({ limit: 0 }), { publications: [], offset: 5, epoch });
});

test("history says who published, and with which tags", DEADLINE, async (t) => {
  // given
  const subscription = await subscribed(await client(t, POD_1), room);
  await subscription.publish("from alice");
  await publish("acme-key", room, "from the back end", { tags: { region: "emea" } });

  // when
  const { publications } = await subscription.history({ limit: 10 });

  // then
  assert.equal(publications[0].info.user, "alice");
  assert.deepEqual(publications[1].tags, { region: "emea" });
  assert.deepEqual(await subscription.heard.atLeast(2), publications);
});

test("history after a position of another life of the channel is refused", DEADLINE, async (t) => {
  const subscription = await subscribed(await client(t, POD_1), room);

  await assert.rejects(subscription.history({ limit: 1, since: { offset: 1, epoch: "long ago" } }), { code: 112 });
});

test("history of a channel that keeps none is refused", DEADLINE, async (t) => {
  const subscription = await subscribed(await client(t, POD_1), "news:today");

  await assert.rejects(subscription.history({ limit: 1 }), { code: 108 });
});

test("who remembers its position gets what it missed from the other pod", DEADLINE, async (t) => {
  // given
  const since = await published(room, [1]);
  await published(room, [2, 3]);
  const subscription = newSubscription(await client(t, POD_2), room, { since });
  const start = event(subscription, "subscribed");

  // when
  subscription.subscribe();

  // then
  const { wasRecovering, recovered } = await start;
  assert.deepEqual({ wasRecovering, recovered }, { wasRecovering: true, recovered: true });
  assert.deepEqual(data(await subscription.heard.atLeast(2)), [2, 3]);
});

test("who remembers a position that is gone is told so, and gets what follows", DEADLINE, async (t) => {
  // given
  await published(room, [1, 2]);
  const since = { offset: 1, epoch: "long ago" };
  const subscription = newSubscription(await client(t, POD_2), room, { since });
  const start = event(subscription, "subscribed");

  // when
  subscription.subscribe();
  const { wasRecovering, recovered } = await start;
  await published(room, [3]);

  // then
  assert.deepEqual({ wasRecovering, recovered }, { wasRecovering: true, recovered: false });
  assert.deepEqual(data(await subscription.heard.atLeast(1)), [3]);
});

test("who comes to a channel of latest values has the latest at once", DEADLINE, async (t) => {
  // given
  await published(price, [1, 2, 3]);

  // when
  const subscription = await subscribed(await client(t, POD_1), price);

  // then
  assert.deepEqual(data(await subscription.heard.atLeast(1)), [3]);
});

test("who comes back to a channel of latest values gets the latest only", DEADLINE, async (t) => {
  // given
  const network = new Network();
  const subscription = await subscribed(await client(t, POD_1, { websocket: network.webSocket }), price);
  await published(price, [1]);
  await subscription.heard.atLeast(1);

  // when
  network.cut();
  await published(price, [2, 3, 4]);
  const resumed = event(subscription, "subscribed");
  network.mend();

  // then
  assert.equal((await resumed).recovered, true);
  assert.deepEqual(data(await subscription.heard.atLeast(2)), [1, 4]);
});

test("who loads its state by itself gets what has been published since", DEADLINE, async (t) => {
  // given
  const position = await published(room, [1, 2]);
  await published(room, [3]);

  // when
  const subscription = await subscribed(await client(t, POD_1), room, { getState: async () => position });

  // then
  assert.deepEqual(data(await subscription.heard.atLeast(1)), [3]);
});

test("who would take differences gets whole publications", DEADLINE, async (t) => {
  // given
  const subscription = await subscribed(await client(t, POD_1), room, { delta: "fossil" });

  // when
  await published(room, [{ price: 10 }, { price: 11 }]);

  // then
  assert.deepEqual(data(await subscription.heard.atLeast(2)), [{ price: 10 }, { price: 11 }]);
});

async function client(t, pod, options = {}) {
  return await connected(t, pod, { token: acmeToken("alice"), ...options });
}

/** Publishes one after the other; returns the last one's position. */
async function published(channel, all) {
  let position;
  for (const one of all) {
    position = await publish("acme-key", channel, one);
  }
  return position;
}

function data(publications) {
  return publications.map((publication) => publication.data);
}
