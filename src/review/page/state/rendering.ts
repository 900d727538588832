import { signal } from '@preact/signals';
import type { RenderAnswer, Rendered, RenderRequest } from '../../api.ts';
import { postJson, Refused } from './client.ts';
import { words } from './preferences.ts';
import { items, settings } from './review.ts';
import { connection, say, warn } from './status.ts';

/** How the writing of one item stands. */
export interface Rendering {
  readonly job: string | undefined;
  readonly phase: 'waiting' | 'render' | 'check';
  /** Of this phase, 0 to 1; undefined where it cannot be told. */
  readonly share: number | undefined;
  /** When this phase began, in milliseconds of performance.now(). */
  readonly since: number;
}

export const renderings = signal<ReadonlyMap<number, Rendering>>(new Map());
/** What came of it, by item; the newest run counts. */
export const results = signal<ReadonlyMap<number, Rendered>>(new Map());
/** Items still to be written, one after the other. */
const waiting: number[] = [];

function put<T>(map: ReadonlyMap<number, T>, key: number, value: T | undefined): ReadonlyMap<number, T> {
  const next = new Map(map);
  if (value === undefined) next.delete(key);
  else next.set(key, value);
  return next;
}

/** Writes items, one after the other. */
export function renderItems(indices: readonly number[]): void {
  for (const index of indices) {
    if (waiting.includes(index) || renderings.peek().has(index)) continue;
    waiting.push(index);
    results.value = put(results.peek(), index, undefined);
    renderings.value = put(renderings.peek(), index, {
      job: undefined,
      phase: 'waiting',
      share: undefined,
      since: performance.now(),
    });
  }
  void startNext();
}

async function startNext(): Promise<void> {
  if ([...renderings.peek().values()].some(({ phase }) => phase !== 'waiting')) return;
  const index = waiting.shift();
  if (index === undefined) return;
  try {
    renderings.value = put(renderings.peek(), index, {
      job: undefined,
      phase: 'render',
      share: 0,
      since: performance.now(),
    });
    const { job } = await postJson<RenderAnswer>(`/items/${index}/render`, {
      settings: settings.peek(),
    } satisfies RenderRequest);
    const now = renderings.peek().get(index);
    if (now) renderings.value = put(renderings.peek(), index, { ...now, job });
  } catch (error) {
    if (!(error instanceof Refused)) connection.value = 'lost';
    onRendered(index, { status: 'failed', code: 'refused', message: String((error as Error).message) });
  }
}

/** Stops the writing of an item, or takes it out of the row. */
export function stopRendering(index: number): void {
  const now = renderings.peek().get(index);
  const place = waiting.indexOf(index);
  if (place >= 0) {
    waiting.splice(place, 1);
    renderings.value = put(renderings.peek(), index, undefined);
  } else if (now?.job) void postJson(`/jobs/${now.job}/stop`).catch(() => {});
}

export function onProgress(
  index: number,
  job: string | undefined,
  phase: 'render' | 'check',
  done: number,
  total: number | undefined,
): void {
  const before = renderings.peek().get(index);
  renderings.value = put(renderings.peek(), index, {
    job: job ?? before?.job,
    phase,
    share: total ? done / total : undefined,
    since: before?.phase === phase ? before.since : performance.now(),
  });
}

export function onRendered(index: number, result: Rendered): void {
  renderings.value = put(renderings.peek(), index, undefined);
  results.value = put(results.peek(), index, result);
  const { finish, files } = words.peek();
  const name = files.file(items.peek()[index]?.label ?? '');
  if (result.status === 'done') say(`${name}: ${finish.done}`);
  else if (result.status === 'stopped') say(`${name}: ${finish.stopped}`);
  else warn(`${name}: ${finish.failed}. ${result.message}`);
  void startNext();
}

/** Takes over what the session says about runs that began or ended before this page was opened. */
export function takeOverRenderings(): void {
  for (const { index, job, rendered } of items.peek()) {
    if (rendered && !results.peek().has(index)) results.value = put(results.peek(), index, rendered);
    if (job && !renderings.peek().has(index)) onProgress(index, job, 'render', 0, undefined);
  }
}
