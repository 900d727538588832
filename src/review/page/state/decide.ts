import type { PlanTrack } from '../../../core/plan/plan.ts';
import { decideEdits, nextGrowth, spanFrom, spanTo } from '../logic/decide.ts';
import { lastsThrough } from '../logic/track-state.ts';
import { edit, editTracks } from './change-plan.ts';
import { clock, count, words } from './preferences.ts';
import { chosen, chosenTracks, review, shownFrame, tracks } from './review.ts';
import { say, warn } from './status.ts';
import { span } from './view.ts';

/** What a track is called. */
export function nameOf(track: Pick<PlanTrack, 'id' | 'standing'>): string {
  const { lists } = words.value;
  return (track.standing === 'drawn' ? lists.drawing : lists.face)(count(track.id));
}

/** Keeps or covers what is chosen, or the given track, within the span that is set. */
export function decide(decision: 'cover' | 'keep', only?: PlanTrack): void {
  const { said } = words.peek();
  const about = only ? [only] : chosenTracks.peek();
  if (about.length === 0) {
    warn(said.chooseFirst);
    return;
  }
  const names = about.map(nameOf).join(words.peek().separators.list);
  const saying = decision === 'keep' ? said.kept(names) : said.covered(names);
  const within = only ? {} : span.peek();
  void editTracks(about, (now) => decideEdits(now, decision, within), saying).then((changed) => {
    if (changed && span.peek() === within) span.value = {};
  });
}

export function coverAll(): void {
  void edit([{ do: 'decide-all', decision: 'cover' }], words.peek().said.coveredAll);
}

export function markFrom(): void {
  span.value = spanFrom(span.peek(), shownFrame.peek());
  say(words.peek().said.spanFrom(timeOf(shownFrame.peek())));
}

export function markTo(): void {
  span.value = spanTo(span.peek(), shownFrame.peek());
  say(words.peek().said.spanTo(timeOf(shownFrame.peek())));
}

/** Makes the masks of what is chosen, or of all, one size larger or smaller. */
export function grow(step: 1 | -1, all = false): void {
  const { said } = words.peek();
  if (all) {
    const largest = tracks.peek().reduce((size, { grow = 1 }) => Math.max(size, grow), 1);
    void edit([{ do: 'grow', track: 'all', factor: nextGrowth(largest, step) }], said.grown);
    return;
  }
  const about = chosenTracks.peek();
  if (about.length === 0) {
    warn(said.chooseFirst);
    return;
  }
  void editTracks(
    about,
    (now) =>
      now.flatMap(({ id, grow = 1 }) => {
        const factor = nextGrowth(grow, step);
        return factor === grow ? [] : [{ do: 'grow', track: id, factor } as const];
      }),
    said.grown,
  );
}

export function split(): void {
  const { said } = words.peek();
  const frame = shownFrame.peek();
  const about = chosenTracks.peek().filter((track) => lastsThrough(track, frame) && frame > track.from);
  if (about.length === 0) {
    warn(chosen.peek().length === 0 ? said.chooseFirst : said.refused);
    return;
  }
  void editTracks(
    about,
    (now) =>
      now
        .filter((track) => lastsThrough(track, frame) && frame > track.from)
        .map(({ id }) => ({ do: 'split', track: id, frame }) as const),
    said.split,
  );
}

/** Joins what is chosen into one track, from the first to appear on. */
export function join(): void {
  const { said } = words.peek();
  const about = chosenTracks.peek();
  if (about.length < 2) {
    warn(said.chooseTwo);
    return;
  }
  void editTracks(
    about,
    (now) => {
      const [first, ...others] = [...now].sort((a, b) => a.from - b.from);
      return others.map(({ id }) => ({ do: 'join', tracks: [first.id, id] }) as const);
    },
    said.joined,
  );
}

export function remove(): void {
  const { said } = words.peek();
  const drawn = chosenTracks.peek().filter(({ standing }) => standing === 'drawn');
  if (drawn.length === 0) {
    warn(chosen.peek().length === 0 ? said.chooseFirst : said.onlyDrawn);
    return;
  }
  void editTracks(drawn, (now) => now.map(({ id }) => ({ do: 'remove', track: id }) as const), said.removed);
}

export const timeOf = (frame: number): string => clock(review.value?.times.at(frame) ?? 0);
