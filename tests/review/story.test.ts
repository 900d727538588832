import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/review/page/logic/digits.ts';
import { place, WHOLE } from '../../src/review/page/logic/viewport.ts';
import { WORDS } from '../../src/review/page/words/index.ts';
import { axeViolations, browserNote, hasBrowser, launchBrowser } from '../support/browser.ts';
import { sayeh } from '../support/cli.ts';
import { ffmpeg, ffprobe, panOver, samplePhoto } from '../support/clips.ts';
import { NUMBERED, numberedFilm, readNumber } from '../support/numbered-film.ts';
import { endReviewProcess, type ReviewProcess, startReviewProcess } from '../support/review-process.ts';
import { openPage, planOf, pointer, soon } from './opened-page.ts';

const SIZE = { width: 640, height: 360 };

/** A pan over four people; one of them vanishes behind a grey board for a while, which a reviewer should look at. */
async function film(file: string): Promise<void> {
  const pan = panOver(4, { ...SIZE, seconds: 4, rate: 15 });
  const filters = pan.indexOf('-vf') + 1;
  pan[filters] += ",drawbox=x=150:y=60:w=170:h=300:color=gray:t=fill:enable='between(t,1.5,2.6)'";
  await ffmpeg(...pan, '-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', file);
}

describe.skipIf(!hasBrowser)(`the review page${browserNote}`, { timeout: 1_200_000 }, () => {
  let browser: Browser;
  let folder: string;
  let clip: string;
  let plan: string;
  const started: ReviewProcess[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
    folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-story-'));
    clip = path.join(folder, 'clip.mp4');
    await film(clip);
    plan = path.join(folder, 'plan.json');
    expect((await sayeh('plan', clip, '-o', plan)).code).toBe(0);
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all(started.map(endReviewProcess));
    await rm(folder, { recursive: true, force: true });
  });

  async function serve(...args: string[]): Promise<ReviewProcess> {
    const process = await startReviewProcess(...args);
    started.push(process);
    return process;
  }

  const open = (process: ReviewProcess, options: Parameters<Browser['newPage']>[0] = {}) =>
    openPage(browser, process, options);

  /** The grey values of the picture on the screen, cut out of the stage. */
  async function shown(page: Page, picture: { width: number; height: number }) {
    const { luma, width, height } = await page.evaluate(() => {
      const canvas = document.querySelector('.sight canvas') as HTMLCanvasElement;
      const { data, width, height } = canvas
        .getContext('2d')!
        .getImageData(0, 0, canvas.width, canvas.height);
      return { width, height, luma: Array.from({ length: width * height }, (_, i) => data[4 * i + 1]) };
    });
    const { x, y, scale } = place(WHOLE, picture, { width, height });
    const [w, h] = [Math.floor(picture.width * scale), Math.floor(picture.height * scale)];
    const cut = new Uint8Array(w * h);
    for (let row = 0; row < h; row++) {
      for (let column = 0; column < w; column++) {
        cut[row * w + column] = luma[(Math.ceil(y) + row) * width + Math.ceil(x) + column];
      }
    }
    return { luma: cut, width: w, height: h, scale };
  }

  /** Keys act on the page again. */
  const gone = (page: Page) => page.locator('dialog').waitFor({ state: 'detached' });
  const visibleCount = (page: Page) => page.locator('.visible .number').textContent();
  const message = (page: Page, text: string) => page.locator('.message', { hasText: text }).waitFor();

  it('takes an editor from the first doubt to the written file', async () => {
    const { en } = WORDS;
    const out = path.join(folder, 'out');
    const server = await serve(clip, '--plan', plan, '-o', `${out}/`);
    const { page, wrong } = await open(server);
    expect(page.url()).not.toContain('#');
    const before = await planOf(page);
    expect(before.risks.length).toBeGreaterThan(1);
    expect(await visibleCount(page)).toBe('0');

    // The first risk: its row is marked, its frame is on the screen, and it is said.
    await page.keyboard.press('n');
    const row = page.locator('.risk [aria-current=true]');
    await row.waitFor();
    expect(await page.locator('.timeline canvas').getAttribute('aria-valuenow')).toBe(
      String(before.risks[0].at + 1),
    );
    expect(await page.locator('[role=status]').textContent()).toContain(
      en.reasons[before.risks[0].reasons[0] as keyof typeof en.reasons],
    );
    // Seen, and the next one is there.
    await page.keyboard.press('x');
    await soon(async () => (await planOf(page)).risks.filter(({ seen }) => seen).length).toBe(1);
    await soon(() => page.locator('.timeline canvas').getAttribute('aria-valuenow')).toBe(
      String(before.risks[1].at + 1),
    );

    // A place is drawn and followed through the shot.
    await page.keyboard.press('Home');
    await page.keyboard.press('e');
    const at = await pointer(page, SIZE);
    await page.mouse.move(...at(300, 210));
    await page.mouse.down();
    await page.mouse.move(...at(350, 270), { steps: 4 });
    await page.mouse.up();
    await soon(async () => (await planOf(page)).tracks.length).toBe(before.tracks.length + 1);
    const drawn = (await planOf(page)).tracks.find(({ standing }) => standing === 'drawn')!;
    expect(drawn.shape).toEqual({ kind: 'ellipse' });
    expect(drawn.boxes.length).toBeGreaterThan(1);
    for (const [i, wanted] of [300, 210, 50, 60].entries()) {
      expect(Math.abs(drawn.boxes[0 - drawn.from][i] - wanted)).toBeLessThan(2);
    }
    await page.locator('.selection .name', { hasText: en.lists.drawing(String(drawn.id)) }).waitFor();

    // Somebody is kept visible, by choosing and one key; it is undone and done again.
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('k');
    await soon(() => visibleCount(page)).toBe('1');
    const [kept] = (await planOf(page)).tracks.filter(({ decision }) => decision === 'keep');
    expect(await page.locator('.badges .kept').textContent()).toContain('1');
    expect(await page.locator('.top .badge.kept').textContent()).toContain('1');
    await page.keyboard.press('u');
    await message(page, en.said.undone);
    expect(await visibleCount(page)).toBe('0');
    await page.keyboard.press('Shift+U');
    await message(page, en.said.redone);
    expect(await visibleCount(page)).toBe('1');
    // Everybody is covered again with one key, and that can be undone too.
    await page.keyboard.press('a');
    await soon(() => visibleCount(page)).toBe('0');
    await page.keyboard.press('Control+z');
    await soon(() => visibleCount(page)).toBe('1');

    // From here on only: the track is cut, and the part before is covered.
    await page.keyboard.press('c');
    await soon(() => visibleCount(page)).toBe('0');
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
    // A mark is set in the frame that is to be seen, not in one that is still on its way.
    const sixth = `, ${en.view.frame('6', String(before.film.frames))}.`;
    await soon(() => page.locator('canvas[role=img]').getAttribute('aria-label')).toContain(sixth);
    await page.keyboard.press('[');
    await page.keyboard.press('k');
    await soon(() => visibleCount(page)).toBe('1');
    const parts = (await planOf(page)).tracks.filter(({ decision }) => decision === 'keep');
    expect(parts.map(({ from }) => from)).toEqual([5]);
    expect(parts[0].boxes).toHaveLength(kept.boxes.length - 5);

    // The protected picture: what was drawn over is gone, who is kept is as in the original.
    const original = await shown(page, SIZE);
    await page.keyboard.press('o');
    await page.locator('.badge', { hasText: en.view.protectedNote }).waitFor();
    await soon(async () => difference(await shown(page, SIZE), original, drawn.boxes[5])).toBeGreaterThan(6);
    expect(difference(await shown(page, SIZE), original, shrunk(parts[0].boxes[0]))).toBeLessThan(6);

    // Written, checked, and the report is read in the page.
    await page.keyboard.press('r');
    await page.keyboard.press('Enter');
    await page.locator('.run .good').waitFor({ timeout: 90_000 });
    expect(await page.locator('.run').textContent()).toContain(en.finish.done);
    await page.getByRole('button', { name: en.finish.showReport }).click();
    const report = page.frameLocator('iframe.report');
    await report.locator('h1').first().waitFor();
    expect((await report.locator('body').innerText()).length).toBeGreaterThan(200);
    const [name, ...more] = (await readdir(out)).filter((file) => file.endsWith('.mp4'));
    expect(more).toEqual([]);
    const { streams } = await ffprobe(path.join(out, name));
    expect(streams.map(({ codec_type }) => codec_type)).toEqual(['video']);
    expect((await sayeh('verify', path.join(out, name))).code).toBe(0);

    await page.keyboard.press('Escape');
    await gone(page);
    await page.keyboard.press('r');
    await page.getByRole('button', { name: en.finish.close }).click();
    await page.getByText(en.connection.closed).waitFor();
    expect(await server.ended).toBe(0);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('shows the very frame that it names, stepping, jumping and playing', async () => {
    const numbered = path.join(folder, 'numbered.mp4');
    await numberedFilm(90, '-c:v', 'libx264', '-x264-params', 'keyint=40:bframes=3', numbered);
    const { page } = await open(await serve(numbered, '-o', `${folder}/numbered/`));
    const named = async () =>
      Number(await page.locator('.timeline canvas').getAttribute('aria-valuenow')) - 1;
    const seen = async () => {
      const { luma, width } = await shown(page, NUMBERED);
      return readNumber(luma, width, width);
    };
    const settled = () => soon(async () => (await seen()) - (await named())).toBe(0);
    await settled();
    for (const key of ['ArrowRight', 'ArrowRight', 'End', 'ArrowLeft', ',', 'Home', '.', '.']) {
      await page.keyboard.press(key);
      await settled();
    }
    expect(await named()).toBe(50);
    // Playing, every frame is on the screen once: none is skipped.
    await page.keyboard.press('Home');
    await settled();
    const frames = page.evaluate(
      () =>
        new Promise<number[]>((done) => {
          const slider = document.querySelector('.timeline canvas') as HTMLElement;
          const all: number[] = [];
          const observer = new MutationObserver(() => {
            all.push(Number(slider.ariaValueNow) - 1);
            if (all.at(-1) === 30) {
              observer.disconnect();
              done(all);
            }
          });
          observer.observe(slider, { attributes: true, attributeFilter: ['aria-valuenow'] });
        }),
    );
    await page.keyboard.press('Space');
    expect(await frames).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    await page.keyboard.press('Space');
    await settled();
    await page.close();
  });

  it('is free of what axe finds, in every language, light and dark, with fingers and keys', async () => {
    const server = await serve(clip, '--plan', plan, '-o', `${folder}/axe/`);
    // The server ends with its last page, so one stays.
    const keeper = await open(server);
    for (const language of LANGUAGES) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const touch = colorScheme === 'light';
        const { page, wrong } = await open(server, {
          colorScheme,
          locale: language,
          ...(touch && { viewport: { width: 1024, height: 768 }, hasTouch: true, isMobile: true }),
        });
        const where = `${language} ${colorScheme}`;
        expect(await page.locator('html').getAttribute('dir'), where).toBe(language === 'en' ? 'ltr' : 'rtl');
        await page.keyboard.press('n');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('k');
        await soon(() => page.locator('.visible .go').count(), where).toBeGreaterThan(0);
        expect(await axeViolations(page), where).toEqual([]);
        if (touch) expect(await tooSmall(page), where).toEqual([]);
        expect(await outside(page), where).toEqual([]);
        for (const [key, open] of [
          ['e', '.selection select'],
          ['?', 'dialog'],
          ['r', 'dialog'],
        ]) {
          await page.keyboard.press(key);
          await page.locator(open).first().waitFor();
          expect(await axeViolations(page), `${where} ${key}`).toEqual([]);
          await page.keyboard.press('Escape');
          await gone(page);
        }
        await page.keyboard.press('a');
        await soon(() => page.locator('.visible .go').count(), where).toBe(0);
        expect(wrong, where).toEqual([]);
        await page.close();
      }
    }
    await keeper.page.close();
  });

  it('shows photos with the same tools, one after the other', async () => {
    const server = await serve(samplePhoto(1), samplePhoto(4), '-o', `${folder}/photos/`);
    const { page, wrong } = await open(server, { locale: 'fa', colorScheme: 'dark' });
    await page.locator('main.photo .over').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    const inFirst = await page.locator('.panel .row').count();
    expect(inFirst).toBeGreaterThan(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('k');
    await soon(() => page.locator('.visible .go').count()).toBe(1);
    await page.keyboard.press('PageDown');
    await soon(() => page.locator('.panel .row').count()).not.toBe(inFirst);
    await soon(() => page.locator('.visible .go').count()).toBe(0);
    // Both are counted before anything is written.
    await page.keyboard.press('r');
    await page.locator('.counts-of .alarm').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: WORDS.fa.finish.renderAll }).click();
    const ends = page.locator('.run .good, .run .alarm');
    await expect.poll(() => ends.count(), { timeout: 240_000 }).toBe(2);
    expect(await page.locator('.run .alarm').allTextContents()).toEqual([]);
    expect((await readdir(path.join(folder, 'photos'))).filter((name) => name.endsWith('.jpg'))).toHaveLength(
      2,
    );
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('lets the Tab key go all the way round, visibly, and does everything without a pointer', async () => {
    const { page } = await open(await serve(clip, '--plan', plan, '-o', `${folder}/keys/`));
    const { en } = WORDS;
    const visited: string[] = [];
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press('Tab');
      const [name, outlined] = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const name = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? element.tagName;
        return [
          name,
          element === document.body || (outlineStyle !== 'none' && outlineWidth !== '0px'),
        ] as const;
      });
      expect(outlined, name).toBe(true);
      if (visited.length > 10 && name === visited[0]) break;
      visited.push(name);
    }
    expect(visited[0]).toBe(en.landmarks.skip);
    expect(visited.length).toBeLessThan(79);
    for (const name of [en.commands.undo, en.commands.ellipse, en.commands.play, en.landmarks.timeline]) {
      expect(visited).toContain(name);
    }
    // A region drawn by keys alone, moved, and taken out again.
    const count = async () => (await planOf(page)).tracks.length;
    const before = await count();
    await page.getByRole('button', { name: en.commands.rectangle }).focus();
    await page.keyboard.press('Enter');
    for (const key of ['Enter', 'ArrowRight', 'Shift+ArrowDown', 'Enter']) await page.keyboard.press(key);
    await soon(count).toBe(before + 1);
    await page.keyboard.press('Delete');
    await soon(count).toBe(before);
    // Keys pressed faster than the server answers: each counts, in its turn, and none acts on somebody else.
    await page.keyboard.press('ArrowDown');
    for (const key of ['k', 'u', 'Shift+U', 'a', 'u', 'c', 'k']) await page.keyboard.press(key);
    await soon(() => visibleCount(page)).toBe('1');
    for (const key of ['c', 'ArrowDown', 'k', 'ArrowDown', 'k', 'u', 'u', 'u'])
      await page.keyboard.press(key);
    await message(page, en.said.undone);
    await soon(
      async () => (await planOf(page)).tracks.filter(({ decision }) => decision === 'keep').length,
    ).toBe(1);
    await page.keyboard.press('a');
    await soon(() => visibleCount(page)).toBe('0');
    // Single keys can be turned off for people who speak to their computer.
    await page.getByRole('button', { name: en.settings.title }).click();
    await page.getByRole('checkbox', { name: en.settings.singleKeys }).uncheck();
    await page.keyboard.press('Escape');
    await gone(page);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('k');
    // The k does nothing; the step that is undone is that everybody was covered.
    await page.keyboard.press('Control+z');
    await soon(() => visibleCount(page)).toBe('1');
    await page.close();
  });
});

type Shown = { luma: Uint8Array; width: number; height: number; scale: number };

/** Mean difference of two pictures within a box, which is in pixels of the source. */
function difference(a: Shown, b: Shown, [x, y, width, height]: readonly number[]): number {
  let sum = 0;
  let pixels = 0;
  for (let row = Math.round(y * a.scale); row < (y + height) * a.scale && row < a.height; row++) {
    for (let column = Math.round(x * a.scale); column < (x + width) * a.scale && column < a.width; column++) {
      const i = row * a.width + column;
      sum += Math.abs(a.luma[i] - b.luma[i]);
      pixels++;
    }
  }
  return sum / pixels;
}

/** The middle of a box, away from covers beside it. */
const shrunk = ([x, y, width, height]: readonly number[]) => [
  x + width / 3,
  y + height / 3,
  width / 3,
  height / 3,
];

/** Things to press that are too small for a finger: under 44 CSS pixels in either direction. */
const tooSmall = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, select, [role=tab], [role=slider]')]
      .filter((element) => element.checkVisibility())
      .map((element) => ({
        name: element.ariaLabel ?? element.textContent,
        box: element.getBoundingClientRect(),
      }))
      .filter(({ box }) => box.width < 44 || box.height < 44)
      .map(({ name, box }) => `${name}: ${box.width}x${box.height}`),
  );

/** Things to press that reach out of the window, and a page that scrolls sideways. */
const outside = (page: Page) =>
  page.evaluate(() => [
    ...(document.documentElement.scrollWidth > innerWidth ? ['the page'] : []),
    ...[...document.querySelectorAll<HTMLElement>('header button, .work button, .below button')]
      .filter((element) => element.checkVisibility())
      .filter((element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
      })
      .map((element) => element.ariaLabel ?? element.textContent ?? ''),
  ]);
