import { signal } from '@preact/signals';
import { FrameCache, type Held } from '../logic/frame-cache.ts';
import { ask } from './client.ts';

/** A decoded frame, ready to be drawn. */
export interface Picture extends Held {
  readonly bitmap: ImageBitmap;
}

/** Decoded frames kept, in bytes: about seventy at 1280x720. */
const MOST_BYTES = 256 * 2 ** 20;
/** The server takes this many at once from one page. */
const AT_ONCE = 6;

const cache = new FrameCache<Picture>(MOST_BYTES);
const underWay = new Map<string, AbortController>();
const failed = new Set<string>();
let wanted: readonly string[] = [];

/** Counts arrivals, so that what waits for a frame looks again. */
export const arrivals = signal(0);

/** The address of one frame, which is also its name in the cache. */
export function frameAddress(
  item: number,
  frame: number,
  query: Readonly<Record<string, string | number>>,
): string {
  const asked = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  return `/items/${item}/frames/${frame}?${asked}`;
}

export const pictureAt = (address: string): Picture | undefined => cache.get(address);
export const hasFailed = (address: string): boolean => failed.has(address);

/**
 * Asks for frames, the most wanted first, and lets go of requests for any other: the server then skips them. A
 * `#` in an address and what follows tells apart what the server draws from another plan, and is not sent.
 */
export function want(addresses: readonly string[]): void {
  wanted = addresses;
  for (const [address, controller] of underWay) if (!addresses.includes(address)) controller.abort();
  start();
}

function start(): void {
  for (const address of wanted) {
    if (underWay.size >= AT_ONCE) return;
    if (!cache.has(address) && !underWay.has(address) && !failed.has(address)) void load(address);
  }
}

async function load(address: string): Promise<void> {
  const controller = new AbortController();
  underWay.set(address, controller);
  try {
    cache.put(address, await fetchPicture(address, controller.signal));
  } catch {
    if (!controller.signal.aborted) failed.add(address);
  } finally {
    underWay.delete(address);
    if (!controller.signal.aborted) arrivals.value++;
    start();
  }
}

/** One frame, outside the cache. */
export async function fetchPicture(address: string, abort?: AbortSignal): Promise<Picture> {
  const [path] = address.split('#');
  const response = await ask(path, abort ? { signal: abort } : {});
  const bitmap = await createImageBitmap(await response.blob());
  return { bitmap, bytes: bitmap.width * bitmap.height * 4, close: () => bitmap.close() };
}

/** Forgets everything: another item is opened, or frames that failed are to be tried again. */
export function forgetFrames(): void {
  want([]);
  failed.clear();
  cache.clear();
}
