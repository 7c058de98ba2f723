/* Subscriptions that a client does not ask for: those of its token, and the channels that are its own. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { connected, DEADLINE, idOf, Network, newClient, POD_1, POD_2, refused } from "../../support/clients.js";
import { event, Heard } from "../../support/heard.js";
import { publish } from "../../support/serverApi.js";
import { acmeToken } from "../../support/tokens.js";

test("a token subscribes its client from the start", DEADLINE, async (t) => {
  // given
  const news = `news:${randomUUID()}`;
  const secret = `secret:${randomUUID()}`;
  const filter = { key: "region", cmp: "eq", val: "emea" };
  const claims = { channels: [news], subs: { [secret]: { data: { color: "green" }, filter } } };
  const client = newClient(t, POD_1, { token: acmeToken(newUser(), claims) });
  const starts = new Heard(client, "subscribed");
  const heard = new Heard(client, "publication");

  // when
  client.connect();
  await client.ready();
  await publish("acme-key", secret, 1, { tags: { region: "apac" } });
  await publish("acme-key", secret, 2, { tags: { region: "emea" } });
  await publish("acme-key", news, 3);

  // then
  const arrived = await heard.atLeast(2);
  assert.deepEqual(new Map(arrived.map(({ channel, data }) => [channel, data])), new Map([[secret, 2], [news, 3]]));
  assert.deepEqual(starts.all.find(({ channel }) => channel === secret).data, { color: "green" });
});

test("a token that names a channel that does not exist lets nobody in", DEADLINE, async (t) => {
  const client = newClient(t, POD_1, { token: acmeToken(newUser(), { channels: ["nowhere:1"] }) });

  assert.deepEqual(await refused(client), { code: 102, reason: "unknown channel: nowhere:1" });
});

test("what a user is sent arrives in every window of it, on both pods, and nowhere else", DEADLINE, async (t) => {
  // given
  const [alice, bob, carol] = [newUser(), newUser(), newUser()];
  const windows = [await connectedAs(t, POD_1, bob), await connectedAs(t, POD_2, bob)];
  const sender = await connectedAs(t, POD_1, alice);
  const bystander = await connectedAs(t, POD_2, carol);

  // when
  await sender.client.publish(`user:${bob}`, { text: "lunch?" });

  // then
  for (const window of windows) {
    const [message] = await window.heard.atLeast(1);
    assert.equal(message.channel, `user:${bob}`);
    assert.equal(message.info.user, alice);
    assert.deepEqual(message.data, { text: "lunch?" });
  }
  await sender.client.publish(`user:${carol}`, "the only one for carol");
  assert.deepEqual(
    (await bystander.heard.atLeast(1)).map(({ data }) => data),
    ["the only one for carol"],
  );
});

test("one window is answered through its own channel, and the user's other window is not", DEADLINE, async (t) => {
  // given
  const bob = newUser();
  const window = await connectedAs(t, POD_1, bob);
  const otherWindow = await connectedAs(t, POD_2, bob);
  const alice = await connectedAs(t, POD_2, newUser());

  // when
  await alice.client.publish(`client:${idOf(window.client)}`, "for this window");
  await alice.client.publish(`user:${bob}`, "for both");

  // then
  assert.deepEqual(data(await window.heard.atLeast(2)), ["for this window", "for both"]);
  assert.deepEqual(data(await otherWindow.heard.atLeast(1)), ["for both"]);
});

test("nobody can listen to another one's channel", DEADLINE, async (t) => {
  // given
  const { client } = await connectedAs(t, POD_1, newUser());
  const subscription = client.newSubscription(`user:${newUser()}`);
  const end = event(subscription, "unsubscribed");

  // when
  subscription.subscribe();

  // then
  assert.equal((await end).code, 103);
});

test("who was away gets what was sent to it meanwhile", DEADLINE, async (t) => {
  // given
  const [alice, bob] = [newUser(), newUser()];
  const network = new Network();
  const receiver = await connectedAs(t, POD_1, bob, { websocket: network.webSocket });
  const sender = await connectedAs(t, POD_2, alice);
  await sender.client.publish(`user:${bob}`, 1);
  await receiver.heard.atLeast(1);
  const formerId = idOf(receiver.client);

  // when
  network.cut();
  await sender.client.publish(`user:${bob}`, 2);
  await sender.client.publish(`user:${bob}`, 3);
  const resumed = event(receiver.client, "subscribed", ({ channel }) => channel === `user:${bob}`);
  const ended = event(receiver.client, "unsubscribed");
  network.mend();

  // then
  const { wasRecovering, recovered } = await resumed;
  assert.deepEqual({ wasRecovering, recovered }, { wasRecovering: true, recovered: true });
  assert.deepEqual(data(await receiver.heard.atLeast(3)), [1, 2, 3]);
  assert.deepEqual(await ended, { channel: `client:${formerId}` });
});

test("a client with channels of its own goes on to talk", DEADLINE, async (t) => {
  const { client } = await connectedAs(t, POD_1, newUser());
  const room = client.newSubscription(`room:${randomUUID()}`);
  const heard = new Heard(room, "publication");
  room.subscribe();
  await room.ready();

  await Promise.all([1, 2, 3].map((number) => room.publish(number)));

  assert.deepEqual(data(await heard.atLeast(3)), [1, 2, 3]);
});

function newUser() {
  return randomUUID();
}

async function connectedAs(t, pod, user, options = {}) {
  const client = await connected(t, pod, { token: acmeToken(user), ...options });
  return { client, heard: new Heard(client, "publication") };
}

function data(publications) {
  return publications.map((publication) => publication.data);
}
