import assert from "node:assert/strict";

const { SIMULATOR, SIMULATOR_TOKEN } = process.env;

/** Creates a record as a user of the org does, for example a platform event; returns its id. */
export async function create(type, fields) {
  const response = await post(`services/data/v66.0/sobjects/${type}`, fields, { Authorization: `Bearer ${SIMULATOR_TOKEN}` });
  return (await response.json()).id;
}

/** Tells the simulator what happens to the org. */
export async function control(what, body = {}) {
  await post(`simulator/orgs/demo/${what}`, body);
}

/** Every event of a topic that the org has on its bus, in order. */
export async function eventsOf(topic) {
  const response = await fetch(`${SIMULATOR}simulator/orgs/demo/events?topic=${encodeURIComponent(topic)}`);
  assert.ok(response.ok, await response.clone().text());
  return await response.json();
}

async function post(path, body, headers = {}) {
  const response = await fetch(SIMULATOR + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  assert.ok(response.ok, `${path}: ${response.status} ${await response.clone().text()}`);
  return response;
}
