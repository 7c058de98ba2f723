/* Filters that the relay applies for a subscription. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { beforeEach, test } from "node:test";
import { connected, DEADLINE, Network, newSubscription, POD_1, POD_2, subscribed } from "../../support/clients.js";
import { event } from "../../support/heard.js";
import { publish } from "../../support/serverApi.js";
import { acmeToken } from "../../support/tokens.js";

/** What is published in each test. */
const TICKS = [
  { data: { price: 10, currency: "EUR" }, tags: { ticker: "ACME", exchange: "XETRA" } },
  { data: { price: 200, currency: "USD" }, tags: { ticker: "GLOBEX", exchange: "NASDAQ" } },
  { data: { price: 30, currency: "USD" }, tags: { ticker: "ACME", exchange: "NYSE" } },
  { data: { price: 44.5, currency: "EUR", note: { by: "desk 7" } }, tags: { ticker: "HOOLI" } },
];

/** By what is to come through. */
const FILTERS = [
  ["a tag that equals", { key: "ticker", cmp: "eq", val: "ACME" }, [10, 30]],
  ["a tag that differs", { key: "ticker", cmp: "neq", val: "ACME" }, [200, 44.5]],
  ["a tag out of a list", { key: "ticker", cmp: "in", vals: ["GLOBEX", "HOOLI"] }, [200, 44.5]],
  ["a tag that is there", { key: "exchange", cmp: "ex" }, [10, 200, 30]],
  ["a tag that is not there", { key: "exchange", cmp: "nex" }, [44.5]],
  ["a beginning", { key: "exchange", cmp: "sw", val: "N" }, [200, 30]],
  ["an end", { key: "exchange", cmp: "ew", val: "A" }, [10]],
  ["a part", { key: "exchange", cmp: "ct", val: "AS" }, [200]],
  ["a number of the payload", { key: "data.price", cmp: "gte", val: "44.5" }, [200, 44.5]],
  ["a text of the payload", { key: "data.currency", cmp: "eq", val: "EUR" }, [10, 44.5]],
  ["a field deep in the payload", { key: "data.note.by", cmp: "ex" }, [44.5]],
  [
    "all of several",
    { op: "and", nodes: [{ key: "ticker", cmp: "eq", val: "ACME" }, { key: "data.price", cmp: "gt", val: "10" }] },
    [30],
  ],
  [
    "one of several",
    { op: "or", nodes: [{ key: "exchange", cmp: "eq", val: "NYSE" }, { key: "data.price", cmp: "lt", val: "11" }] },
    [10, 30],
  ],
  ["none", { op: "not", nodes: [{ key: "data.currency", cmp: "eq", val: "USD" }] }, [10, 44.5]],
];

let news;

beforeEach(() => {
  news = `news:${randomUUID()}`;
});

test("each subscriber gets what passes its own filter", DEADLINE, async (t) => {
  // given
  const subscriptions = await Promise.all(
    FILTERS.map(async ([, tagsFilter], index) => subscribed(await client(t, index % 2 ? POD_1 : POD_2), news, { tagsFilter })),
  );

  // when
  await publishAll(news);

  // then
  for (const [index, [what, , prices]] of FILTERS.entries()) {
    const heard = await subscriptions[index].heard.atLeast(prices.length);
    assert.deepEqual(heard.map(({ data }) => data.price), prices, what);
  }
});

test("a filter that makes no sense is refused", DEADLINE, async (t) => {
  // given
  const subscription = newSubscription(await client(t, POD_1), news, { tagsFilter: { key: "ticker", cmp: "like", val: "A" } });
  const end = event(subscription, "unsubscribed");

  // when
  subscription.subscribe();

  // then
  const { code, reason } = await end;
  assert.equal(code, 107);
  assert.match(reason, /unknown cmp 'like'/);
});

test("who comes back gets what it missed and wants", DEADLINE, async (t) => {
  // given
  const room = `room:${randomUUID()}`;
  const network = new Network();
  const subscription = await subscribed(await client(t, POD_1, { websocket: network.webSocket }), room, {
    tagsFilter: { key: "ticker", cmp: "eq", val: "ACME" },
  });

  // when
  network.cut();
  await publishAll(room);
  const resumed = event(subscription, "subscribed");
  network.mend();

  // then
  assert.equal((await resumed).recovered, true);
  await publish("acme-key", room, { price: 99 }, { tags: { ticker: "ACME" } });
  const heard = await subscription.heard.atLeast(3);
  assert.deepEqual(
    heard.map(({ data, offset }) => [data.price, offset]),
    [
      [10, 1],
      [30, 3],
      [99, 5],
    ],
  );
});

async function client(t, pod, options = {}) {
  return await connected(t, pod, { token: acmeToken("alice"), ...options });
}

async function publishAll(channel) {
  for (const { data, tags } of TICKS) {
    await publish("acme-key", channel, data, { tags });
  }
}
