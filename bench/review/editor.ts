import type { BrowserServer, Page } from 'playwright-core';
import type { Box } from '../../src/core/geometry/box.ts';
import { place, WHOLE } from '../../src/review/page/logic/viewport.ts';
import type { Size } from '../bench.ts';
import { openBrowser, pictureShown, until } from './browser.ts';

/** Somebody at the review page who does what a script says, and whose keys and drags are counted. */
export class Editor {
  keys = 0;
  drags = 0;
  readonly #browser: BrowserServer;
  readonly #page: Page;
  readonly #picture: Size;

  private constructor(browser: BrowserServer, page: Page, picture: Size) {
    this.#browser = browser;
    this.#page = page;
    this.#picture = picture;
  }

  static async open(address: string, picture: Size): Promise<Editor> {
    const { server, page } = await openBrowser();
    await page.goto(address);
    await pictureShown(page);
    return new Editor(server, page, picture);
  }

  async press(key: string): Promise<void> {
    this.keys++;
    await this.#page.keyboard.press(key);
  }

  /** Waits until a frame is on the screen. */
  async arriveAt(frame: number): Promise<void> {
    await until(
      this.#page,
      `document.querySelector('.timeline canvas').ariaValueNow === '${frame + 1}' && !document.querySelector('.badge.late')`,
    );
  }

  /** Draws an ellipse around a face, a little larger, and waits until it was followed through the shot. */
  async cover(face: Box): Promise<void> {
    const before = await this.#drawn();
    await this.press('e');
    const sight = await this.#page.locator('.over').boundingBox();
    if (!sight) throw new Error('there is no picture');
    const { x, y, scale } = place(WHOLE, this.#picture, sight);
    const at = (px: number, py: number): [number, number] => [
      sight.x + x + px * scale,
      sight.y + y + py * scale,
    ];
    const [dx, dy] = [0.2 * face.width, 0.2 * face.height];
    await this.#page.mouse.move(...at(face.x - dx, face.y - dy));
    await this.#page.mouse.down();
    await this.#page.mouse.move(...at(face.x + face.width + dx, face.y + face.height + dy), { steps: 4 });
    await this.#page.mouse.up();
    this.drags++;
    while ((await this.#drawn()) === before) await this.#page.waitForTimeout(20);
    await this.press('Escape');
  }

  /** Marks the place that is looked at as seen, and waits until the page is at the next, or through. */
  async markSeen(): Promise<void> {
    const seen = await this.#page.locator('.row.risk.seen').count();
    await this.press('x');
    const rows = "[...document.querySelectorAll('.row.risk')]";
    const through = `${rows}.every((row) => row.matches('.seen'))`;
    const onward = `!document.querySelector('.row.risk.seen [aria-current]')`;
    const marked = `document.querySelectorAll('.row.risk.seen').length > ${seen}`;
    await until(this.#page, `${marked} && (${through} || ${onward})`);
  }

  async written(): Promise<void> {
    await this.#page.locator('.run .good').waitFor({ timeout: 3_600_000 });
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  async #drawn(): Promise<number> {
    return (await this.#plan()).tracks.filter(({ standing }) => standing === 'drawn').length;
  }

  async #plan(): Promise<{ tracks: { standing: string }[] }> {
    const answer = await this.#page.evaluate<{ plan: never }>(
      `fetch('/api/items/0/plan', { headers: { 'X-Sayeh-Token': sessionStorage.getItem('sayeh-token') } }).then((answer) => answer.json())`,
    );
    return answer.plan;
  }
}
