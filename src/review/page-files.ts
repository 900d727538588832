import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { SayehError } from '../core/errors.ts';

/** A file of the page, in memory. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Where `npm run build` puts the page: beside this file once it is built, or below `dist` when run from source. */
const PLACES = ['page', '../../dist/review/page'];

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
};

/**
 * Reads the page once: addresses and what is answered to them. Nothing that is not on this list is ever read for
 * a request. Throws SayehError('internal') where the page was not built.
 */
export async function readPage(): Promise<ReadonlyMap<string, PageFile>> {
  for (const place of PLACES) {
    const folder = path.join(import.meta.dirname, place);
    const files = await readFolder(folder).catch(() => undefined);
    if (files?.has('/')) return files;
  }
  throw new SayehError('internal', 'the review page was not built; `npm run build` does');
}

async function readFolder(folder: string): Promise<Map<string, PageFile>> {
  const files = new Map<string, PageFile>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[path.extname(entry.name)];
    if (!entry.isFile() || !type) continue;
    const file = path.join(entry.parentPath, entry.name);
    const address = `/${path.relative(folder, file).split(path.sep).join('/')}`;
    const bytes = Uint8Array.from(await readFile(file));
    files.set(address === '/index.html' ? '/' : address, { type, bytes });
  }
  return files;
}
