import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { htmlReport } from '../../src/core/report/html.ts';
import type { Report } from '../../src/core/report/report.ts';
import { LANGUAGES, type Language } from '../../src/core/report/words/words.ts';
import { axeViolations, browserNote, hasBrowser, launchBrowser } from '../support/browser.ts';
import { calmPhoto, film, reportOn } from '../support/reports.ts';

const REPORTS = {
  'a film with much to look at': reportOn(film(42, 20)),
  'a calm photo': reportOn(calmPhoto()),
  'several files, one failed': reportOn(calmPhoto(), { ...film(3, 6), sound: 'kept' }, null),
};
/** Run in the page: sideways scrolling in pixels, the text's direction, targets lower than WCAG 2.5.8 asks for. */
const LAYOUT = `({
  over: document.documentElement.scrollWidth - innerWidth,
  direction: getComputedStyle(document.body).direction,
  small: [...document.querySelectorAll('input, a')].filter((target) =>
    (target.closest('label, li') ?? target).getBoundingClientRect().height < 24).length,
})`;
const SCHEMES = ['light', 'dark'] as const;

describe.skipIf(!hasBrowser)(`reports in a browser${browserNote}`, { timeout: 600_000 }, () => {
  let folder: string;
  let browser: Browser;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sayeh-reports-'));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  interface Look {
    readonly scheme?: 'light' | 'dark';
    readonly width?: number;
  }

  async function open(html: string, { scheme = 'light', width = 1000 }: Look = {}): Promise<Page> {
    const file = path.join(folder, 'report.html');
    await writeFile(file, html);
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme });
    page.setDefaultTimeout(300_000); // a busy machine has time
    await page.goto(pathToFileURL(file).href);
    return page;
  }
  const show = (report: Report, language: Language, look?: Look) => open(htmlReport(report, language), look);

  const looks = Object.keys(REPORTS).flatMap((name) =>
    LANGUAGES.flatMap((language) => SCHEMES.map((scheme) => [name, language, scheme] as const)),
  );
  test.each(looks)('%s, %s, %s: nothing is wrong with it for any reader', async (name, language, scheme) => {
    const page = await show(REPORTS[name as keyof typeof REPORTS], language, { scheme });
    expect(await axeViolations(page)).toEqual([]);
    // A wide window, and the narrowest at which WCAG asks for no scrolling sideways (1.4.10).
    for (const width of [1000, 320]) {
      await page.setViewportSize({ width, height: 800 });
      const direction = language === 'en' ? 'ltr' : 'rtl';
      expect(await page.evaluate(LAYOUT)).toEqual({ over: 0, direction, small: 0 });
    }
    expect(await axeViolations(page)).toEqual([]);
    await page.close();
  });

  test.each(LANGUAGES)('%s is laid out from the side its readers begin at', async (language) => {
    const page = await show(REPORTS['a film with much to look at'], language);
    const middle = async (selector: string) => {
      const box = await page.locator(selector).first().boundingBox();
      return (box?.x ?? 0) + (box?.width ?? 0) / 2;
    };
    const [tick, map] = [await middle('.moments input'), await middle('.moments .map')];
    const [icon, head] = [await middle('.verdict > svg'), await middle('.verdict h2')];
    expect(tick < map).toBe(language === 'en');
    expect(icon < head).toBe(language === 'en');
    // Films run from left to right everywhere, as in players.
    const ends = await page.locator('.timeline .ends span').allTextContents();
    const places = await page
      .locator('.timeline .ends span')
      .evaluateAll((all) => all.map((end) => end.getBoundingClientRect().x));
    expect(ends[0]).toMatch(/[0۰٠]:/);
    expect(places[0]).toBeLessThan(places[1]);
    await page.close();
  });

  test('it reads in order without eyes: verdict, what to look at, checklist, details; every tick has a name', async () => {
    const page = await show(REPORTS['a film with much to look at'], 'en');
    const headings = await page.getByRole('heading', { level: 2 }).allInnerTexts();
    expect(headings.map((text) => text.replace(/\s+/g, ' '))).toEqual([
      'Verdict: Do not publish yet',
      'What to look at',
      'What only you can check',
      'Details',
    ]);
    expect(await page.getByRole('checkbox', { name: /Looked at: .?0:16\.4/ }).count()).toBe(1);
    expect(await page.getByRole('checkbox', { name: /Number plates/ }).count()).toBe(1);
    const ticks = await page.getByRole('checkbox').count();
    expect(await page.getByRole('checkbox', { name: /\S{3}/ }).count()).toBe(ticks);
    expect(await page.getByRole('img', { name: /Where faces are covered/ }).count()).toBe(1);
    // By keyboard alone.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await page.getByRole('checkbox').first().isChecked()).toBe(true);
    await page.close();
  });

  test('a link in the list of files leads to what to look at in that file', async () => {
    const page = await show(REPORTS['several files, one failed'], 'ar');
    const links = await page
      .locator('.files a')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links).toEqual(['#look-3', '#look-2', '#look-1']);
    for (const link of links) expect(await page.locator(String(link)).count()).toBe(1);
    await page.close();
  });

  test('it prints, on white whatever the screen is', async () => {
    const page = await show(REPORTS['several files, one failed'], 'fa', { scheme: 'dark' });
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await background()).not.toBe('rgb(255, 255, 255)');
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThanOrEqual(3);
    expect(pages).toBeLessThanOrEqual(9);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await background()).toBe('rgb(255, 255, 255)');
    expect(await axeViolations(page)).toEqual([]);
    await page.close();
  });

  test('nothing is loaded or run, even where something got into the page', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked++;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const at = `http://127.0.0.1:${port}`;
    const intruder = [
      '<script>document.title = "ran"</script>',
      `<img src="${at}/x.png" onerror="document.title = 'ran'">`,
      `<iframe src="${at}/"></iframe><link rel="stylesheet" href="${at}/x.css">`,
      `<style>@import "${at}/y.css"; body { background: url(${at}/z.png) }</style>`,
      `<form action="${at}/"><input name="x"></form><script>document.forms[0].submit()</script>`,
    ].join('');
    const html = htmlReport(REPORTS['a calm photo'], 'en').replace('</main>', `${intruder}</main>`);
    try {
      const page = await open(html);
      await page.waitForLoadState('networkidle');
      expect({ asked, title: await page.title() }).toEqual({
        asked: 0,
        title: 'Protection report: Every face found is covered',
      });
      await page.close();
      // The same without the policy, so that this test is known to see what it looks for.
      const unguarded = await open(html.replace(/<meta http-equiv[^>]*>/, ''));
      await unguarded.waitForLoadState('networkidle');
      expect(asked).toBeGreaterThan(0);
      await unguarded.close();
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
