/*
 * The unmodified salesforce-pubsub-api-client against the simulator. The addresses come from the environment: SIMULATOR (HTTP),
 * PUBSUB (host and port, with TLS), PRIVATE_KEY (PEM, of the org's app); NpmClientIT sets them.
 */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { RestApi } from "../support/restApi.js";
import { Client, DEADLINE } from "../support/client.js";
import { Control } from "../support/control.js";

const ORDERS = "/event/Order__e";
const control = new Control();
const rest = new RestApi();
let client;

before(async () => {
  client = await Client.loggedIn();
});

after(() => client.close());

beforeEach(() => control.resetBus());

test("logs in with client credentials and with a signed assertion", DEADLINE, async () => {
  const byKey = await Client.loggedInByKey();

  assert.match(client.loggedInto, /00DLL00000000012AA.* as demo@lightline\.example/);
  assert.match(byKey.loggedInto, /00DLL00000000012AA.* as demo@lightline\.example/);
  byKey.close();
});

test("EARLIEST gets what was published before and after", DEADLINE, async () => {
  // given
  await rest.publishOrders(1, 3);

  // when
  const orders = client.subscribeFromEarliest(ORDERS);
  await orders.events(3);
  await rest.publishOrders(4, 5);

  // then
  const events = await orders.events(5);
  assert.deepEqual(
    events.map(({ payload }) => payload.OrderNumber__c),
    ["1", "2", "3", "4", "5"],
  );
  assert.equal(events[0].payload.Amount__c, 1.5);
});

test("CUSTOM goes on after a replay id that this client has made a number of", DEADLINE, async () => {
  // given
  await rest.publishOrders(1, 4);
  const first = await client.subscribeFromEarliest(ORDERS).events(4);
  const later = await Client.loggedIn();

  // when
  const orders = later.subscribeFrom(ORDERS, first[1].replayId);

  // then
  const events = await orders.events(2);
  assert.deepEqual(
    events.map(({ payload }) => payload.OrderNumber__c),
    ["3", "4"],
  );
  later.close();
});

test("a corrupted replay id has its status and its code", DEADLINE, async () => {
  const error = await client.subscribeFrom(ORDERS, 1).error();

  assert.equal(error.code, 3);
  assert.deepEqual(error.metadata.get("error-code"), [
    "sfdc.platform.eventbus.grpc.subscription.fetch.replayid.corrupted",
  ]);
  assert.equal(error.metadata.get("rpc-id").length, 1);
});

test("a quiet stream gets keepalives", DEADLINE, async () => {
  await client.subscribe("/event/OrderAudit__e").keepalive();
});

test("a stream that the server ends has an end", DEADLINE, async () => {
  // given
  const audits = client.subscribe("/event/Orders__chn");
  await control.streamOf("/event/Orders__chn");

  // when
  await control.endStreams();

  // then
  await audits.end();
});

test("change events are decoded, with their bitmaps and compound fields", DEADLINE, async () => {
  // given
  const id = await rest.create("Account", { Name: "Acme", BillingCity: "Rome" });
  await rest.update("Account", id, { Phone: "+39", BillingCity: "Milan" });

  // when
  const [created, updated] = await client.subscribeFromEarliest("/data/AccountChangeEvent").events(2);

  // then
  assert.equal(created.payload.ChangeEventHeader.changeType, "CREATE");
  assert.deepEqual(created.payload.ChangeEventHeader.recordIds, [id]);
  assert.equal(created.payload.Name, "Acme");
  assert.equal(created.payload.BillingAddress.City.string, "Rome");
  assert.deepEqual(updated.payload.ChangeEventHeader.changedFields.sort(), [
    "BillingAddress.City",
    "LastModifiedDate",
    "Phone",
  ]);
  assert.equal(updated.payload.Phone, "+39");
});

test("a channel carries events of several schemas", DEADLINE, async () => {
  // given
  await rest.publishOrders(1, 1);
  await rest.create("OrderAudit__e", { OrderNumber__c: "1", Reason__c: "late" });

  // when
  const [order, audit] = await client.subscribeFromEarliest("/event/Orders__chn").events(2);

  // then
  assert.notEqual(order.schemaId, audit.schemaId);
  assert.equal(order.payload.Amount__c, 1.5);
  assert.equal(audit.payload.Reason__c, "late");
});

test("events are published one by one and in batches", DEADLINE, async () => {
  // given
  const publisher = await Client.loggedIn();
  const order = (number) => ({
    CreatedDate: Date.now(),
    CreatedById: "005LL0000000001AAA",
    OrderNumber__c: { string: number },
    Status__c: null,
    Amount__c: { double: 2.5 },
  });

  // when
  const single = await publisher.publish(ORDERS, order("one"), "key-1");
  const batch = await publisher.publishBatch(ORDERS, [
    { id: "key-2", payload: order("two") },
    { id: "key-3", payload: order("three") },
  ]);

  // then
  assert.equal(single.correlationKey, "key-1");
  assert.ok(single.replayId > 0);
  assert.deepEqual(
    batch.results.map(({ correlationKey }) => correlationKey),
    ["key-2", "key-3"],
  );
  const events = await publisher.subscribeFromEarliest(ORDERS).events(3);
  assert.deepEqual(
    events.map(({ payload }) => payload.OrderNumber__c),
    ["one", "two", "three"],
  );
  publisher.close();
});

test("a managed subscription goes on where it was committed, and only one client has it", DEADLINE, async () => {
  // given
  await rest.publishOrders(1, 3);
  const first = await Client.loggedIn();
  const orders = await first.subscribeManaged("Orders");
  const [, second] = await orders.events(3);
  const rival = await Client.loggedIn();
  const refused = await (await rival.subscribeManaged("Orders")).error();

  // when
  first.commit(orders.info.subscriptionId, second.replayId);
  await control.committed("Orders");
  first.close();
  await control.free("Orders");

  // then
  assert.equal(refused.code, 6);
  const next = await Client.loggedIn();
  const left = await (await next.subscribeManaged("Orders")).events(1);
  assert.equal(left[0].payload.OrderNumber__c, "3");
  rival.close();
  next.close();
});
