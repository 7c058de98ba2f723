import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Page, openBrowser } from '../support/page.js';
import { LAB } from '../support/stage.js';

const [CLIENTS, FOR_ALL, FOR_EACH] = process.env.SIZE.split('x').map(Number);
const ROUNDS = 900_000;
const MARGIN = 12;

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

test('the experiment runs over WebSockets and long polling in both modes, and shows what it has measured', async () => {
  // given
  const page = await Page.open(browser, LAB);
  await page.write('clients', CLIENTS);

  // when
  await page.write('messages', FOR_ALL);
  await page.tick('each', false);
  await page.press('Start the experiment');
  await page.awaitText('[data-progress]', /^Run 2 of 3/, ROUNDS);
  await page.photograph('lab-running');
  await page.awaitGone('[data-progress]', ROUNDS);
  await page.write('messages', FOR_EACH);
  await page.tick('all', false);
  await page.tick('each', true);
  await page.press('Start the experiment');
  await page.awaitText('[data-progress]', /^Run 1 of 3/);
  await page.awaitGone('[data-progress]', ROUNDS);

  // then
  assert.deepEqual(await page.texts('[data-errors]'), []);
  const rows = await figures(page);
  assert.deepEqual(
    rows.map(({ mode, transport }) => `${mode} ${transport}`),
    ['all relays', 'all events', 'all polling', 'each relays', 'each events', 'each polling'],
  );
  for (const row of rows) {
    assert.equal(row.lost, '0');
    assert.ok(row['first-mean'] > 0 && row['total-mean'] >= row['first-mean'], JSON.stringify(row));
  }
  assert.equal((await page.texts('c-lightline-lab-chart svg title')).length, 4);
  const points = await page.tab.$$eval('>>> c-lightline-lab-chart polyline', (lines) =>
    lines.map((line) => line.getAttribute('points').split(' ').length),
  );
  assert.deepEqual(points, [...Array(6).fill(FOR_ALL), ...Array(6).fill(FOR_EACH)]);
  show(rows);
  assert.deepEqual(await page.violations(), []);
  page.hasLoggedNothing();
  await page.photograph('lab-experiment');
  for (const mode of ['all', 'each']) {
    await photographElement(page, await page.find(`section[data-mode="${mode}"]`), `lab-chart-${mode}`);
  }

  // and in the dark
  await page.tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  assert.deepEqual(await page.violations(), []);
  await page.photograph('lab-experiment-dark');
  await page.close();
});

test('a run can be cancelled by keyboard, and the form says what is wrong with it', async () => {
  // given
  const page = await Page.open(browser, LAB);
  await page.write('clients', 0);
  await page.press('Start the experiment');
  await page.awaitText('[data-errors]', 'Choose 1 to 200 clients.');
  await page.write('clients', 3);
  await page.write('messages', 1000);

  // when
  await pressByKeyboard(page, 'Start the experiment');
  await page.awaitText('[data-progress]', /message \d+ of 1000/);
  await pressByKeyboard(page, 'Cancel');

  // then
  await page.awaitGone('[data-progress]');
  assert.deepEqual(await page.texts('[data-errors]'), []);
  page.hasLoggedNothing();
  await page.close();
});

function figures(page) {
  return page.tab.$$eval('>>> tr[data-transport]', (rows) =>
    rows.map((row) => ({
      mode: row.closest('section').dataset.mode,
      transport: row.dataset.transport,
      label: row.querySelector('th').textContent.trim(),
      lost: row.querySelector('[data-lost]').textContent.trim(),
      ...Object.fromEntries([...row.querySelectorAll('[data-figure]')].map((cell) => [cell.dataset.figure, Number(cell.dataset.value)])),
    })),
  );
}

/** As the README has it. */
function show(rows) {
  console.log(`${CLIENTS} clients, ${FOR_ALL} messages for all and ${FOR_EACH} for each, mean (median, p95) in milliseconds:`);
  for (const row of rows) {
    const part = (measure) =>
      ['mean', 'median', 'p95'].map((name) => row[`${measure}-${name}`].toFixed(1)).join(' / ');
    console.log(`  ${row.mode.padEnd(5)} ${row.label.padEnd(36)} first ${part('first')}   every ${part('total')}`);
  }
}

async function photographElement(page, element, name) {
  const { x, y, width, height } = await element.boundingBox();
  const clip = { x: x - MARGIN, y: y - MARGIN, width: width + 2 * MARGIN, height: height + MARGIN };
  await page.photograph(name, { clip, captureBeyondViewport: true });
}

/** By Tab alone, from the top of the page. */
async function pressByKeyboard(page, label) {
  await page.tab.evaluate(() => document.activeElement?.blur());
  for (let presses = 0; presses < 80; presses++) {
    await page.tab.keyboard.press('Tab');
    const focused = await page.tab.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) {
        element = element.shadowRoot.activeElement;
      }
      return element?.textContent.trim();
    });
    if (focused === label) {
      await page.tab.keyboard.press('Enter');
      return;
    }
  }
  assert.fail(`Nobody gets to ${label} by keyboard`);
}
