/* Several commands in one frame. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import WebSocket from "ws";
import { connected, DEADLINE, POD_1, subscribed } from "../../support/clients.js";
import { acmeToken } from "../../support/tokens.js";

test("commands that come in one frame are all carried out, in their order", DEADLINE, async (t) => {
  // given
  const frames = [];
  const websocket = class extends WebSocket {
    send(frame) {
      frames.push(frame);
      super.send(frame);
    }
  };
  const client = await connected(t, POD_1, { token: acmeToken("alice"), websocket });
  const room = await subscribed(client, `room:${randomUUID()}`);
  frames.length = 0;

  // when
  client.startBatching();
  const published = [1, 2, 3, 4, 5].map((number) => room.publish(number));
  const counted = room.presenceStats();
  client.stopBatching();

  // then
  await Promise.all(published);
  assert.equal((await counted).numClients, 1);
  assert.deepEqual(
    (await room.heard.atLeast(5)).map(({ data }) => data),
    [1, 2, 3, 4, 5],
  );
  assert.deepEqual(
    frames.map((frame) => frame.split("\n").length),
    [6],
  );
});
