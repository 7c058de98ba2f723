/* Tokens of connections: where they come from, how they are renewed, and what becomes of a client whose token is refused. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { test } from "node:test";
import WebSocket from "ws";
import { connected, DEADLINE, fromOrigin, newClient, POD_1, POD_2, refused, subscribed } from "../../support/clients.js";
import { event, Heard } from "../../support/heard.js";
import { publish } from "../../support/serverApi.js";
import {
  acmeToken,
  globexToken,
  globexTokenWithPublicKeyAsSecret,
  hs256,
  inSeconds,
  tokenSource,
  unsignedToken,
} from "../../support/tokens.js";

test("a client with a token of the shared secret is let in, whatever else it says of itself", DEADLINE, async (t) => {
  const options = { token: acmeToken("alice"), data: { theme: "dark" }, name: "suite", version: "1", headers: { a: "b" } };

  const client = await connected(t, POD_1, options);

  assert.equal(client.state, "connected");
});

test("a page of the org comes in with a token that the org has signed", DEADLINE, async (t) => {
  const { getToken, fetched } = tokenSource(() => globexToken("005alice"));

  const client = await connected(t, POD_2, { getToken, websocket: fromOrigin("https://globex.example") });

  assert.equal(client.state, "connected");
  assert.equal(fetched.all.length, 1);
});

test("a token is renewed before it ends, and the connection stays", DEADLINE, async (t) => {
  // given
  const { getToken, fetched } = tokenSource(() => acmeToken("alice", { exp: inSeconds(3) }));
  const client = newClient(t, POD_1, { getToken });
  const states = new Heard(client, "state");
  const room = `room:${randomUUID()}`;
  client.connect();
  const subscription = await subscribed(client, room);

  // when: the first two have ended, with what is tolerated after that
  await fetched.atLeast(4);
  await publish("acme-key", room, "still here");

  // then
  await subscription.heard.atLeast(1);
  assert.deepEqual(
    states.all.map(({ newState }) => newState),
    ["connecting", "connected"],
  );
});

test("a client with an expired token gets a new one and comes in", DEADLINE, async (t) => {
  // given
  const { getToken, fetched } = tokenSource(() => acmeToken("alice"));
  const client = newClient(t, POD_1, { token: acmeToken("alice", { exp: inSeconds(-1) }), getToken });
  const errors = new Heard(client, "error");

  // when
  client.connect();
  await client.ready();

  // then
  assert.ok(errors.all.some(({ error }) => error.code === 109));
  assert.equal(fetched.all.length, 1);
});

test("a client that cannot renew its token in time is cut off, and comes back when it can", DEADLINE, async (t) => {
  // given
  let isDown = false;
  const { getToken } = tokenSource(() => {
    if (isDown) {
      throw new Error("the back end is down");
    }
    return acmeToken("alice", { exp: inSeconds(2) });
  });
  const client = await connected(t, POD_1, { getToken });

  // when
  isDown = true;
  const end = await event(client, "connecting");
  isDown = false;

  // then
  assert.deepEqual(end, { code: 3005, reason: "connection expired" });
  await client.ready();
});

test("a client whose token is not valid yet comes in when it is", DEADLINE, async (t) => {
  // given: the relay's clock may be 5 seconds slow
  const token = acmeToken("alice", { nbf: inSeconds(7) });
  const closes = [];
  const websocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      this.once("close", (code) => closes.push(code));
    }
  };

  // when
  await connected(t, POD_1, { token, websocket });

  // then
  assert.deepEqual([...new Set(closes)], [4000]);
});

const REFUSALS = [
  ["no token", () => "", 3500, "invalid token"],
  ["rubbish", () => "rubbish", 3500, "invalid token"],
  ["a token that never ends", () => acmeToken("mallory", { exp: undefined }), 3500, "invalid token"],
  ["a token for a subscription", () => acmeToken("mallory", { channel: "news:a" }), 3500, "invalid token"],
  ["an issuer that nobody knows", () => acmeToken("mallory", { iss: "umbrella" }), 4500, "unknown issuer"],
  [
    "a signature with another secret",
    () => hs256({ iss: "acme", aud: "lightline", sub: "mallory", exp: inSeconds(60) }, "x".repeat(40)),
    4501,
    "signature does not fit",
  ],
  [
    "no signature",
    () => unsignedToken({ iss: "acme", aud: "lightline", sub: "mallory", exp: inSeconds(60) }),
    4502,
    "algorithm not allowed",
  ],
  ["a public key as secret", () => globexTokenWithPublicKeyAsSecret("mallory"), 4502, "algorithm not allowed"],
  ["another audience", () => acmeToken("mallory", { aud: "somebody else" }), 4503, "wrong audience"],
];

for (const [what, token, code, reason] of REFUSALS) {
  test(`a client with ${what} is told so and stays away`, DEADLINE, async (t) => {
    const client = newClient(t, POD_1, { token: token() });

    assert.deepEqual(await refused(client), { code, reason });
    assert.equal(client.state, "disconnected");
  });
}

test("a page of another tenant with a token of acme is told so and stays away", DEADLINE, async (t) => {
  const client = newClient(t, POD_1, { token: acmeToken("alice"), websocket: fromOrigin("https://globex.example") });

  assert.deepEqual(await refused(client), { code: 4505, reason: "origin not allowed" });
});

test("a page of nobody's gets no socket, whatever its token", DEADLINE, async () => {
  const socket = new WebSocket(POD_1, { origin: "https://evil.example" });

  const [error] = await once(socket, "error");

  assert.match(error.message, /403/);
});
