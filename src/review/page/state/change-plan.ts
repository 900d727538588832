import { batch } from '@preact/signals';
import type { Edit } from '../../../core/review/edit.ts';
import type { Changed, EditsRequest } from '../../api.ts';
import { applyChanged, chosenAfter } from '../logic/changes.ts';
import { postJson, Refused } from './client.ts';
import { reloadPlan } from './open-item.ts';
import { words } from './preferences.ts';
import { chosen, type Review, review, shownFrame } from './review.ts';
import { connection, say, warn } from './status.ts';

/** Changes go to the server one after the other: each is made for the plan that the one before left. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * Has the server change the open plan, and takes over what changed. Answers what the server said, or undefined if
 * it was refused, which is then told.
 */
export function change<T extends Changed>(ask: (now: Review) => Promise<T>): Promise<T | undefined> {
  const turn = queue.then(async () => {
    const now = review.peek();
    if (!now) return undefined;
    try {
      const changed = await ask(now);
      if (review.peek()?.item === now.item) takeOver(changed);
      return changed;
    } catch (error) {
      await tell(error);
      return undefined;
    }
  });
  queue = turn;
  return turn;
}

/** Makes edits as one step of undo, and says so. */
export async function edit(edits: readonly Edit[], saying: string): Promise<Changed | undefined> {
  if (edits.length === 0) return undefined;
  const changed = await change(({ item, revision }) =>
    postJson<Changed>(`/items/${item}/edits`, { revision, edits } satisfies EditsRequest),
  );
  if (changed) say(saying);
  return changed;
}

export async function undo(): Promise<void> {
  const { said } = words.peek();
  if (!review.peek()?.canUndo) return say(said.nothingToUndo);
  if (await step('undo')) say(said.undone);
}

export async function redo(): Promise<void> {
  const { said } = words.peek();
  if (!review.peek()?.canRedo) return say(said.nothingToRedo);
  if (await step('redo')) say(said.redone);
}

const step = (which: 'undo' | 'redo') =>
  change(({ item, revision }) => postJson<Changed>(`/items/${item}/${which}`, { revision }));

function takeOver(changed: Changed): void {
  const now = review.peek();
  if (!now) return;
  const plan = applyChanged(now.plan, changed);
  batch(() => {
    chosen.value = chosenAfter(chosen.peek(), now.plan, plan, changed, shownFrame.peek());
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
