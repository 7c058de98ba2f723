/* What the SDK hears when Salesforce has forgotten events before they were read; the environment is that of the other file. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connected, DEADLINE, POD_1, POD_2, subscribed } from "../../support/clients.js";
import { eventually } from "../../support/heard.js";
import { control, create } from "../../support/salesforceOrg.js";

const ORDERS = "/event/Order__e";
const ACCOUNTS = "/data/AccountChangeEvent";
const NOTHING = { key: "topic", cmp: "eq", val: "nothing has this" };

test("a resync is told to those whose own filter would hide it", DEADLINE, async (t) => {
  // given
  const alice = await subscribed(await connected(t, POD_1), ACCOUNTS, { tagsFilter: NOTHING });

  // when
  await control("objects/Account/gap", { changeType: "GAP_UPDATE", recordIds: ["001000000000001AAA"] });

  // then
  const [arrived] = await alice.heard.atLeast(1);
  assert.equal(arrived.tags.lightline, "resync");
  assert.match(arrived.data.payload.ChangeEventHeader.changeType, /^GAP_/);
});

test("when the checkpoint is older than the retention everybody is told of the gap, then of what follows", DEADLINE, async (t) => {
  // given
  const alice = await subscribed(await connected(t, POD_1), ORDERS);
  const bob = await subscribed(await connected(t, POD_2), ORDERS, { tagsFilter: NOTHING });
  await create("Order__e", { OrderNumber__c: "3001" });
  const [before] = await alice.heard.atLeast(1);

  // when
  await control("bus/reset");

  // then
  const gap = (await alice.heard.atLeast(2))[1];
  assert.equal(gap.tags.lightline, "gap");
  assert.equal(gap.tags.topic, ORDERS);
  assert.equal(gap.data.gap.after, before.tags.replayId);
  assert.ok(gap.data.gap.reason.length > 0);
  assert.ok(Date.parse(gap.data.gap.detected) > 0);
  assert.equal(gap.offset, before.offset + 1);
  assert.deepEqual((await bob.heard.atLeast(1))[0].data, gap.data);

  // and then: what is published from now on arrives
  await eventually(
    async () => {
      await create("Order__e", { OrderNumber__c: "3002" });
      return alice.heard.all;
    },
    (heard) => heard.length > 2,
  );
  assert.equal(alice.heard.all[2].data.payload.OrderNumber__c, "3002");
});
