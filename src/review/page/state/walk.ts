import { batch } from '@preact/signals';
import { iou } from '../../../core/geometry/box.ts';
import type { PlanRisk, PlanTrack } from '../../../core/plan/plan.ts';
import { nextRisk, previousRisk } from '../logic/risk-order.ts';
import { showMoment } from '../logic/time-window.ts';
import { frameToSee, lastsThrough, neighbourTrack, stateOf, tracksAt } from '../logic/track-state.ts';
import { edit } from './change-plan.ts';
import { nameOf, timeOf } from './decide.ts';
import { words } from './preferences.ts';
import { chosen, frame, review, risk, risks, risksInOrder, tracks, tracksHere } from './review.ts';
import { say } from './status.ts';
import { list, playing, timeWindow, watchUntil } from './view.ts';

/** Shows a frame; a film that plays stops. */
export function goTo(to: number): void {
  const now = review.peek();
  if (!now) return;
  const wanted = Math.min(now.plan.film.frames - 1, Math.max(0, Math.round(to)));
  batch(() => {
    playing.value = false;
    watchUntil.value = undefined;
    frame.value = wanted;
    timeWindow.value = showMoment(timeWindow.peek(), now.times.at(wanted), now.times.duration);
  });
}

export const stepBy = (frames: number): void => goTo(frame.peek() + frames);

export function stepSeconds(seconds: number): void {
  const times = review.peek()?.times;
  if (!times) return;
  const to = times.frameAt(times.at(frame.peek()) + seconds);
  goTo(to === frame.peek() ? to + Math.sign(seconds) : to);
}

export function goToCut(direction: 1 | -1): void {
  const now = review.peek();
  if (!now) return;
  const at = frame.peek();
  const stops = [0, ...now.plan.cuts, now.plan.film.frames - 1];
  goTo(direction > 0 ? (stops.find((cut) => cut > at) ?? at) : (stops.findLast((cut) => cut < at) ?? 0));
}

export function togglePlay(): void {
  const now = review.peek();
  if (!now || now.plan.film.frames < 2) return;
  if (!playing.peek() && frame.peek() >= now.plan.film.frames - 1) goTo(0);
  watchUntil.value = undefined;
  playing.value = !playing.peek();
}

/** Plays the stretch of the risk that is looked at, or of the chosen track. */
export function watch(): void {
  const place = risk.peek();
  const about = place === undefined ? undefined : risks.peek()[place];
  const track = tracks.peek().find(({ id }) => id === chosen.peek().at(-1));
  const stretch = about ?? (track && { from: track.from, to: track.from + track.boxes.length });
  if (!stretch) {
    togglePlay();
    return;
  }
  goTo(stretch.from);
  watchUntil.value = stretch.to - 1;
  playing.value = true;
}

/** Goes to a risk: its frame, and the track it is about. */
export function goToRisk(place: number | undefined): void {
  const about = place === undefined ? undefined : risks.peek()[place];
  const { said, lists, reasons, separators } = words.peek();
  if (place === undefined || !about) {
    say(risks.peek().length > 0 ? said.allSeen : lists.risksNone);
    return;
  }
  batch(() => {
    goTo(about.at);
    risk.value = place;
    list.value = 'risks';
    const track = trackOf(about);
    chosen.value = track ? [track.id] : [];
  });
  const why = about.reasons.map((reason) => (reasons as Record<string, string>)[reason] ?? reason);
  say(lists.risk(timeOf(about.at), why.join(separators.list)));
}

export const toNextRisk = (): void => goToRisk(nextRisk(risks.peek(), risksInOrder.peek(), risk.peek()));
export const toPreviousRisk = (): void => goToRisk(previousRisk(risksInOrder.peek(), risk.peek()));

/** Marks the risk that is looked at as seen, and goes on to the next. */
export async function markSeen(): Promise<void> {
  const place = risk.peek();
  if (place === undefined) {
    toNextRisk();
    return;
  }
  if (!risks.peek()[place]?.seen && !(await setSeen(place, true))) return;
  toNextRisk();
}

export async function setSeen(place: number, seen: boolean): Promise<boolean> {
  const { said } = words.peek();
  const changed = await edit([{ do: 'seen', risk: place, seen }], seen ? said.seen : said.unseen);
  return changed !== undefined;
}

/** The track that a risk's box is of, if there is one. */
function trackOf({ at, box }: PlanRisk): PlanTrack | undefined {
  if (!box) return undefined;
  const [x, y, width, height] = box;
  let best: { track: PlanTrack; share: number } | undefined;
  for (const track of tracksAt(tracks.peek(), at)) {
    const [bx, by, bw, bh] = track.boxes[at - track.from];
    const share = iou({ x, y, width, height }, { x: bx, y: by, width: bw, height: bh });
    if (share > 0.3 && (!best || share > best.share)) best = { track, share };
  }
  return best?.track;
}

/** Chooses a track, alone or beside what is chosen already, and says what it is. */
export function choose(track: PlanTrack, more = false): void {
  const now = chosen.peek();
  const has = now.includes(track.id);
  chosen.value = !more ? [track.id] : has ? now.filter((id) => id !== track.id) : [...now, track.id];
  const { said, state } = words.peek();
  say(said.chosen(nameOf(track), state[stateOf(track)]));
}

/** Chooses a track and shows a frame that it is in. */
export function goToTrack(track: PlanTrack, more = false): void {
  if (!lastsThrough(track, frame.peek())) goTo(frameToSee(track, frame.peek()));
  choose(track, more);
}

export function chooseNeighbour(step: 1 | -1): void {
  playing.value = false;
  const track = neighbourTrack(tracksHere.peek(), chosen.peek().at(-1), step);
  if (track) choose(track);
  else say(words.peek().said.noFaces);
}
