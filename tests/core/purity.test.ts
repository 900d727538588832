import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { filesBelow } from '../support/shared.ts';

const CORE = path.resolve(import.meta.dirname, '../../src/core');

/** zod checks plans; it is plain JavaScript and touches nothing outside itself. */
const ALLOWED_PACKAGES = new Set(['zod']);
const IMPURE: readonly [RegExp, string][] = [
  [/\bDate\b(?!\w)\s*[.(]|new Date\b/, 'a clock'],
  [/Math\.random|crypto\./, 'randomness'],
  [/\bprocess\.|\bBuffer\b[.(]|\bfetch\(|\bsetTimeout\(|\bsetInterval\(|performance\./, 'the machine'],
  [/\bconsole\./, 'output'],
];

const files = filesBelow(CORE).filter((name) => name.endsWith('.ts'));

it('core has files to look at', () => {
  expect(files.length).toBeGreaterThan(100);
});

it.each(files)('%s is pure', (name) => {
  const source = readFileSync(path.join(CORE, name), 'utf8');
  const imports = [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, module]) => module);
  for (const module of imports) {
    if (!module.startsWith('.')) expect(ALLOWED_PACKAGES, `${name} imports ${module}`).toContain(module);
    else expect(path.resolve(path.dirname(path.join(CORE, name)), module)).toContain(`${CORE}${path.sep}`);
  }
  const code = source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''");
  for (const [pattern, what] of IMPURE) expect(pattern.test(code), `${name} uses ${what}`).toBe(false);
});
