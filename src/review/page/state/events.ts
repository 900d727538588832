import { batch } from '@preact/signals';
import type { ServerEvent, SessionItem } from '../../api.ts';
import { Lines } from '../logic/lines.ts';
import { ask, postJson } from './client.ts';
import { openItem, openSession, reloadPlan } from './open-item.ts';
import { percent, words } from './preferences.ts';
import { onProgress, onRendered } from './rendering.ts';
import { itemIndex, items, review } from './review.ts';
import { connection, say, unsaved, warn } from './status.ts';
import { inTurn } from './turns.ts';
import { following } from './view.ts';

/** Breaks in a row after which the server counts as gone. */
const MOST_BREAKS = 4;
const ALIVE_EVERY = 20_000;

const closing = new AbortController();

/** Lets go of the server: an open stream would keep it waiting for this page. */
export const stopListening = (): void => closing.abort();

/** Listens to the server for as long as the page is open. */
export async function listen(): Promise<void> {
  const alive = setInterval(() => void postJson('/alive').catch(() => {}), ALIVE_EVERY);
  closing.signal.addEventListener('abort', () => clearInterval(alive));
  // The server saves what it holds and ends, unless this page comes back at once.
  addEventListener('pagehide', () => void postJson('/close', {}, { keepalive: true }).catch(() => {}));
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  let breaks = 0;
  while (connection.peek() !== 'closed') {
    try {
      await readEvents(() => {
        breaks = 0;
      });
    } catch {
      breaks++;
    }
    if (connection.peek() === 'closed') return;
    if (breaks >= MOST_BREAKS) connection.value = 'lost';
    await new Promise((done) => setTimeout(done, 1000));
  }
}

async function readEvents(onLine: () => void): Promise<void> {
  const { body } = await ask('/events', { signal: closing.signal });
  if (!body) throw new Error('no stream');
  const lines = new Lines();
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    for (const line of lines.push(value)) {
      onLine();
      handle(JSON.parse(line) as ServerEvent);
    }
  }
}

function handle(event: ServerEvent): void {
  switch (event.type) {
    case 'hello':
      // The server is there again: what was missed meanwhile is asked for.
      if (connection.peek() === 'lost') void openSession();
      return;
    case 'item':
      onItem(event.item);
      return;
    case 'progress':
      if (event.phase === 'follow') {
        if (following.peek()) following.value = { share: event.total && event.done / event.total };
      } else onProgress(event.item, event.job, event.phase, event.done, event.total);
      return;
    case 'rendered':
      onRendered(event.item, event.result);
      return;
    case 'plan':
      void catchUp(event.item, event.revision);
      return;
    case 'saving': {
      const now = new Map(unsaved.peek());
      if (event.problem === undefined) now.delete(event.item);
      else now.set(event.item, event.problem);
      unsaved.value = now;
      if (event.problem !== undefined) warn(event.problem);
      return;
    }
    case 'bye':
      connection.value = 'closed';
  }
}

/**
 * Fetches a plan that changed elsewhere. News of what this page itself asked for may come before the answer, so it is
 * looked at in its turn: a plan fetched in between would be older than what the next answer brings.
 */
function catchUp(item: number, revision: number): Promise<void> {
  return inTurn(async () => {
    const now = review.peek();
    if (now?.item === item && revision > now.revision) await reloadPlan();
  }).catch(() => {});
}

function onItem(changed: SessionItem): void {
  const before = items.peek()[changed.index];
  batch(() => {
    items.value = items.peek().map((item) => (item.index === changed.index ? changed : item));
  });
  const { said } = words.peek();
  if (before?.status !== 'ready' && changed.status === 'ready') {
    say(said.ready(changed.label));
    if (changed.index === itemIndex.peek()) void openItem(changed.index);
  } else if (before?.status !== 'failed' && changed.status === 'failed') {
    if (changed.index === itemIndex.peek()) void openItem(changed.index); // shows why
    warn(said.failed(changed.label));
  } else if (changed.status === 'analysing' && before?.status !== 'analysing') {
    say(said.analysing(changed.label, percent(changed.progress ?? 0)));
  }
}
