import { batch } from '@preact/signals';
import type { PlanTrack } from '../../../core/plan/plan.ts';
import type { Edit } from '../../../core/review/edit.ts';
import type { Changed, EditsRequest } from '../../api.ts';
import { applyChanged, chosenAfter } from '../logic/changes.ts';
import { postJson, Refused } from './client.ts';
import { reloadPlan } from './open-item.ts';
import { words } from './preferences.ts';
import { chosen, type Review, review, shownFrame } from './review.ts';
import { connection, say, warn } from './status.ts';
import { inTurn } from './turns.ts';

/**
 * The tracks that a change is about, as they were chosen when the key was pressed. Changes before its turn may cut or
 * join them; the hand then holds the parts in the frame that was looked at. A key pressed fast must never act on
 * somebody else, nor come to nothing.
 */
interface Hand {
  ids: readonly number[];
  readonly frame: number;
}

const hands = new Set<Hand>();

/**
 * Has the server change the open plan, and takes over what changed. Answers what the server said; undefined if there
 * was nothing to ask, or it was refused, which is then told.
 */
export function change<T extends Changed>(
  ask: (now: Review) => Promise<T> | undefined,
): Promise<T | undefined> {
  return inTurn(async () => {
    const now = review.peek();
    if (!now) return undefined;
    try {
      const changed = await ask(now);
      if (changed) takeOver(changed);
      return changed;
    } catch (error) {
      await tell(error);
      return undefined;
    }
  });
}

/** Makes edits as one step of undo, and says so. */
export async function edit(edits: readonly Edit[], saying: string): Promise<Changed | undefined> {
  const changed = await change((now) => send(now, edits));
  if (changed) say(saying);
  return changed;
}

/**
 * The same for edits of tracks. They are made when their turn comes, from the tracks as they are then. Where they come
 * to nothing, because all is so already, that is said too.
 */
export async function editTracks(
  about: readonly PlanTrack[],
  make: (tracks: readonly PlanTrack[]) => readonly Edit[],
  saying: string,
): Promise<Changed | undefined> {
  const hand: Hand = { ids: about.map(({ id }) => id), frame: shownFrame.peek() };
  hands.add(hand);
  let soAlready = false;
  const changed = await change((now) => {
    hands.delete(hand);
    const tracks = now.plan.tracks.filter(({ id }) => hand.ids.includes(id));
    const edits = make(tracks);
    soAlready = tracks.length > 0 && edits.length === 0;
    return send(now, edits);
  });
  if (changed || soAlready) say(saying);
  return changed;
}

function send({ item, revision }: Review, edits: readonly Edit[]): Promise<Changed> | undefined {
  if (edits.length === 0) return undefined;
  return postJson<Changed>(`/items/${item}/edits`, { revision, edits } satisfies EditsRequest);
}

export const undo = (): Promise<void> => step('undo');
export const redo = (): Promise<void> => step('redo');

/** Whether there is a step is known only when everything before it is done. */
async function step(which: 'undo' | 'redo'): Promise<void> {
  const { said } = words.peek();
  let possible = false;
  const changed = await change((now) => {
    possible = which === 'undo' ? now.canUndo : now.canRedo;
    if (!possible) return undefined;
    return postJson<Changed>(`/items/${now.item}/${which}`, { revision: now.revision });
  });
  if (changed) say(which === 'undo' ? said.undone : said.redone);
  else if (!possible) say(which === 'undo' ? said.nothingToUndo : said.nothingToRedo);
}

function takeOver(changed: Changed): void {
  const now = review.peek();
  if (!now) return;
  const plan = applyChanged(now.plan, changed);
  const after = (ids: readonly number[], frame: number) => chosenAfter(ids, now.plan, plan, changed, frame);
  for (const hand of hands) hand.ids = after(hand.ids, hand.frame);
  batch(() => {
    chosen.value = after(chosen.peek(), shownFrame.peek());
    const { revision, canUndo, canRedo } = changed;
    review.value = { ...now, plan, revision, canUndo, canRedo };
  });
}

async function tell(error: unknown): Promise<void> {
  const { said } = words.peek();
  if (error instanceof Refused && error.status === 409) {
    await reloadPlan();
    warn(said.changedElsewhere);
  } else if (error instanceof Refused) {
    warn(`${said.refused} ${error.message}`);
  } else if (!(error instanceof DOMException && error.name === 'AbortError')) {
    connection.value = 'lost';
  }
}
