import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const hasBrowser = existsSync(CHROMIUM);
/** For a suite's title, so that a skipped run says why. */
export const browserNote = hasBrowser
  ? ''
  : ' (skipped: no /usr/bin/chromium; install Debian’s package chromium)';

export function launchBrowser(): Promise<Browser> {
  // Chromium's own sandbox needs rights that containers do not give.
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  return chromium.launch({ executablePath: CHROMIUM, args });
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** WCAG 2.2, levels A and AA, and what axe holds for good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe-core finds wrong with a page for people who see, hear or move otherwise; each as `rule: element`. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(
    // biome-ignore lint/suspicious/noExplicitAny: axe lives in the page, whose types are not here
    (values) => (globalThis as any).axe.run({ runOnly: { type: 'tag', values } }),
    RULES,
  );
  return violations.flatMap((rule: { id: string; impact: string; nodes: { html: string }[] }) =>
    rule.nodes.map(({ html }) => `${rule.id} (${rule.impact}): ${html.slice(0, 200)}`),
  );
}
