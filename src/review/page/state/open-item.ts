import { batch } from '@preact/signals';
import { decodeTimes } from '../../../core/review/frame-times.ts';
import { unpackPlan } from '../../../core/review/packed-plan.ts';
import { type CodedTimes, PACKED_PLAN, type PlanAnswer, type Session } from '../../api.ts';
import { FrameTimes } from '../logic/frame-times.ts';
import { WHOLE } from '../logic/viewport.ts';
import { getBytes, getJson } from './client.ts';
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
  void fetchTimes(index);
}

/** Fetches the open item's plan again, because it changed elsewhere. */
export async function reloadPlan(): Promise<void> {
  const index = itemIndex.peek();
  const fresh = await fetchReview(index);
  const now = review.peek();
  if (itemIndex.peek() !== index) return;
  review.value = { ...fresh, times: now?.item === index ? now.times : fresh.times };
}

/** A review whose frames are taken to come evenly, until it is known when they do. */
async function fetchReview(index: number): Promise<Review> {
  const bytes = await getBytes(`/items/${index}/plan`, PACKED_PLAN);
  const { revision, plan, canUndo, canRedo } = unpackPlan<PlanAnswer>(bytes);
  const { frames, frameRate } = plan.film;
  return { item: index, revision, plan, times: new FrameTimes([], frames, frameRate), canUndo, canRedo };
}

/** Fetches when each frame is shown. A film whose frames cannot be counted fails, which the server's news tell. */
async function fetchTimes(index: number): Promise<void> {
  const coded = await getJson<CodedTimes>(`/items/${index}/times`).catch(() => undefined);
  const now = review.peek();
  if (!coded || now?.item !== index) return;
  const { frames, frameRate } = now.plan.film;
  const quick = Array.from(decodeTimes({ num: 1, den: 1, runs: coded.quick }));
  const times = new FrameTimes(Array.from(decodeTimes(coded)), frames, frameRate, quick);
  const { from, to } = timeWindow.peek();
  const toTheEnd = to >= now.times.duration;
  batch(() => {
    review.value = { ...now, times };
    timeWindow.value = { from, to: toTheEnd ? times.duration : Math.min(to, times.duration) };
  });
}
