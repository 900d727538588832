import { chordOf, isSingleCharacter } from '../logic/key-chord.ts';
import { COMMANDS, type Command } from './commands.ts';
import { drawingKey } from './draw.ts';
import { singleKeys } from './preferences.ts';
import { dialog } from './status.ts';

const BY_CHORD = new Map<string, Command>(
  Object.values(COMMANDS).flatMap((command) => command.keys.map((chord) => [chord, command] as const)),
);

/** Where keys belong to what is written or chosen in it. */
const TAKES_KEYS = 'input, select, textarea, [contenteditable]';
/** Where these two mean the element itself. */
const ACTS_ON_ENTER = 'button, a, summary, [role=tab], [role=option]';

/** Runs the command of a key, unless the key means something to the element that has the focus. */
export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || dialog.peek() || event.isComposing) return;
    const at = event.target instanceof Element ? event.target : document.body;
    const chord = chordOf(event);
    if (at.closest(TAKES_KEYS) && chord !== 'Escape') return;
    if ((chord === 'Space' || chord === 'Enter') && at.closest(ACTS_ON_ENTER)) return;
    if (isSingleCharacter(chord) && !singleKeys.peek()) return;
    if (drawingKey(chord)) {
      event.preventDefault();
      return;
    }
    const command = BY_CHORD.get(chord);
    if (!command) return;
    // A command that cannot be done now says why, if it has something to say.
    event.preventDefault();
    command.run();
  });
}
