import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Plan, parsePlan } from '../../src/core/plan/plan.ts';
import type { PlanAnswer } from '../../src/review/api.ts';
import { place, WHOLE } from '../../src/review/page/logic/viewport.ts';
import type { ReviewProcess } from '../support/review-process.ts';

/** Waits for something to become true. Other things may keep the machine busy. */
export const soon = <T>(get: () => T | Promise<T>, message = '') =>
  expect.poll(get, { timeout: 60_000, message });

/** Opens the page and waits until it names a frame; `wrong` collects everything that should not have happened. */
export async function openPage(
  browser: Browser,
  { address }: Pick<ReviewProcess, 'address'>,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<{ page: Page; wrong: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, ...options });
  page.setDefaultTimeout(90_000);
  const wrong: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(address).origin) && !request.url().startsWith('about:')) {
      wrong.push(`asked for ${request.url()}`);
    }
    if (request.url().includes(new URL(address).hash.slice(1))) wrong.push('told the key in an address');
  });
  await page.goto(address);
  await page.waitForFunction(() =>
    /[1-9١-٩۱-۹]/.test(document.querySelector('.sight [role=img]')?.ariaLabel ?? ''),
  );
  return { page, wrong };
}

/** The plan as the server has it now. */
export async function planOf(page: Page): Promise<Plan> {
  const answer = (await page.evaluate(async () => {
    const token = sessionStorage.getItem('sayeh-token') as string;
    return (await fetch('/api/items/0/plan', { headers: { 'X-Sayeh-Token': token } })).json();
  })) as PlanAnswer;
  return parsePlan(answer.plan);
}

/** Where points of the picture are in the window, while the whole picture is shown. */
export async function pointer(
  page: Page,
  picture: { readonly width: number; readonly height: number },
): Promise<(x: number, y: number) => [number, number]> {
  const sight = await page.locator('.over').boundingBox();
  if (!sight) throw new Error('there is no picture');
  const { x, y, scale } = place(WHOLE, picture, sight);
  return (px, py) => [sight.x + x + px * scale, sight.y + y + py * scale];
}
