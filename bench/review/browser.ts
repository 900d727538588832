import { type BrowserServer, chromium, type Page } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** A browser that is open already, as a person's is. */
export async function openBrowser(): Promise<{ server: BrowserServer; page: Page }> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  const server = await chromium.launchServer({ executablePath: CHROMIUM, args });
  const browser = await chromium.connect(server.wsEndpoint());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(300_000);
  return { server, page };
}

// What runs in the page is text: the benches know no DOM.
const PICTURE = "document.querySelector('.sight [role=img]')";
const IS_PAINTED = `(() => {
  const canvas = document.querySelector('.sight canvas');
  if (!canvas || canvas.width === 0) return false;
  return canvas.getContext('2d').getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[3] === 255;
})()`;
/** The picture's label names its frame. */
const NEXT_FRAME = `new Promise((done) => {
  const observer = new MutationObserver(() => {
    observer.disconnect();
    done();
  });
  observer.observe(${PICTURE}, { attributes: true, attributeFilter: ['aria-label'] });
})`;
const framesWithin = (milliseconds: number) => `new Promise((done) => {
  let frames = 0;
  const observer = new MutationObserver(() => frames++);
  observer.observe(${PICTURE}, { attributes: true, attributeFilter: ['aria-label'] });
  setTimeout(() => {
    observer.disconnect();
    done(frames);
  }, ${milliseconds});
})`;

/** Resolves when an expression is true in the page, which allows no evaluation of its own making. */
export async function until(page: Page, expression: string): Promise<void> {
  await page.evaluate(`new Promise((done) => {
    const look = () => (${expression} ? done() : requestAnimationFrame(look));
    look();
  })`);
}

/** Resolves when the film's picture is on the screen: its middle is painted. */
export async function pictureShown(page: Page): Promise<void> {
  await until(page, IS_PAINTED);
}

/**
 * Drags along the bar of the whole film, anywhere: as soon as a frame is on the screen the next is asked for.
 * Answers the milliseconds that each took.
 */
export async function jumpAbout(page: Page, count: number): Promise<number[]> {
  const bar = await page.locator('.timeline canvas').boundingBox();
  if (!bar) throw new Error('the page has no time axis');
  const at = (i: number) => bar.x + 2 + (((i * 7919 * 31 + 17) % 9973) / 9973) * (bar.width - 4);
  const took: number[] = [];
  await page.mouse.move(at(0), bar.y + 5);
  await page.mouse.down();
  for (let i = 1; i <= count; i++) {
    const from = performance.now();
    const shown = page.evaluate(NEXT_FRAME);
    await page.mouse.move(at(i), bar.y + 5);
    await shown;
    took.push(performance.now() - from);
  }
  await page.mouse.up();
  return took;
}

/** Plays for so long; how many frames were on the screen in that time. */
export async function play(page: Page, seconds: number): Promise<number> {
  const counting = page.evaluate<number>(framesWithin(1000 * seconds));
  await page.keyboard.press('Space');
  const frames = await counting;
  await page.keyboard.press('Space');
  return frames;
}
