/* What Lightning pages load, as it is, with tokens: c/lightlineConnection where a relay demands them. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import WebSocket from "ws";
import { DEADLINE, fromOrigin, POD_1, POD_2 } from "../../support/clients.js";
import { Heard } from "../../support/heard.js";
import "../../support/lwc.js";
import { publish } from "../../support/serverApi.js";
import { acmeSubscriptionToken, acmeToken, globexToken, inSeconds, tokenSource } from "../../support/tokens.js";

const { Connection } = await import("c/lightlineConnection");

test("a page of the org comes in with a token that the org has signed", DEADLINE, async (t) => {
  // given
  globalThis.WebSocket = fromOrigin("https://globex.example");
  t.after(() => {
    globalThis.WebSocket = WebSocket;
  });

  // when
  const { connection } = newConnection(t, POD_2, async () => globexToken("005alice"));
  await connection.connect();

  // then
  assert.equal(connection.state, "connected");
});

test("a token is renewed before it ends, and the connection stays", DEADLINE, async (t) => {
  // given
  const { getToken, fetched } = tokenSource(() => acmeToken("alice", { exp: inSeconds(3) }));
  const { connection, states } = newConnection(t, POD_1, getToken);
  await connection.connect();

  // when: the first two have ended, with what is tolerated after that
  await fetched.atLeast(4);

  // then
  assert.deepEqual(states.all, ["connecting", "connected"]);
});

test("a page with an expired token gets a new one and comes in", DEADLINE, async (t) => {
  // given
  const { getToken, fetched } = tokenSource((count) => acmeToken("alice", { exp: inSeconds(count ? 300 : -1) }));
  const { connection } = newConnection(t, POD_1, getToken);

  // when
  await connection.connect();

  // then
  assert.equal(fetched.all.length, 2);
});

test("a page whose token nobody made is told so and stays away", DEADLINE, async (t) => {
  // given
  const { connection, states } = newConnection(t, POD_1, async () => acmeToken("mallory", { iss: "umbrella" }));

  // when
  const end = connection.connect();

  // then
  await assert.rejects(end, { code: 4500, message: "unknown issuer" });
  assert.deepEqual(states.all, ["connecting", "disconnected"]);
});

test("a channel that wants its own token is there with it, and its token is renewed", DEADLINE, async (t) => {
  // given
  const channel = `secret:${randomUUID()}`;
  const { getToken, fetched } = tokenSource(() => acmeSubscriptionToken("alice", channel, { exp: inSeconds(3) }));
  const { connection } = newConnection(t, POD_1, async () => acmeToken("alice"));
  const { heard, states } = following(connection, channel, { token: getToken });
  connection.connect();

  // when
  await fetched.atLeast(4);
  await publish("acme-key", channel, "still here");

  // then
  const [publication] = await heard.atLeast(1);
  assert.equal(publication.data, "still here");
  assert.deepEqual(states.all, ["subscribed"]);
});

test("a channel without its token ends with the reason", DEADLINE, async (t) => {
  // given
  const { connection, errors } = newConnection(t, POD_1, async () => acmeToken("alice"));
  await connection.connect();

  // when
  const { states } = following(connection, `secret:${randomUUID()}`);

  // then
  const [error] = await errors.atLeast(1);
  assert.equal(error.code, 103);
  assert.deepEqual(states.all, ["unsubscribed"]);
});

test("what is sent to a user arrives on the page, subscribed to or not", DEADLINE, async (t) => {
  // given
  const user = randomUUID();
  const { connection } = newConnection(t, POD_1, async () => acmeToken(user));
  const emitter = new EventEmitter();
  const personal = new Heard(emitter, "publication");
  connection.onServerPublication = (publication) => emitter.emit("publication", publication);
  const { heard } = following(connection, `user:${user}`);
  await connection.connect();

  // when
  const other = newConnection(t, POD_2, async () => acmeToken("somebody")).connection;
  await other.connect();
  await other.publish(`user:${user}`, "lunch?");

  // then
  for (const all of [personal, heard]) {
    const [{ channel, data, info }] = await all.atLeast(1);
    assert.deepEqual([channel, data, info.user], [`user:${user}`, "lunch?", "somebody"]);
  }
});

/** With the states that it goes through, and its errors. */
function newConnection(t, url, token) {
  const emitter = new EventEmitter();
  const [states, errors] = [new Heard(emitter, "state"), new Heard(emitter, "fault")];
  const connection = new Connection({
    url,
    token,
    onState: (state) => emitter.emit("state", state),
    onError: (error) => emitter.emit("fault", error),
  });
  t.after(() => connection.close());
  return { connection, states, errors };
}

function following(connection, channel, options = {}) {
  const emitter = new EventEmitter();
  const [heard, states] = [new Heard(emitter, "publication"), new Heard(emitter, "state")];
  connection.subscribe(channel, {
    ...options,
    onPublication: (publication) => emitter.emit("publication", publication),
    onState: (state) => emitter.emit("state", state),
  });
  return { heard, states };
}
