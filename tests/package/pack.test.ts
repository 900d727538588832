import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Packs a folder as for publishing, and says what came of it. */
function pack(folder: string, into: string): { file: string; sha256: string } {
  mkdirSync(into);
  const options = ['pack', '--ignore-scripts', '--silent', '--offline', '--pack-destination', into];
  execFileSync('npm', options, { cwd: folder, stdio: 'ignore' });
  const [name] = readdirSync(into);
  const file = path.join(into, name);
  return { file, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
}

it('the package of a build is the same to the byte, wherever and whenever it is packed', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sayeh-pack-'));
  try {
    const first = pack(ROOT, path.join(folder, 'first'));
    execFileSync('tar', ['-xzf', first.file, '-C', folder]);
    const copy = path.join(folder, 'package');
    const files = readdirSync(copy, { recursive: true, encoding: 'utf8' }).map((name) =>
      path.join(copy, name),
    );
    for (const name of files) utimesSync(name, new Date(), new Date());

    // Elsewhere, with other times and no history around it.
    expect(pack(copy, path.join(folder, 'second')).sha256).toBe(first.sha256);

    const names = files.map((file) => path.relative(copy, file));
    for (const name of [
      'package.json',
      'bin/sayeh.js',
      'dist/cli/main.js',
      'models/manifest.json',
      'LICENSE',
    ]) {
      expect(names).toContain(name);
    }
    const strangers = names.filter((name) =>
      /(^|\/)(tests?|node_modules|\.git|bench|training)(\/|$)/.test(name),
    );
    expect(strangers).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 600_000);
