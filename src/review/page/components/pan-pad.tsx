import { words } from '../state/preferences.ts';
import { look } from '../state/view.ts';
import { CommandButton } from './command-button.tsx';

/** Moves the view without dragging (WCAG 2.5.7); there only while there is more to see. */
export function PanPad() {
  if (look.value.zoom <= 1.001) return null;
  return (
    <fieldset class="strip pan" aria-label={words.value.landmarks.pan} dir="ltr">
      <CommandButton id="panUp" />
      <CommandButton id="panLeft" />
      <CommandButton id="panDown" />
      <CommandButton id="panRight" />
    </fieldset>
  );
}
