import { words } from '../state/preferences.ts';
import { type Tool, tool } from '../state/view.ts';
import { CommandButton } from './command-button.tsx';

const TOOLS: readonly Tool[] = ['select', 'ellipse', 'rectangle', 'polygon'];

/** What a pointer on the picture does. */
export function ToolStrip() {
  return (
    <fieldset class="strip" aria-label={words.value.landmarks.tools}>
      {TOOLS.map((id) => (
        <CommandButton key={id} id={id} pressed={tool.value === id} />
      ))}
    </fieldset>
  );
}
