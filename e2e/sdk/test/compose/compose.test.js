/*
 * The containers of docker-compose.yml, from outside: everything goes through the gateway's TLS. scripts/test-compose starts them, and sets
 * GATEWAY (WebSocket), API and API_KEY (server API), SIMULATOR and SIMULATOR_TOKEN; `docker` on the PATH is the engine that they run on.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { connected, subscribed } from "../../support/clients.js";
import { containers, docker, inspected } from "../../support/docker.js";
import { eventually, Heard } from "../../support/heard.js";
import { RawClient } from "../../support/rawClient.js";
import { create } from "../../support/salesforceOrg.js";
import { publish } from "../../support/serverApi.js";

const { API, API_KEY, GATEWAY } = process.env;
const ORDERS = "/event/Order__e";
const LIMIT = { timeout: 120_000 };
const CLIENTS = 40;
const PUBLICATIONS = 200;

/** One client on each of the two pods: the gateway gives a new connection to the pod that has fewer. */
async function onTwoPods(t) {
  const alice = await RawClient.connected(t, GATEWAY);
  const bob = await eventually(
    () => RawClient.connected(t, GATEWAY),
    ({ node }) => node !== alice.node,
  );
  return [alice, bob];
}

test("a message goes from one pod to the other, by one address", LIMIT, async (t) => {
  // given
  const [alice, bob] = await onTwoPods(t);
  const channel = `chat:${randomUUID()}`;
  await bob.ask({ subscribe: { channel } });

  // when
  await alice.ask({ publish: { channel, data: { text: "hello" } } });

  // then
  assert.deepEqual(await bob.hears(channel, () => true), { text: "hello" });
});

test("an event of the simulated org arrives on both pods", LIMIT, async (t) => {
  // given
  const clients = await onTwoPods(t);
  for (const client of clients) {
    await client.ask({ subscribe: { channel: ORDERS } });
  }

  // when
  const number = randomUUID();
  await create("Order__e", { OrderNumber__c: number });

  // then
  for (const client of clients) {
    await client.hears(ORDERS, ({ payload }) => payload.OrderNumber__c === number);
  }
});

test("the gateway serves the demo page, and where it connects to", LIMIT, async () => {
  // when
  const page = await fetch(new URL("/", API));
  const pods = await (await fetch(new URL("/pods.json", API))).json();

  // then
  assert.match(await page.text(), /app\.js/);
  assert.ok(pods[0].startsWith(GATEWAY), pods[0]);
});

test("a relay that is stopped moves its clients, and nobody misses anything", LIMIT, async (t) => {
  // given
  const channel = `chat:${randomUUID()}`;
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const client = await connected(t, GATEWAY);
      const left = new Heard(client, "connecting");
      return { left, subscription: await subscribed(client, channel) };
    }),
  );
  const [leaving] = await containers("relay");

  // when
  const publishing = publishNumbers(channel);
  await docker("stop", leaving);
  await publishing;

  // then
  for (const { subscription } of clients) {
    const arrived = await subscription.heard.atLeast(PUBLICATIONS);
    assert.deepEqual(
      arrived.map(({ data }) => data.number),
      Array.from({ length: PUBLICATIONS }, (_, number) => number),
    );
  }
  const codes = clients.flatMap(({ left }) => left.all.map(({ code }) => code));
  assert.ok(codes.length >= CLIENTS / 4, `${codes.length} of ${CLIENTS} clients had to move`);
  assert.deepEqual([...new Set(codes)], [3001]);
  const { State } = await inspected(leaving);
  assert.deepEqual([State.ExitCode, State.OOMKilled], [143, false], "it ended by itself, within its grace period");

  // and then
  await docker("start", leaving);
  await eventually(
    async () => (await inspected(leaving)).State.Health.Status,
    (status) => status === "healthy",
  );
});

test("no container is root, has a capability, may gain one, or writes to its image", LIMIT, async () => {
  // given
  const running = await containers();
  assert.equal(running.length, 6, "valkey, two relays, publisher, simulator, gateway");

  for (const id of running) {
    // when
    const { Name, HostConfig } = await inspected(id);
    const status = await docker("exec", id, "cat", "/proc/1/status");
    const writes = docker("exec", id, "touch", "/written");

    // then
    assert.match(status, /^CapEff:\t0+$/m, Name);
    assert.match(status, /^CapBnd:\t0+$/m, Name);
    assert.match(status, /^NoNewPrivs:\t1$/m, Name);
    assert.doesNotMatch(status, /^Uid:.*\t0\b/m, Name);
    assert.equal(HostConfig.ReadonlyRootfs, true, Name);
    await assert.rejects(writes, /Read-only file system/, Name);
  }
});

test("what we have built runs as a user of its own, with its AOT cache", LIMIT, async () => {
  for (const service of ["relay", "publisher", "simulator"]) {
    // given
    const [id] = await containers(service);

    // when
    const user = await docker("exec", id, "id", "-u");
    const log = await docker("logs", id);

    // then
    assert.equal(user, "10001", service);
    // The JVM says so when it cannot use the cache.
    assert.doesNotMatch(log, /\[aot|\[cds|AOT cache/, service);
    assert.match(await docker("exec", id, "grep", "-c", "app.aot", "/proc/1/maps"), /^[1-9]/, service);
  }
});

async function publishNumbers(channel) {
  for (let number = 0; number < PUBLICATIONS; number++) {
    await publish(API_KEY, channel, { number });
    await setTimeout(50);
  }
}
