import { batch } from '@preact/signals';
import { decodeTimes } from '../../../core/review/frame-times.ts';
import type { PlanAnswer, Session } from '../../api.ts';
import { FrameTimes } from '../logic/frame-times.ts';
import { WHOLE } from '../logic/viewport.ts';
import { getJson } from './client.ts';
import { forgetFrames } from './frames.ts';
import {
  chosen,
  frame,
  itemIndex,
  items,
  type Review,
  review,
  risk,
  session,
  settings,
  shownFrame,
} from './review.ts';
import { connection } from './status.ts';
import { allDone } from './turns.ts';
import {
  draft,
  hasShown,
  list,
  look,
  playing,
  redrawing,
  span,
  timeWindow,
  tool,
  watchUntil,
} from './view.ts';

/** A film longer than this is not shown whole on the time axis at first, in seconds: lanes would be specks. */
const SHOWN_AT_FIRST = 90;

/** Fetches what there is to review and opens the first item that is ready. */
export async function openSession(): Promise<void> {
  const answer = await getJson<Session>('/session');
  batch(() => {
    session.value = answer;
    items.value = answer.items;
    settings.value = answer.settings;
    connection.value = 'open';
  });
  const ready = answer.items.find(({ status }) => status === 'ready');
  await openItem(ready?.index ?? answer.items[0]?.index ?? 0);
}

/** Shows an item. One that is not ready yet is shown as such, and opened when it is. */
export async function openItem(index: number): Promise<void> {
  // What was decided last belongs to the item that is open.
  await allDone();
  batch(() => {
    itemIndex.value = index;
    review.value = undefined;
    chosen.value = [];
    risk.value = undefined;
    span.value = {};
    draft.value = undefined;
    redrawing.value = undefined;
    tool.value = 'select';
    playing.value = false;
    watchUntil.value = undefined;
    look.value = WHOLE;
    frame.value = 0;
    shownFrame.value = 0;
    hasShown.value = false;
  });
  forgetFrames();
  if (items.peek()[index]?.status !== 'ready') return;
  const opened = await fetchReview(index);
  if (itemIndex.peek() !== index) return;
  batch(() => {
    review.value = opened;
    // Photos are seldom ranked: then everybody in them is the list to go through.
    if (list.peek() !== 'files') list.value = opened.plan.risks.length > 0 ? 'risks' : 'faces';
    timeWindow.value = { from: 0, to: Math.min(opened.times.duration, SHOWN_AT_FIRST) };
  });
}

/** Fetches the open item's plan again, because it changed elsewhere. */
export async function reloadPlan(): Promise<void> {
  const index = itemIndex.peek();
  const fresh = await fetchReview(index);
  if (itemIndex.peek() === index) review.value = fresh;
}

async function fetchReview(index: number): Promise<Review> {
  const { revision, plan, times, canUndo, canRedo } = await getJson<PlanAnswer>(`/items/${index}/plan`);
  const { frames, frameRate } = plan.film;
  const seconds = Array.from(decodeTimes(times));
  return { item: index, revision, plan, times: new FrameTimes(seconds, frames, frameRate), canUndo, canRedo };
}
