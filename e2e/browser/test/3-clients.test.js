import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Page, openBrowser, poll } from '../support/page.js';
import { LAB, SHORT_PINGS, order } from '../support/stage.js';

const CLIENTS = 6;

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

test('clients of both pods hear what is for all, and only one what is private; one is closed and opened', async () => {
  // given
  const page = await openClients();

  // when
  await send(page, 'for everybody');
  await everyRow(page, '[data-message]', 'for everybody');
  await pressInRow(page, 'Send to client 4');
  await send(page, 'for you alone');
  await page.awaitText('tr[data-client="4"] [data-message]', 'for you alone');
  await page.awaitText('[data-sent]', /^1 of 1 clients have it/);

  // then
  assert.deepEqual(await page.texts('tr[data-client] [data-heard]'), ['1', '1', '1', '2', '1', '1']);
  const pods = await page.texts('tr[data-client] td:nth-of-type(2)');
  assert.deepEqual(pods, ['relay-1', 'relay-2', 'relay-1', 'relay-2', 'relay-1', 'relay-2']);
  await pressInRow(page, 'Close client 2');
  await page.awaitText('[data-count="disconnected"] dd', '1');
  await pressInRow(page, 'Open client 2');
  await page.awaitText('[data-count="connected"] dd', String(CLIENTS));
  assert.deepEqual(await page.violations(), []);
  page.hasLoggedNothing();
  await page.photograph('lab-clients');
  await page.close();
});

test('clients whose pod is killed come back and have missed nothing', async () => {
  // given
  const page = await openClients();
  await send(page, 'before');
  await everyRow(page, '[data-message]', 'before');

  // when
  await order('kill', 2);
  await page.awaitText('[data-count="reconnecting"] dd', String(CLIENTS / 2));
  await send(page, 'while it is away');
  await page.awaitText('tr[data-client="1"] [data-message]', 'while it is away');
  await page.photograph('lab-reconnecting');
  await order('start', 2);

  // then
  await page.awaitText('[data-count="connected"] dd', String(CLIENTS));
  await everyRow(page, '[data-message]', 'while it is away');
  assert.deepEqual(await page.texts('tr[data-client] [data-heard]'), Array(CLIENTS).fill('2'));
  await page.close();
});

test('a hidden tab stays connected for longer than the relay waits for a pong', async (t) => {
  // given
  const peoples = await openBrowser({ throttles: true });
  t.after(() => peoples.close());
  const page = await Page.open(peoples, LAB);
  await page.write('clients', 2);
  await page.chooseTab('Clients');
  await choose(page, 'transport', 'WebSocket, another relay');
  await page.write('url', SHORT_PINGS);
  await page.press('Open all');
  await page.awaitText('[data-count="connected"] dd', '2');
  const client = await page.tab.createCDPSession();
  await client.send('Network.enable');
  const seen = [];
  client.on('Network.webSocketClosed', () => seen.push('closed'));
  client.on('Network.webSocketFrameReceived', ({ response }) => seen.push(response.payloadData));

  // when
  const front = await peoples.newPage();
  await front.bringToFront();
  await poll(() => page.tab.evaluate(() => document.visibilityState === 'hidden'), 10_000, () => 'The tab is not hidden');
  await page.tab.evaluate(() => {
    globalThis.ticks = 0;
    setInterval(() => (globalThis.ticks += 1), 100);
  });
  const pings = () => seen.filter((frame) => frame === '{}').length;
  await poll(() => pings() >= 10, 30_000, () => `Only ${pings()} pings: ${seen}`);

  // then
  const ticks = await page.tab.evaluate(() => globalThis.ticks);
  assert.ok(ticks < 50, `The tab's timers are not slow: ${ticks} ticks of a tenth of a second in ten seconds`);
  assert.ok(!seen.includes('closed'), seen.join());
  await page.tab.bringToFront();
  await send(page, 'still here');
  await everyRow(page, '[data-message]', 'still here');
  page.hasLoggedNothing();
});

async function openClients() {
  const page = await Page.open(browser, LAB);
  await page.write('clients', CLIENTS);
  await page.chooseTab('Clients');
  await page.press('Open all');
  await page.awaitText('[data-count="connected"] dd', String(CLIENTS));
  return page;
}

async function send(page, text) {
  await page.write('text', text);
  await page.press('Send');
}

function pressInRow(page, label) {
  return page.tab.locator(`::-p-aria([name="${label}"])`).click();
}

async function choose(page, name, option) {
  const select = await page.find(`select[name="${name}"]`);
  const value = await select.evaluate((found, label) => [...found.options].find((one) => one.label === label).value, option);
  await select.select(value);
}

async function everyRow(page, selector, wanted) {
  let last;
  await poll(
    async () => {
      last = await page.texts(`tr[data-client] ${selector}`);
      return last.length > 0 && last.every((text) => text === wanted);
    },
    30_000,
    () => `Not all rows say ${wanted}: ${last}`,
  );
}
