import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from './places.ts';

const DOCS = path.join(ROOT, 'docs');
/** Benches with a page of their own. */
const OWN_PAGES: Readonly<Record<string, string>> = { recognise: 'recognition.md' };

/**
 * Puts text into the page of benchmarks, or the bench's own, between the marks of that bench, in the place of what
 * was there. A bench whose results belong elsewhere has no marks, and nothing is written for it.
 */
export async function writeIntoDocs(name: string, text: string): Promise<void> {
  const file = path.join(DOCS, OWN_PAGES[name] ?? 'benchmarks.md');
  const page = await readFile(file, 'utf8');
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) return;
  await writeFile(file, `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`);
}
