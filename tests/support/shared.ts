import fs from 'node:fs';
import path from 'node:path';

/** The folder of labelled photographs, dirty files and clips that lies beside the checkout where there is one. */
export const SHARED = path.resolve(import.meta.dirname, '../../../shared');
export const hasShared = fs.existsSync(path.join(SHARED, 'data'));
/** For a suite's title, so that a skipped run says why. */
export const sharedNote = hasShared ? '' : ' (skipped: ../shared/data is not here)';

/** Every file below a folder, sorted, as paths from that folder. */
export function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}
