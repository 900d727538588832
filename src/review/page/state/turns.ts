/** The last of the changes that wait for their turn. */
let last: Promise<unknown> = Promise.resolve();

/** Does one thing after all those asked for before it. */
export function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const turn = last.then(act);
  last = turn.catch(() => {});
  return turn;
}

/** Resolves when everything asked for up to now is done. */
export const allDone = (): Promise<unknown> => last;
