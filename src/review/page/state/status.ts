import { signal } from '@preact/signals';

export type Connection = 'opening' | 'open' | 'lost' | 'closed' | 'no-token';

export const connection = signal<Connection>('opening');

/** What was said last. `turn` makes the same words said twice two sayings. */
export const said = signal<{ readonly text: string; readonly turn: number; readonly urgent: boolean }>({
  text: '',
  turn: 0,
  urgent: false,
});

/** Says what changed, to eyes and to screen readers. */
export function say(text: string): void {
  said.value = { text, turn: said.peek().turn + 1, urgent: false };
}

/** Says what went wrong: it stays until something else is said. */
export function warn(text: string): void {
  said.value = { text, turn: said.peek().turn + 1, urgent: true };
}

export type Dialog = 'help' | 'finish' | 'settings';
export const dialog = signal<Dialog | undefined>(undefined);

/** Why a plan could not be saved, by item. */
export const unsaved = signal<ReadonlyMap<number, string>>(new Map());
