/* What a client may not do, and what it is told then. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { test } from "node:test";
import WebSocket from "ws";
import { connected, DEADLINE, newSubscription, POD_1, POD_2, subscribed } from "../../support/clients.js";
import { event, eventually } from "../../support/heard.js";
import { publish } from "../../support/serverApi.js";
import { acmeToken, globexToken } from "../../support/tokens.js";

const SUBSCRIPTIONS = [
  ["a channel that does not exist", "nowhere:1", {}, 102],

  ["a channel that is for tokens only", "secret:1", {}, 103],
];

for (const [what, channel, options, code] of SUBSCRIPTIONS) {
  test(`a subscription to ${what} ends with ${code}`, DEADLINE, async (t) => {
    const client = await connected(t, POD_1, { token: acmeToken("alice") });

    assert.equal((await refusal(client, channel, options)).code, code);
    assert.equal(client.state, "connected");
  });
}

test("a subscription to a channel that the server subscribed already ends with 105", DEADLINE, async (t) => {
  const news = `news:${randomUUID()}`;
  const client = await connected(t, POD_1, { token: acmeToken("alice", { channels: [news] }) });

  assert.equal((await refusal(client, news)).code, 105);
});

test("one subscription more than a connection may have ends with 106", DEADLINE, async (t) => {
  // given: two channels are its own
  const client = await connected(t, POD_1, { token: acmeToken("alice") });
  await Promise.all(Array.from({ length: 14 }, (_, number) => subscribed(client, `news:${number}`)));

  // then
  const end = await refusal(client, "news:14");
  assert.equal(end.code, 106);
  assert.match(end.reason, /more than 16 channels/);
});

test("publishing where only the back end publishes is refused", DEADLINE, async (t) => {
  const client = await connected(t, POD_1, { token: acmeToken("alice") });

  await assert.rejects(client.publish("news:today", "fake"), { code: 103 });
});

test("publishing where only subscribers publish needs a subscription that one may have", DEADLINE, async (t) => {
  // given
  const channel = `secret:${randomUUID()}`;
  const caps = [{ channels: ["secret:*"], match: "wildcard", allow: ["pub"] }];
  const outsider = await connected(t, POD_1, { token: acmeToken("alice") });
  const capable = await connected(t, POD_1, { token: acmeToken("alice", { caps }) });

  // then
  await assert.rejects(outsider.publish(channel, 1), { code: 103 });
  assert.deepEqual(await capable.publish(channel, 1), {});
});

test("publishing too often is refused, and the rest arrives", DEADLINE, async (t) => {
  // given
  const channel = `sparing:${randomUUID()}`;
  const client = await connected(t, POD_1, { token: acmeToken("alice") });
  const subscription = await subscribed(client, channel);

  // when
  const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map((number) => subscription.publish(number)));

  // then
  const refusals = outcomes.filter(({ status }) => status === "rejected");
  assert.ok(refusals.length > 0);
  assert.ok(refusals.every(({ reason }) => reason.code === 111 && reason.temporary));
  const arrived = await subscription.heard.atLeast(outcomes.length - refusals.length);
  assert.equal(arrived.length, outcomes.length - refusals.length);
});

test("a remote procedure call is not offered, and a message without an answer is ignored", DEADLINE, async (t) => {
  const client = await connected(t, POD_1, { token: acmeToken("alice") });

  await client.send({ hello: "there" });
  await assert.rejects(client.rpc("sum", [1, 2]), { code: 108 });

  assert.equal(client.state, "connected");
});

test("a message that is too large ends the connection for good", DEADLINE, async (t) => {
  // given
  const client = await connected(t, POD_1, { token: acmeToken("alice") });
  const end = event(client, "disconnected");

  // when
  const outcome = client.publish("user:alice", "x".repeat(70_000)).catch(({ code }) => code);

  // then: the SDK has its own number for the WebSocket's 1009
  assert.deepEqual(await end, { code: 3, reason: "message size limit exceeded" });
  assert.equal(await outcome, 11);
});

test("two tenants have a channel of the same name, and neither hears the other", DEADLINE, async (t) => {
  // given
  const room = `room:${randomUUID()}`;
  const ofAcme = await subscribed(await connected(t, POD_1, { token: acmeToken("alice") }), room);
  const ofGlobex = await subscribed(await connected(t, POD_1, { token: globexToken("alice") }), room);

  // when
  await ofAcme.publish("of acme");
  await ofGlobex.publish("of globex");

  // then
  assert.deepEqual(await data(ofAcme, 1), ["of acme"]);
  assert.deepEqual(await data(ofGlobex, 1), ["of globex"]);
});

test("a client that reads slowly gets the latest value where only that counts", DEADLINE, async (t) => {
  // given
  const ticker = `ticker:${randomUUID()}`;
  const others = await subscribed(await connected(t, POD_2, { token: acmeToken("alice") }), ticker);
  const slow = new WebSocket(POD_1);
  t.after(() => slow.terminate());
  const values = [];
  await once(slow, "open");
  slow.send(JSON.stringify({ id: 1, connect: { token: acmeToken("bob") } }));
  slow.send(JSON.stringify({ id: 2, subscribe: { channel: ticker } }));
  await new Promise((resolve) => {
    slow.on("message", (frame) => {
      for (const line of frame.toString().split("\n")) {
        const { id, push } = JSON.parse(line);
        if (id === 2) {
          resolve();
        } else if (push?.pub) {
          values.push(push.pub.data.number);
        }
      }
    });
  });

  // when
  const count = 400;
  slow.pause();
  for (let number = 1; number <= count; number++) {
    await publish("acme-key", ticker, { number, padding: "x".repeat(50_000) });
  }
  await others.heard.atLeast(count);
  slow.resume();

  // then
  await eventually(
    () => values.at(-1),
    (latest) => latest === count,
  );
  assert.ok(values.length < count, `${values.length} of ${count}`);
  assert.deepEqual(
    values,
    [...values].sort((one, other) => one - other),
  );
});

/** How a subscription ends that was never there. */
async function refusal(client, channel, options = {}) {
  const subscription = newSubscription(client, channel, options);
  const end = event(subscription, "unsubscribed");
  subscription.subscribe();
  return await end;
}

async function data(subscription, count) {
  return (await subscription.heard.atLeast(count)).map((publication) => publication.data);
}
