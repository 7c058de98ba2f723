/* Tokens as LightlineTokens makes them in Apex, and relays that have nothing of the org but its certificate. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  connected,
  DEADLINE,
  fromOrigin,
  newClient,
  newSubscription,
  POD_1,
  POD_2,
  refused,
  subscribed,
} from "../../support/clients.js";
import { event } from "../../support/heard.js";
import { publish } from "../../support/serverApi.js";
import { apexRecordToken, apexToken, globexToken } from "../../support/tokens.js";

const APEX = new URL("../../../../salesforce/force-app/main/default/classes/LightlineTokens.cls", import.meta.url);

const { GLOBEX_PRIVATE_KEY } = process.env;

const ADA = {
  id: "005000000000001AAA",
  name: "Ada",
  caps: [{ channels: ["/event/*"], match: "wildcard", allow: ["sub", "hst"] }],
};
const BOB = { id: "005000000000002AAA", name: "Bob" };
const PAGE = fromOrigin("https://initech.lightning.force.com");

test("these are the header and the claims of the Apex class", () => {
  // given
  const named = [...readFileSync(APEX, "utf8").matchAll(/claims\.put\('(\w+)'|^\s+'(\w+)' =>/gm)];

  // then
  const tokens = [apexToken(ADA), apexRecordToken(ADA, "record:001000000000001AAA")].map(parts);
  assert.deepEqual(
    new Set(tokens.flatMap(({ claims }) => Object.keys(claims))),
    new Set(named.map(([, put, listed]) => put ?? listed)),
  );
  assert.ok(tokens.every(({ header }) => JSON.stringify(header) === '{"alg":"RS256"}'));
});

test("a token of Apex opens what it grants to a page of its org, on both pods", DEADLINE, async (t) => {
  // given
  const topic = `/event/Order${randomUUID()}__e`;
  const orders = [];
  for (const pod of [POD_1, POD_2]) {
    const client = await connected(t, pod, { token: apexToken(ADA), websocket: PAGE });
    orders.push(await subscribed(client, topic));
  }

  // when
  await publish("initech-key", topic, { OrderNumber__c: "1001" });

  // then
  for (const subscription of orders) {
    const [heard] = await subscription.heard.atLeast(1);
    assert.deepEqual(heard.data, { OrderNumber__c: "1001" });
  }
});

test("who may read a record sees who else is on it, by the name that Apex gave", DEADLINE, async (t) => {
  // given
  const record = newRecord();
  const subscriptions = [];
  for (const user of [ADA, BOB]) {
    const client = await connected(t, POD_1, { token: apexToken(user) });
    subscriptions.push(await subscribed(client, record, { token: apexRecordToken(user, record) }));
  }

  // when
  const { clients } = await subscriptions[0].presence();

  // then
  assert.deepEqual(
    Object.values(clients).map(({ user, connInfo }) => [user, connInfo.name]).sort(),
    [
      [ADA.id, "Ada"],
      [BOB.id, "Bob"],
    ],
  );
});

const REFUSED = [
  ["a record that Apex gave no token for", newRecord(), undefined, 103, "permission denied"],
  ["an event that Apex granted nothing on", "/event/Order__e", undefined, 103, "permission denied"],
  [
    "a record with another user's token",
    newRecord(),
    (record) => apexRecordToken(ADA, record),
    103,
    "permission denied: invalid token",
  ],
  [
    "a record with a token for another record",
    newRecord(),
    () => apexRecordToken(BOB, newRecord()),
    103,
    "permission denied: invalid token",
  ],
  [
    "another org's record with a token of that org",
    newRecord(),
    (record) => globexToken(BOB.id, { channel: record }),
    103,
    "permission denied: unknown issuer",
  ],
  [
    "a record with a token that another org has signed",
    newRecord(),
    (record) => apexRecordToken(BOB, record, GLOBEX_PRIVATE_KEY),
    103,
    "permission denied: signature does not fit",
  ],
  ["a channel that only another org has", "room:lobby", undefined, 102, "unknown channel"],
];

for (const [what, channel, token, code, reason] of REFUSED) {
  test(`${what} is refused, and the connection stays`, DEADLINE, async (t) => {
    // given
    const client = await connected(t, POD_1, { token: apexToken(BOB) });
    const subscription = newSubscription(client, channel, token ? { token: token(channel) } : {});
    const end = event(subscription, "unsubscribed");

    // when
    subscription.subscribe();

    // then
    assert.deepEqual(await end, { channel, code, reason });
    assert.equal(client.state, "connected");
  });
}

test("a connection token that another org has signed is refused for good", DEADLINE, async (t) => {
  const { code, reason } = await refused(newClient(t, POD_1, { token: apexToken(ADA, GLOBEX_PRIVATE_KEY) }));

  assert.deepEqual({ code, reason }, { code: 4501, reason: "signature does not fit" });
});

test("on a page of another org the token is refused for good", DEADLINE, async (t) => {
  const websocket = fromOrigin("https://globex.example");

  const { code, reason } = await refused(newClient(t, POD_1, { token: apexToken(ADA), websocket }));

  assert.deepEqual({ code, reason }, { code: 4505, reason: "origin not allowed" });
});

/** The channel of a record that no other test has. */
function newRecord() {
  return `record:001${randomUUID().replaceAll("-", "").slice(0, 12)}AAA`;
}

function parts(token) {
  const [header, claims] = token.split(".", 2).map((part) => JSON.parse(Buffer.from(part, "base64url")));
  return { header, claims };
}
