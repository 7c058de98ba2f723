/*
 * The unmodified centrifuge SDK publishes to Salesforce, over the two relay pods of a stack with a simulated org. The addresses come
 * from the environment: POD_1, POD_2 (WebSocket), API (server API of a pod), API_KEY, SIMULATOR and SIMULATOR_TOKEN; WayBackIT sets
 * them.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connected, DEADLINE, POD_1, POD_2, subscribed } from "../../support/clients.js";
import { eventsOf } from "../../support/salesforceOrg.js";
import { publish } from "../../support/serverApi.js";

const ORDERS = "/event/Order__e";
const { API_KEY } = process.env;

test("what a client publishes is in Salesforce, and comes around to everybody once", DEADLINE, async (t) => {
  // given
  const alice = await subscribed(await connected(t, POD_1), ORDERS);
  const bob = await subscribed(await connected(t, POD_2), ORDERS);

  // when
  await alice.publish({ OrderNumber__c: "1001", Amount__c: 49.9 });

  // then
  const [event] = await eventsOf(ORDERS);
  for (const subscription of [alice, bob]) {
    const [arrived] = await subscription.heard.atLeast(1);
    assert.equal(arrived.data.payload.OrderNumber__c, "1001");
    assert.equal(arrived.data.payload.Amount__c, 49.9);
    assert.equal(arrived.data.payload.Status__c, null);
    assert.equal(arrived.tags.replayId, event.replayId);
  }

  // and when: another one after it
  await bob.publish({ OrderNumber__c: "1002" });

  // then
  for (const subscription of [alice, bob]) {
    const arrived = await subscription.heard.atLeast(2);
    assert.deepEqual(
      arrived.map(({ data }) => data.payload.OrderNumber__c),
      ["1001", "1002"],
    );
  }
});

test("a back end is told the replay id, and with the same key the same one", DEADLINE, async (t) => {
  // given
  const alice = await subscribed(await connected(t, POD_1), ORDERS);
  const order = { OrderNumber__c: "2001" };

  // when
  const first = await publish(API_KEY, ORDERS, order, { idempotency_key: "order-2001" });
  const second = await publish(API_KEY, ORDERS, order, { idempotency_key: "order-2001" });

  // then
  const [arrived] = await alice.heard.atLeast(1);
  assert.equal(arrived.tags.replayId, first.replay_id);
  assert.deepEqual(second, first);
  assert.equal((await eventsOf(ORDERS)).at(-1).replayId, first.replay_id);
});

test("a mistake names the field", DEADLINE, async (t) => {
  const client = await connected(t, POD_1);

  await assert.rejects(client.publish(ORDERS, { Amount__c: "much" }), {
    code: 107,
    message: "bad request: Amount__c: wants a number, not text",
  });
  await assert.rejects(client.publish(ORDERS, { Colour__c: "red" }), {
    code: 107,
    message: "bad request: Colour__c: Order__e has no such field",
  });
});

test("it is off where nobody has switched it on", DEADLINE, async (t) => {
  const client = await connected(t, POD_1);

  await assert.rejects(client.publish("/event/OrderAudit__e", {}), { code: 103 });
  await assert.rejects(client.publish("/data/AccountChangeEvent", {}), { code: 103 });
});

test("a topic that nobody serves is an error at once", DEADLINE, async (t) => {
  const client = await connected(t, POD_1);

  const begin = performance.now();
  await assert.rejects(client.publish("/event/Order__e-not-served", {}), {
    code: 100,
    message: "internal server error: nobody publishes to /event/Order__e-not-served now",
  });
  t.diagnostic(`refused after ${(performance.now() - begin).toFixed(1)} ms`);
});
