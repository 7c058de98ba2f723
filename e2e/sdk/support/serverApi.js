import assert from "node:assert/strict";

const { API } = process.env;

/** Publishes as a tenant's back end does; returns the position. */
export async function publish(apiKey, channel, data, more = {}) {
  return await call(apiKey, "publish", { channel, data, ...more });
}

/** Calls any method, on the second pod; returns its result. */
export async function call(apiKey, method, request) {
  const answer = await post(apiKey, method, request);
  assert.ok(answer.result, JSON.stringify(answer));
  return answer.result;
}

/** Carries out several commands, one after the other, all of which succeed. */
export async function batch(apiKey, commands) {
  const { replies } = await post(apiKey, "batch", { commands });
  assert.ok(replies.every(({ error }) => !error), JSON.stringify(replies));
}

async function post(apiKey, method, request) {
  const response = await fetch(API + method, {
    method: "POST",
    headers: { "X-API-Key": apiKey, "Content-Type": "application/json" },
    body: JSON.stringify(request),
  });
  return await response.json();
}
