/* Who is on a channel, asked and told on both pods. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { beforeEach, test } from "node:test";
import { connected, DEADLINE, idOf, Network, POD_1, POD_2, subscribed } from "../../support/clients.js";
import { eventually, Heard } from "../../support/heard.js";
import { acmeSubscriptionToken, acmeToken } from "../../support/tokens.js";

let room;

beforeEach(() => {
  room = `room:${randomUUID()}`;
});

test("presence names everybody on the channel, on whichever pod", DEADLINE, async (t) => {
  // given
  const alice = await newcomer(t, POD_1, "alice", { token: acmeToken("alice", { info: { name: "Alice" } }) });
  const bob = await newcomer(t, POD_2, "bob", {
    subscription: { token: acmeSubscriptionToken("bob", room, { info: { desk: 7 } }) },
  });

  // when
  const { clients } = await eventually(
    () => alice.subscription.presence(),
    ({ clients }) => Object.keys(clients).length === 2,
  );

  // then
  assert.equal(clients[alice.id].user, "alice");
  assert.deepEqual(clients[alice.id].connInfo, { name: "Alice" });
  assert.equal(clients[bob.id].user, "bob");
  assert.deepEqual(clients[bob.id].chanInfo, { desk: 7 });
});

test("presence stats count clients and users of both pods", DEADLINE, async (t) => {
  // given
  const alice = await newcomer(t, POD_1, "alice");
  await newcomer(t, POD_2, "alice");
  await newcomer(t, POD_2, "bob");

  // then
  await eventually(
    () => alice.subscription.presenceStats(),
    ({ numClients, numUsers }) => numClients === 3 && numUsers === 2,
  );
});

test("who asks for it hears on one pod who comes to and leaves the other", DEADLINE, async (t) => {
  // given
  const alice = await newcomer(t, POD_1, "alice", { subscription: { joinLeave: true } });
  const joins = new Heard(alice.subscription, "join");
  const leaves = new Heard(alice.subscription, "leave");
  const others = ({ info }) => info.user !== "alice";

  // when
  const bob = await newcomer(t, POD_2, "bob");
  await eventually(
    () => joins.all.filter(others),
    ({ length }) => length === 1,
  );
  bob.subscription.unsubscribe();

  // then
  await leaves.atLeast(1);
  const info = { client: bob.id, user: "bob" };
  assert.deepEqual(joins.all.filter(others), [{ channel: room, info }]);
  assert.deepEqual(leaves.all, [{ channel: room, info }]);
});

test("a client whose socket breaks has left", DEADLINE, async (t) => {
  // given
  const network = new Network();
  const alice = await newcomer(t, POD_1, "alice", { subscription: { joinLeave: true } });
  const leaves = new Heard(alice.subscription, "leave");
  const bob = await newcomer(t, POD_2, "bob", { websocket: network.webSocket });

  // when
  network.cut();

  // then
  const [left] = await leaves.atLeast(1);
  assert.deepEqual(left.info, { client: bob.id, user: "bob" });
});

test("who does not ask for it hears nothing of who comes", DEADLINE, async (t) => {
  // given
  const quiet = await newcomer(t, POD_1, "alice");
  const curious = await newcomer(t, POD_1, "alice", { subscription: { joinLeave: true } });
  const heardByQuiet = new Heard(quiet.subscription, "join");
  const heardByCurious = new Heard(curious.subscription, "join");

  // when
  await newcomer(t, POD_2, "bob");
  await eventually(
    () => heardByCurious.all,
    (all) => all.some(({ info }) => info.user === "bob"),
  );
  await curious.subscription.publish("after that");

  // then
  await quiet.subscription.heard.atLeast(1);
  assert.deepEqual(heardByQuiet.all, []);
});

test("presence of a channel where nobody is counted is refused", DEADLINE, async (t) => {
  const client = await connected(t, POD_1, { token: acmeToken("alice") });
  const news = await subscribed(client, "news:today");

  await assert.rejects(news.presence(), { code: 108 });
});

/** A client that is on the room already, with that subscription. */
async function newcomer(t, pod, user, { subscription: options = {}, ...clientOptions } = {}) {
  const client = await connected(t, pod, { token: acmeToken(user), ...clientOptions });
  const subscription = await subscribed(client, room, options);
  return { id: idOf(client), subscription };
}
