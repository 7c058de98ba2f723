/*
 * What Lightning pages load, as it is: c/lightlineConnection and c/lightline, against the two relay pods of a stack. Only Apex is
 * played by the test.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { after, afterEach, beforeEach, test } from "node:test";
import { connected, DEADLINE, Network, POD_1, POD_2, subscribed } from "../../support/clients.js";
import { event, eventually, Heard } from "../../support/heard.js";
import { apex } from "../../support/lwc.js";
import { batch } from "../../support/serverApi.js";

const { API_KEY } = process.env;
const network = new Network();
globalThis.WebSocket = network.webSocket;
apex.set("LightlineTokens.connection", async () => ({ url: POD_2, token: null, expiresIn: 0 }));

const { Connection } = await import("c/lightlineConnection");
const lightline = await import("c/lightline");

/** Commands in one call of the server API. */
const BATCH = 100;

let channel;

beforeEach(() => {
  channel = `chat:${randomUUID()}`;
});

afterEach(() => network.mend());

/** c/lightline's connection lasts as long as its page: until there is no WebSocket any more. */
after(() => {
  globalThis.WebSocket = undefined;
  network.cut();
});

test("who was cut off gets what it missed, in order and once", DEADLINE, async (t) => {
  // given
  const connection = await newConnection(t);
  const subscription = await following(connection, channel);
  await publishAll(1, 3);
  await subscription.heard.atLeast(3);

  // when
  network.cut();
  await publishAll(4, 50);
  const again = event(subscription.emitter, "subscribed");
  network.mend();

  // then
  assert.deepEqual(await again, { wasRecovering: true, recovered: true });
  await publishAll(51, 52);
  assert.deepEqual(numbers(await subscription.heard.atLeast(52)), range(1, 52));
  assert.equal(connection.state, "connected");
});

test("a connection says on which pod it is", DEADLINE, async (t) => {
  const [one, other] = [await newConnection(t, POD_1), await newConnection(t, POD_2)];

  assert.ok(one.client && other.client);
  assert.notEqual(one.node, other.node);
});

test("two subscribers of one channel get what each of them wants", DEADLINE, async (t) => {
  // given
  const connection = await newConnection(t);
  const even = await following(connection, channel, { filter: { key: "kind", cmp: "eq", val: "even" } });
  await publishAll(1, 2);
  await even.heard.atLeast(1);

  // when
  const odd = await following(connection, channel, { filter: { key: "kind", cmp: "eq", val: "odd" } });
  const late = await following(connection, channel, { since: { offset: 0, epoch: even.subscription.position.epoch } });
  await publishAll(3, 6);

  // then
  assert.deepEqual(numbers(await even.heard.atLeast(3)), [2, 4, 6]);
  assert.deepEqual(numbers(await odd.heard.atLeast(2)), [3, 5]);
  assert.deepEqual(numbers(await late.heard.atLeast(6)), range(1, 6));
});

test("people see each other come and go", DEADLINE, async (t) => {
  // given
  const connection = await newConnection(t);
  const emitter = new EventEmitter();
  const [joins, leaves] = [new Heard(emitter, "join"), new Heard(emitter, "leave")];
  await following(connection, channel, {
    joinLeave: true,
    onJoin: (person) => emitter.emit("join", person),
    onLeave: (person) => emitter.emit("leave", person),
  });

  // when
  const other = await connected(t, POD_2);
  const subscription = await subscribed(other, channel);
  const people = await eventually(
    () => connection.presence(channel),
    ({ length }) => length === 2,
  );
  subscription.unsubscribe();

  // then
  const [gone] = await leaves.atLeast(1);
  assert.ok(people.some(({ client }) => client === gone.client));
  assert.ok(joins.all.some(({ client }) => client === gone.client));
});

test("who may not publish is told so", DEADLINE, async (t) => {
  const connection = await newConnection(t);

  await assert.rejects(connection.publish("/data/AccountChangeEvent", {}), { code: 103 });
});

test("a component of empApi's gets what is new, all that there is, or what came after a replay id", DEADLINE, async () => {
  // given
  await publishAll(1, 700);
  const emitter = new EventEmitter();
  const [fresh, all, rest] = ["fresh", "all", "rest"].map((name) => new Heard(emitter, name));
  const tell = (name) => (message) => emitter.emit(name, message);

  // when
  const subscriptions = [
    await lightline.subscribe(channel, -1, tell("fresh")),
    await lightline.subscribe(channel, -2, tell("all")),
    await lightline.subscribe(channel, "r-350", tell("rest")),
  ];
  await publishAll(701, 701);

  // then
  assert.deepEqual(numbers(await all.atLeast(701)), range(1, 701));
  assert.deepEqual(numbers(await rest.atLeast(351)), range(351, 701));
  const [message] = await fresh.atLeast(1);
  assert.equal(message.channel, channel);
  assert.deepEqual(message.data, { number: 701 });
  assert.deepEqual(
    subscriptions.map(({ channel: subscribedTo, replayId }) => [subscribedTo, replayId]),
    [
      [channel, -1],
      [channel, -2],
      [channel, "r-350"],
    ],
  );
  for (const subscription of subscriptions) {
    assert.equal((await lightline.unsubscribe(subscription, () => {})).successful, true);
  }
});

test("a component of empApi's that begins behind thousands of messages gets all of them", DEADLINE, async () => {
  // given: more than a relay sends with one reply
  await publishAll(1, 1);
  await publishAll(2, 1000, "x".repeat(3_000));
  const emitter = new EventEmitter();
  const all = new Heard(emitter, "message");

  // when
  const subscription = await lightline.subscribe(channel, -2, (message) => emitter.emit("message", message));

  // then
  assert.deepEqual(numbers(await all.atLeast(1000)), range(1, 1000));
  await lightline.unsubscribe(subscription);
});

async function newConnection(t, url = POD_1) {
  const connection = new Connection({ url });
  t.after(() => connection.close());
  await connection.connect();
  return connection;
}

/** A subscription that is there already, with what it has heard. */
async function following(connection, name, options = {}) {
  const emitter = new EventEmitter();
  const heard = new Heard(emitter, "publication");
  const there = event(emitter, "subscribed");
  const subscription = connection.subscribe(name, {
    ...options,
    onPublication: (publication) => emitter.emit("publication", publication),
    onState: (state, detail) => emitter.emit(state, detail),
  });
  await there;
  return { subscription, emitter, heard };
}

async function publishAll(first, last, text) {
  const commands = range(first, last).map((number) => {
    const tags = { kind: number % 2 ? "odd" : "even", replayId: `r-${number}` };
    return { publish: { channel, data: { number, text }, tags } };
  });
  while (commands.length) {
    await batch(API_KEY, commands.splice(0, BATCH));
  }
}

function numbers(publications) {
  return publications.map(({ data }) => data.number);
}

function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
