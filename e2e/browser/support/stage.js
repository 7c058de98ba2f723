/** What stands behind the page: addresses, and orders to the test that has started it. */
export const LAB = process.env.LAB;
export const SHORT_PINGS = process.env.SHORT_PINGS;

const { ORG, STAGE } = process.env;

/** For example `kill`, of the relay with this number; answers when it is done. */
export async function order(what, relay) {
  const answer = await fetch(`${STAGE}/${what}/${relay}`, { method: 'POST' });
  if (!answer.ok) {
    throw new Error(`${what} ${relay}: ${answer.status} ${await answer.text()}`);
  }
}

/** A Platform Event of the org. */
export async function publishOrder(number) {
  const answer = await fetch(`${ORG}/services/data/v66.0/sobjects/Order__e`, {
    method: 'POST',
    headers: { Authorization: 'Bearer demo', 'Content-Type': 'application/json' },
    body: JSON.stringify({ OrderNumber__c: number, Status__c: 'Shipped', Amount__c: 49.9 }),
  });
  if (!answer.ok) {
    throw new Error(`The org answered ${answer.status}`);
  }
}
