import { existsSync } from 'node:fs';
import path from 'node:path';

/** The checkout. Benches are compiled into a folder below it, so it is searched for upwards. */
export const ROOT = findRoot(import.meta.dirname);
/** The folder of labelled photographs that lies beside the checkout where there is one (see tests/support/shared.ts). */
export const SHARED = path.join(ROOT, '..', 'shared');
export const LEAKBENCH = path.join(SHARED, 'leakbench', 'leakbench.mjs');
export const COMPARE = path.join(SHARED, 'leakbench', 'compare.mjs');
export const WIDER = path.join(SHARED, 'data', 'wider');
/** `protect` without looking again, for comparison. */
export const UNCHECKED = path.join(import.meta.dirname, 'unchecked-protect.js');
export const LAUNCHER = path.join(ROOT, 'bin', 'sayeh.js');

/** Throws where labelled photographs or what scores them are missing, with what to do. */
export function needShared(): void {
  for (const place of [LEAKBENCH, COMPARE, WIDER]) {
    if (!existsSync(place))
      throw new Error(`../shared/${path.relative(SHARED, place)} is not here; this bench needs it`);
  }
}

function findRoot(folder: string): string {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  const above = path.dirname(folder);
  if (above === folder) throw new Error('run the benches from a checkout of Sayeh');
  return findRoot(above);
}
