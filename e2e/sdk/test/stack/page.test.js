/* The demo page's own connection, which speaks the protocol without an SDK, against two relay pods. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { on, once } from "node:events";
import { test } from "node:test";
import WebSocket from "ws";
import { RelayConnection } from "../../../../local-stack/src/main/page/relay-connection.js";

globalThis.WebSocket = WebSocket;

const { POD_1, POD_2 } = process.env;
const DEADLINE = { timeout: 30_000 };

test("the page gets what it missed while it was disconnected", DEADLINE, async (t) => {
  // given
  const channel = `chat:${randomUUID()}`;
  const near = await subscribed(t, POD_1, channel);
  const far = await subscribed(t, POD_2, channel);
  const first = publication(near, 1);
  await far.publish(channel, { number: 1 });
  await first;

  // when
  near.disconnect();
  await far.publish(channel, { number: 2 });
  const missed = publication(near, 2);
  near.connect();

  // then
  assert.deepEqual(await missed, { channel, offset: 2, recovered: true });
});

test("the page is told why it may not publish", DEADLINE, async (t) => {
  const connection = await subscribed(t, POD_1, "/data/AccountChangeEvent");

  await assert.rejects(connection.publish("/data/AccountChangeEvent", {}), /\(103\)/);
});

async function subscribed(t, pod, channel) {
  const connection = new RelayConnection(pod);
  t.after(() => connection.disconnect());
  connection.subscribe(channel);
  connection.connect();
  await once(connection, "subscribed");
  return connection;
}

/** Waits for the publication with a number. */
async function publication(connection, number) {
  for await (const [{ detail }] of on(connection, "publication")) {
    if (detail.publication.data.number === number) {
      return { channel: detail.channel, offset: detail.publication.offset, recovered: detail.recovered };
    }
  }
}
