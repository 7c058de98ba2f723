/* Tokens of single subscriptions: a channel that nobody may subscribe to without one. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { beforeEach, test } from "node:test";
import { connected, DEADLINE, newSubscription, POD_1, subscribed } from "../../support/clients.js";
import { event, Heard } from "../../support/heard.js";
import { publish } from "../../support/serverApi.js";
import { acmeSubscriptionToken, acmeToken, globexToken, inSeconds, tokenSource } from "../../support/tokens.js";

let channel;

beforeEach(() => {
  channel = `secret:${randomUUID()}`;
});

test("a subscription without its token is refused for good", DEADLINE, async (t) => {
  const client = await connected(t, POD_1, { token: acmeToken("alice") });

  assert.deepEqual(await refusal(client), { channel, code: 103, reason: "permission denied" });
});

test("a subscription with its token gets what is published", DEADLINE, async (t) => {
  // given
  const client = await connected(t, POD_1, { token: acmeToken("alice") });
  const { getToken, fetched } = tokenSource(() => acmeSubscriptionToken("alice", channel));
  const subscription = await subscribed(client, channel, { getToken });

  // when
  await publish("acme-key", channel, "psst");

  // then
  const [heard] = await subscription.heard.atLeast(1);
  assert.equal(heard.data, "psst");
  assert.equal(fetched.all.length, 1);
});

const FOREIGN = [
  ["of another user", () => acmeSubscriptionToken("bob", channel), "invalid token"],
  ["for another channel", () => acmeSubscriptionToken("alice", `${channel}-2`), "invalid token"],
  ["of another tenant", () => globexToken("alice", { channel }), "unknown issuer"],
  ["for a connection", () => acmeToken("alice"), "invalid token"],
];

for (const [what, token, reason] of FOREIGN) {
  test(`a subscription with a token ${what} is refused for good`, DEADLINE, async (t) => {
    const client = await connected(t, POD_1, { token: acmeToken("alice") });

    assert.deepEqual(await refusal(client, { token: token() }), {
      channel,
      code: 103,
      reason: `permission denied: ${reason}`,
    });
    assert.equal(client.state, "connected");
  });
}

test("a subscription with an expired token gets a new one", DEADLINE, async (t) => {
  // given
  const client = await connected(t, POD_1, { token: acmeToken("alice") });
  const { getToken, fetched } = tokenSource(() => acmeSubscriptionToken("alice", channel));
  const expired = acmeSubscriptionToken("alice", channel, { exp: inSeconds(-1) });
  const subscription = newSubscription(client, channel, { token: expired, getToken });
  const errors = new Heard(subscription, "error");

  // when
  subscription.subscribe();
  await subscription.ready();

  // then
  assert.ok(errors.all.some(({ error }) => error.code === 109));
  assert.equal(fetched.all.length, 1);
});

test("a subscription's token is renewed before it ends, and the subscription stays", DEADLINE, async (t) => {
  // given
  const client = await connected(t, POD_1, { token: acmeToken("alice") });
  const { getToken, fetched } = tokenSource(() => acmeSubscriptionToken("alice", channel, { exp: inSeconds(3) }));
  const subscription = newSubscription(client, channel, { getToken });
  const states = new Heard(subscription, "state");
  subscription.subscribe();

  // when: the first two have ended, with what is tolerated after that
  await fetched.atLeast(4);
  await publish("acme-key", channel, "still here");

  // then
  await subscription.heard.atLeast(1);
  assert.deepEqual(
    states.all.map(({ newState }) => newState),
    ["subscribing", "subscribed"],
  );
});

test("a subscription whose token cannot be renewed in time ends, and comes back when it can", DEADLINE, async (t) => {
  // given
  let isDown = false;
  const { getToken } = tokenSource(() => {
    if (isDown) {
      throw new Error("the back end is down");
    }
    return acmeSubscriptionToken("alice", channel, { exp: inSeconds(2) });
  });
  const client = await connected(t, POD_1, { token: acmeToken("alice") });
  const subscription = await subscribed(client, channel, { getToken });

  // when
  isDown = true;
  const end = await event(subscription, "subscribing");
  await publish("acme-key", channel, "missed");
  isDown = false;

  // then
  assert.deepEqual(end, { channel, code: 2501, reason: "expired" });
  const [heard] = await subscription.heard.atLeast(1);
  assert.equal(heard.data, "missed");
});

test("a token forces a filter on a subscription, which can only add to it", DEADLINE, async (t) => {
  // given
  const filter = { key: "region", cmp: "eq", val: "emea" };
  const client = await connected(t, POD_1, { token: acmeToken("alice") });
  const subscription = await subscribed(client, channel, {
    token: acmeSubscriptionToken("alice", channel, { filter }),
    tagsFilter: { key: "urgent", cmp: "ex" },
  });

  // when
  await publish("acme-key", channel, 1, { tags: { region: "apac", urgent: "yes" } });
  await publish("acme-key", channel, 2, { tags: { region: "emea" } });
  await publish("acme-key", channel, 3, { tags: { region: "emea", urgent: "yes" } });

  // then
  const [first] = await subscription.heard.atLeast(1);
  assert.equal(first.data, 3);
  const { publications } = await subscription.history({ limit: 10 });
  assert.deepEqual(
    publications.map(({ data }) => data),
    [2, 3],
  );
});

/** How a subscription ends that was never there. */
async function refusal(client, options = {}) {
  const subscription = newSubscription(client, channel, options);
  const end = event(subscription, "unsubscribed");
  subscription.subscribe();
  return await end;
}
