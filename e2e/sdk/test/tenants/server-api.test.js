/* What a back end asks of one pod, done to clients on both. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { beforeEach, test } from "node:test";
import { connected, DEADLINE, idOf, newClient, POD_1, POD_2, refused, subscribed } from "../../support/clients.js";
import { event, eventually, Heard } from "../../support/heard.js";
import { call, publish } from "../../support/serverApi.js";
import { acmeToken, globexToken, inSeconds } from "../../support/tokens.js";

const KEY = "acme-key";

let room;
let user;

beforeEach(() => {
  room = `room:${randomUUID()}`;
  user = `user-${randomUUID()}`;
});

test("a user is put on a channel on both pods, hears it, and is taken from it", DEADLINE, async (t) => {
  // given
  const clients = await onBothPods(t);
  const publications = clients.map((client) => new Heard(client, "publication"));
  const arrivals = clients.map((client) => event(client, "subscribed", ({ channel }) => channel === room));

  // when
  await call(KEY, "subscribe", { user, channel: room, data: { seat: 7 }, info: { role: "guest" } });

  // then
  for (const { data } of await Promise.all(arrivals)) {
    assert.deepEqual(data, { seat: 7 });
  }
  const { presence } = await eventually(
    () => call(KEY, "presence", { channel: room }),
    ({ presence }) => Object.keys(presence).length === 2,
  );
  assert.deepEqual(presence[idOf(clients[0])].chan_info, { role: "guest" });
  assert.deepEqual(await call(KEY, "presence_stats", { channel: room }), { num_clients: 2, num_users: 1 });
  await publish(KEY, room, "hello");
  for (const heard of publications) {
    const [publication] = await heard.atLeast(1);
    assert.equal(publication.data, "hello");
  }

  // and when
  const departures = clients.map((client) => event(client, "unsubscribed", ({ channel }) => channel === room));
  await call(KEY, "unsubscribe", { user, channel: room });

  // then
  await Promise.all(departures);
  await eventually(
    () => call(KEY, "presence_stats", { channel: room }),
    ({ num_clients }) => num_clients === 0,
  );
});

test("a user's clients are sent away from both pods, but for one, and no namesake's", DEADLINE, async (t) => {
  // given
  const [first, second] = await onBothPods(t);
  const spared = await connected(t, POD_1, { token: acmeToken(user) });
  const namesake = await connected(t, POD_1, { token: globexToken(user) });
  const ends = [first, second].map((client) => event(client, "disconnected"));

  // when
  await call(KEY, "disconnect", { user, client: idOf(namesake) });
  await call(KEY, "disconnect", { user, whitelist: [idOf(spared)] });

  // then
  for (const { code, reason } of await Promise.all(ends)) {
    assert.deepEqual({ code, reason }, { code: 3503, reason: "force disconnect" });
  }
  await spared.publish(`user:${user}`, "still there");
  assert.equal(namesake.state, "connected");
});

test("clients that are told to reconnect come back", DEADLINE, async (t) => {
  // given
  const clients = await onBothPods(t);
  const before = clients.map(idOf);
  const ends = clients.map((client) => event(client, "connecting", ({ code }) => code === 3011));

  // when
  await call(KEY, "disconnect", { user, disconnect: { code: 3011, reason: "force reconnect" } });

  // then
  await Promise.all(ends);
  await Promise.all(clients.map((client) => client.ready()));
  clients.forEach((client, i) => assert.notEqual(idOf(client), before[i]));
});

test("connections end when they are told to, and their clients come back", DEADLINE, async (t) => {
  // given
  const clients = await onBothPods(t);
  const expired = (client) => event(client, "connecting", ({ code }) => code === 3005);
  const ends = clients.map(expired);

  // when
  await call(KEY, "refresh", { user, expire_at: inSeconds(2) });

  // then: after the grace that the configuration gives, as this SDK takes no notice of what it is told before
  await Promise.all(ends);
  await Promise.all(clients.map((client) => client.ready()));

  // and when
  const endsNow = clients.map(expired);
  await call(KEY, "refresh", { user, expired: true });

  // then
  await Promise.all(endsNow);
  await Promise.all(clients.map((client) => client.ready()));
});

test("a user is locked out of both pods until there is a newer token", DEADLINE, async (t) => {
  // given
  const old = acmeToken(user, { iat: inSeconds(-60) });
  const clients = await onBothPods(t, old);
  const ends = clients.map((client) => event(client, "disconnected"));

  // when
  await call(KEY, "invalidate_user_tokens", { user, issued_before: inSeconds(-30) });

  // then
  for (const { code, reason } of await Promise.all(ends)) {
    assert.deepEqual({ code, reason }, { code: 4504, reason: "token revoked" });
  }
  for (const pod of [POD_1, POD_2]) {
    assert.equal((await refused(newClient(t, pod, { token: old }))).code, 4504);
    await connected(t, pod, { token: acmeToken(user, { iat: inSeconds(0) }) });
  }
});

test("channels and clients of both pods are added up, those of others are not", DEADLINE, async (t) => {
  // given
  const clients = await onBothPods(t);
  for (const client of clients) {
    await subscribed(client, room);
  }
  await subscribed(clients[0], `${room}:side`);
  await subscribed(await connected(t, POD_1, { token: globexToken(user) }), room);

  // then
  const { channels, missing_nodes } = await call(KEY, "channels", { pattern: `${room}*` });
  assert.deepEqual(channels, { [room]: { num_clients: 2 }, [`${room}:side`]: { num_clients: 1 } });
  assert.equal(missing_nodes, undefined);

  // and
  const { nodes } = await call(KEY, "info", {});
  assert.deepEqual(nodes.map(({ name }) => name).sort(), ["tenants-1", "tenants-2"]);
  for (const { num_clients, num_subs } of nodes) {
    assert.ok(num_clients >= 1 && num_subs >= 1, JSON.stringify(nodes));
  }
});

async function onBothPods(t, token = acmeToken(user)) {
  return await Promise.all([POD_1, POD_2].map((pod) => connected(t, pod, { token })));
}
