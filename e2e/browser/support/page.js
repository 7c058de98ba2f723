import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import puppeteer from 'puppeteer-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
const LIMIT = 60_000;

/** What puppeteer switches off so that tests of other things do not wait. */
const THROTTLING = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** The Chromium that the Java side has found. throttles: whether timers of hidden tabs are slow, as they are for people */
export function openBrowser({ throttles = false } = {}) {
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM,
    ignoreDefaultArgs: throttles ? THROTTLING : [],
    args: [
      '--no-sandbox',
      // A hidden tab's timers are at their worst at once, and not after five minutes.
      '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/1',
    ],
    defaultViewport: { width: 1440, height: 1000 },
    protocolTimeout: 180_000,
  });
}

/** A page that keeps what it has logged, and what was wrong with it. */
export class Page {
  static async open(browser, address) {
    const page = new Page(await browser.newPage());
    await page.tab.goto(address, { waitUntil: 'load' });
    return page;
  }

  constructor(tab) {
    this.tab = tab;
    this.logged = [];
    tab.setDefaultTimeout(LIMIT);
    tab.on('console', (message) => this.logged.push(`${message.type()}: ${message.text()}`));
    tab.on('pageerror', (error) => this.logged.push(`thrown: ${error.stack ?? error}`));
  }

  /** The first element, through all shadow roots. */
  find(selector) {
    return this.tab.waitForSelector(`>>> ${selector}`);
  }

  async text(selector) {
    const element = await this.find(selector);
    return element.evaluate((found) => found.textContent.trim());
  }

  async texts(selector) {
    return this.tab.$$eval(`>>> ${selector}`, (all) => all.map((one) => one.textContent.trim()));
  }

  /** Waits until the text of the element is as wanted; shows the last one when it never is. */
  async awaitText(selector, wanted, limit = LIMIT) {
    let last;
    await poll(async () => {
      const [found] = await this.texts(selector);
      last = found;
      return found !== undefined && (wanted instanceof RegExp ? wanted.test(found) : found === wanted);
    }, limit, () => `${selector} says "${last}" and not ${wanted}`);
  }

  /** Waits until there is no such element. */
  async awaitGone(selector, limit = LIMIT) {
    await poll(async () => (await this.texts(selector)).length === 0, limit, () => `${selector} is still there`);
  }

  /** A button, by what it says. */
  async press(label) {
    await this.tab.locator(`::-p-aria([name="${label}"][role="button"])`).click();
  }

  async chooseTab(label) {
    await this.tab.locator(`::-p-aria([name="${label}"][role="tab"])`).click();
  }

  /** Writes into a base component's field as a person does. */
  async write(name, text) {
    const input = await this.find(`input[name="${name}"]`);
    await input.click({ count: 3 });
    await input.type(String(text));
    await this.tab.keyboard.press('Tab');
  }

  async tick(value, on) {
    const box = await this.find(`input[type="checkbox"][value="${value}"]`);
    if ((await box.evaluate((found) => found.checked)) !== on) {
      await box.evaluate((found) => found.click());
    }
  }

  /** What axe-core has against the page. */
  async violations() {
    await this.tab.addScriptTag({ path: AXE });
    const { violations } = await this.tab.evaluate(
      (rules) => globalThis.axe.run(document, { runOnly: { type: 'tag', values: rules } }),
      RULES,
    );
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(' | ')}`);
  }

  hasLoggedNothing() {
    assert.deepEqual(this.logged, []);
  }

  /** A picture into target/screenshots, and into the documentation's folder when one is given. */
  async photograph(name, options = { fullPage: true }) {
    for (const folder of [process.env.SCREENSHOTS, process.env.DOC_SCREENSHOTS].filter(Boolean)) {
      await mkdir(folder, { recursive: true });
      await this.tab.screenshot({ path: join(folder, `${name}.png`), ...options });
    }
  }

  async close() {
    await this.tab.close();
  }
}

/** Asks until the answer is true. */
export async function poll(question, limit, complaint) {
  const end = Date.now() + limit;
  while (!(await question())) {
    if (Date.now() > end) {
      assert.fail(complaint());
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
