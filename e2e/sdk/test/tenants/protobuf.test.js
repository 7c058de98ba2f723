/* The SDK's build for protobuf: what CentrifugeJavaIT does not do, because the SDK for Java has no words for it. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Centrifuge as Sdk } from "centrifuge/build/protobuf";
import { connected, DEADLINE, Network, newClient, newSubscription, POD_1, POD_2, subscribed } from "../../support/clients.js";
import { event, Heard } from "../../support/heard.js";
import { publish } from "../../support/serverApi.js";
import { acmeSubscriptionToken, acmeToken, inSeconds, tokenSource } from "../../support/tokens.js";

test("a subscriber gets what passes its filter, with its tags", DEADLINE, async (t) => {
  // given
  const news = `news:${randomUUID()}`;
  const client = await connected(t, POD_1, { Sdk, token: acmeToken("alice") });
  const tagsFilter = {
    op: "and",
    nodes: [
      { key: "ticker", cmp: "in", vals: ["ACME", "HOOLI"] },
      { op: "not", nodes: [{ key: "data.price", cmp: "lt", val: "20" }] },
    ],
  };
  const subscription = await subscribed(client, news, { tagsFilter });

  // when
  await publish("acme-key", news, { price: 10 }, { tags: { ticker: "ACME" } });
  await publish("acme-key", news, { price: 20 }, { tags: { ticker: "GLOBEX" } });
  await publish("acme-key", news, { price: 30 }, { tags: { ticker: "HOOLI" } });

  // then
  const [publication] = await subscription.heard.atLeast(1);
  assert.deepEqual(json(publication.data), { price: 30 });
  assert.deepEqual({ ...publication.tags }, { ticker: "HOOLI" });
});

test("a filter that makes no sense is refused", DEADLINE, async (t) => {
  // given
  const client = await connected(t, POD_1, { Sdk, token: acmeToken("alice") });
  const subscription = newSubscription(client, "news:x", { tagsFilter: { key: "ticker", cmp: "like", val: "A" } });
  const end = event(subscription, "unsubscribed");

  // when
  subscription.subscribe();

  // then
  const { code, reason } = await end;
  assert.equal(code, 107);
  assert.match(reason, /unknown cmp 'like'/);
});

test("tokens of the connection and of a subscription are renewed, and both stay", DEADLINE, async (t) => {
  // given
  const channel = `secret:${randomUUID()}`;
  const connections = tokenSource(() => acmeToken("alice", { exp: inSeconds(3) }));
  const subscriptions = tokenSource(() => acmeSubscriptionToken("alice", channel, { exp: inSeconds(3) }));
  const client = newClient(t, POD_1, { Sdk, getToken: connections.getToken });
  const states = new Heard(client, "state");
  client.connect();
  const subscription = newSubscription(client, channel, { getToken: subscriptions.getToken });
  const ends = new Heard(subscription, "subscribing");
  subscription.subscribe();
  await subscription.ready();

  // when: the first two have ended, with what is tolerated after that
  await connections.fetched.atLeast(4);
  await subscriptions.fetched.atLeast(4);
  await publish("acme-key", channel, "still here");

  // then
  const [publication] = await subscription.heard.atLeast(1);
  assert.equal(json(publication.data), "still here");
  assert.deepEqual(
    states.all.map(({ newState }) => newState),
    ["connecting", "connected"],
  );
  assert.equal(ends.all.length, 1);
});

test("who was away gets what was sent to it meanwhile", DEADLINE, async (t) => {
  // given
  const [alice, bob] = [randomUUID(), randomUUID()];
  const network = new Network();
  const receiver = await connected(t, POD_1, { Sdk, token: acmeToken(bob), websocket: network.webSocket });
  const heard = new Heard(receiver, "publication");
  const sender = await connected(t, POD_2, { Sdk, token: acmeToken(alice) });
  await sender.publish(`user:${bob}`, bytes(1));
  await heard.atLeast(1);

  // when
  network.cut();
  await sender.publish(`user:${bob}`, bytes(2));
  await sender.publish(`user:${bob}`, bytes(3));
  const resumed = event(receiver, "subscribed", ({ channel }) => channel === `user:${bob}`);
  network.mend();

  // then
  const { wasRecovering, recovered } = await resumed;
  assert.deepEqual({ wasRecovering, recovered }, { wasRecovering: true, recovered: true });
  assert.deepEqual(
    (await heard.atLeast(3)).map(({ data }) => json(data)),
    [1, 2, 3],
  );
});

function bytes(value) {
  return Buffer.from(JSON.stringify(value));
}

function json(utf8) {
  return JSON.parse(Buffer.from(utf8).toString());
}
