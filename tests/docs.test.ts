import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');
const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'models/README.md'],
  ...readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join('docs', name)),
];

it.each(PAGES)('%s names tests and files that are there', (page) => {
  const text = readFileSync(path.join(ROOT, page), 'utf8');
  const named = [...text.matchAll(/\btests\/[\w./-]*\w/g)].map(([name]) => path.join(ROOT, name));
  const linked = [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, target]) =>
    path.resolve(ROOT, path.dirname(page), target),
  );
  expect([...named, ...linked].filter((file) => !existsSync(file))).toEqual([]);
});
