import { batch } from '@preact/signals';
import type { DrawnRegion } from '../../../core/review/edit.ts';
import type { Followed, FollowRequest } from '../../api.ts';
import { clampPoint, draftInMiddle, nudge, regionOf, type ShapeKind } from '../logic/drawing.ts';
import { boundsOf } from '../logic/outline.ts';
import { lastsThrough } from '../logic/track-state.ts';
import { toPicture } from '../logic/viewport.ts';
import { change, edit, editTracks } from './change-plan.ts';
import { postJson } from './client.ts';
import { timeOf } from './decide.ts';
import { words } from './preferences.ts';
import { chosen, chosenTracks, isFilm, review, shownFrame, tracksById } from './review.ts';
import { say, warn } from './status.ts';
import {
  cross,
  draft,
  draftByKeys,
  following,
  lasting,
  pictureSize,
  playing,
  redrawing,
  stageSize,
  type Tool,
  tool,
  viewport,
} from './view.ts';

let stopFollowing: AbortController | undefined;

/** Takes up a tool and lets go of what was half drawn. */
export function takeTool(next: Tool): void {
  batch(() => {
    tool.value = next;
    playing.value = false;
    forgetDraft();
    if (next === 'select') redrawing.value = undefined;
  });
  // Enter and arrows draw from now on: they must not press the button that chose the tool.
  if (next !== 'select') document.getElementById('picture')?.focus();
}

export function forgetDraft(): void {
  batch(() => {
    draft.value = undefined;
    draftByKeys.value = false;
    cross.value = undefined;
  });
}

/** Draws the chosen track anew in the frame that is shown. */
export function redraw(): void {
  const track = chosenTracks.peek().at(-1);
  if (!track) {
    warn(words.peek().said.chooseFirst);
    return;
  }
  takeTool(track.shape?.kind === 'ellipse' ? 'ellipse' : 'rectangle');
  redrawing.value = track.id;
  say(words.peek().draw.redraw);
}

/** Covers what was drawn: for as long as `lasting` says, or as the new place of the track that is drawn anew. */
export async function commitDraft(): Promise<void> {
  const drawn = draft.peek();
  const region = drawn && regionOf(drawn);
  if (!drawn || !region) return;
  const track = redrawing.peek();
  if (track !== undefined) {
    forgetDraft();
    takeTool('select');
    const { x, y, width, height } = boundsOf(drawn.points);
    await moveTrack(track, [x, y, width, height]);
    return;
  }
  await cover(region);
  takeTool('select');
}

/** Puts a track's box somewhere else in the frame that is shown. */
export async function moveTrack(track: number, box: [number, number, number, number]): Promise<void> {
  const frame = shownFrame.peek();
  const about = tracksById.peek().get(track);
  if (!about) return;
  await editTracks(
    [about],
    (now) => now.map(({ id }) => ({ do: 'keyframe', track: id, frame, box }) as const),
    words.peek().said.moved,
  );
}

async function cover(region: DrawnRegion): Promise<void> {
  const frame = shownFrame.peek();
  if (isFilm.peek() && lasting.peek() === 'follow') {
    if (await follow({ frame, region })) return;
    // What somebody drew must not stay open because it could not be followed.
    await drawStill(region, frame, false);
    warn(words.peek().said.notFollowed);
    return;
  }
  await drawStill(region, frame, lasting.peek() === 'frame');
}

async function drawStill(region: DrawnRegion, frame: number, here: boolean): Promise<void> {
  const span = here ? { from: frame, to: frame + 1 } : {};
  const before = new Set(review.peek()?.plan.tracks.map(({ id }) => id));
  const changed = await edit([{ do: 'draw', region, frame, ...span }], words.peek().said.drawn);
  const made = changed?.tracks.find(({ id }) => !before.has(id));
  if (made) chosen.value = [made.id];
  forgetDraft();
}

/** Has the chosen drawn track followed from where it is now. */
export async function followChosen(): Promise<void> {
  const { said } = words.peek();
  const frame = shownFrame.peek();
  const track = chosenTracks.peek().at(-1);
  if (!track) {
    warn(said.chooseFirst);
    return;
  }
  if (track.standing !== 'drawn' || !lastsThrough(track, frame)) {
    warn(said.onlyDrawn);
    return;
  }
  await follow({ frame, track: track.id });
}

async function follow(what: Omit<FollowRequest, 'revision'>): Promise<boolean> {
  if (following.peek()) return false;
  stopFollowing = new AbortController();
  const { signal } = stopFollowing;
  following.value = { share: undefined };
  say(words.peek().said.following);
  const followed = await change<Followed>(({ item, revision }) =>
    postJson(`/items/${item}/follow`, { revision, ...what } satisfies FollowRequest, { signal }),
  );
  following.value = undefined;
  if (!followed) return false;
  forgetDraft();
  chosen.value = [followed.track];
  const { said } = words.peek();
  // An end that was lost is where a face may be open again.
  if (followed.before === 'lost' || followed.after === 'lost') {
    warn(said.lost(timeOf(followed.from), timeOf(followed.to - 1)));
  } else say(said.followed);
  return true;
}

export const stopFollow = (): void => stopFollowing?.abort();

/** How far an arrow key moves, in CSS pixels. */
const STEP = 8;

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Keys while a drawing tool is in hand. Answers whether the key was one of them. */
export function drawingKey(chord: string): boolean {
  const kind = tool.peek();
  if (kind === 'select') return false;
  const arrow = ARROWS[chord.replace(/^Shift\+/, '')];
  if (arrow) return moveDrawing(arrow, chord.startsWith('Shift+'));
  if (chord === 'Enter') {
    if (kind === 'polygon') setCorner();
    else if (draftByKeys.peek()) void commitDraft();
    else startInMiddle(kind);
    return true;
  }
  if (chord === 'F' && kind === 'polygon' && draft.peek()) {
    void commitDraft();
    return true;
  }
  if (chord === 'Backspace' && kind === 'polygon' && draft.peek()) {
    const { points } = draft.peek()!;
    draft.value = points.length > 1 ? { kind, points: points.slice(0, -1) } : undefined;
    return true;
  }
  return false;
}

function middle() {
  const { width, height } = stageSize.peek();
  return clampPoint(toPicture({ x: width / 2, y: height / 2 }, viewport.peek()), pictureSize.peek());
}

function startInMiddle(kind: ShapeKind): void {
  const { scale } = viewport.peek();
  const { width, height } = stageSize.peek();
  const sight = { width: width / scale, height: height / scale };
  draft.value = draftInMiddle(kind, middle(), sight, pictureSize.peek());
  draftByKeys.value = true;
  say(words.peek().draw.hintKeys);
}

function setCorner(): void {
  const at = cross.peek();
  if (!at) {
    cross.value = middle();
    say(words.peek().draw.hintCross);
    return;
  }
  draft.value = { kind: 'polygon', points: [...(draft.peek()?.points ?? []), at] };
}

function moveDrawing([dx, dy]: readonly [number, number], shift: boolean): boolean {
  const step = STEP / viewport.peek().scale;
  const picture = pictureSize.peek();
  const now = draft.peek();
  if (cross.peek()) {
    const { x, y } = cross.peek()!;
    const far = shift ? 4 : 1;
    cross.value = clampPoint({ x: x + dx * step * far, y: y + dy * step * far }, picture);
    return true;
  }
  if (!now || !draftByKeys.peek()) return false;
  draft.value = nudge(now, dx * step, dy * step, shift, picture);
  return true;
}
