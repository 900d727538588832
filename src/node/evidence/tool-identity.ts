import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EvidenceRun } from '../../core/evidence/evidence.ts';
import { readManifest } from '../inference/model-store.ts';

/** Sayeh's program files: `dist`, or `src` where it runs from source. */
const CODE = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Which Sayeh this is. `codeSha256` is the SHA-256 of a list of its program files, one line `sha256  path` each as
 * sha256sum prints them, sorted by path: two installations with the same number run the same code.
 */
export async function toolIdentity(): Promise<EvidenceRun['tool']> {
  const { version, dependencies } = JSON.parse(
    await readFile(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  const models = Object.entries(await readManifest()).map(([name, { sha256 }]) => [name, sha256]);
  return {
    name: 'sayeh',
    version,
    codeSha256: await codeHash(),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    dependencies,
    models: Object.fromEntries(models),
  };
}

async function codeHash(): Promise<string> {
  const suffix = path.extname(fileURLToPath(import.meta.url));
  const entries = await readdir(CODE, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => path.relative(CODE, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((name) => !name.startsWith('bench/'))
    .sort();
  const list = createHash('sha256');
  for (const name of names) {
    const digest = createHash('sha256')
      .update(await readFile(path.join(CODE, name)))
      .digest('hex');
    list.update(`${digest}  ${name}\n`);
  }
  return list.digest('hex');
}
