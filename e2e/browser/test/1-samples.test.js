import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Page, openBrowser } from '../support/page.js';
import { LAB, publishOrder } from '../support/stage.js';

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

test('a component that used empApi works over a WebSocket when only its import is another one', async () => {
  // given
  const page = await Page.open(browser, new URL('samples.html', LAB).href);
  const feeds = ['c-order-feed-over-emp-api', 'c-order-feed-over-lightline'];
  for (const feed of feeds) {
    await page.awaitText(`${feed} [data-state]`, 'Subscribed to /event/Order__e');
  }

  // when
  await publishOrder('A-1');
  await publishOrder('A-2');

  // then
  for (const feed of feeds) {
    await page.awaitText(`${feed} [data-order="A-2"]`, 'Order A-2: Shipped, 49.9');
    assert.deepEqual(await page.texts(`${feed} li`), ['Order A-2: Shipped, 49.9', 'Order A-1: Shipped, 49.9']);
  }
  assert.deepEqual(await page.violations(), []);
  page.hasLoggedNothing();
  await page.photograph('lab-one-component-two-imports', { clip: { x: 0, y: 0, width: 1440, height: 280 } });
  await page.close();
});
