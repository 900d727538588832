import { zoomFit } from '../state/looking.ts';
import { digits, words } from '../state/preferences.ts';
import { look } from '../state/view.ts';
import { CommandButton, keepFocus } from './command-button.tsx';

/** 100 % is where the whole picture just fits. */
const shown = () => digits(`${Math.round(look.value.zoom * 100)}%`);

/** Zooming, and moving the view without dragging (WCAG 2.5.7). */
export function ZoomStrip() {
  const zoomed = look.value.zoom > 1.001;
  const { landmarks, view } = words.value;
  return (
    <fieldset class="strip zoom" aria-label={landmarks.zoom} dir="ltr">
      {zoomed && (
        <>
          <CommandButton id="panLeft" />
          <CommandButton id="panUp" />
          <CommandButton id="panDown" />
          <CommandButton id="panRight" />
        </>
      )}
      <CommandButton id="zoomSelection" />
      <CommandButton id="zoomOut" />
      <button
        type="button"
        class="button zoom-level"
        aria-label={view.zoom(shown())}
        title={`${words.value.commands.zoomFit} (0)`}
        onMouseDown={keepFocus}
        onClick={zoomFit}
      >
        {shown()}
      </button>
      <CommandButton id="zoomIn" />
    </fieldset>
  );
}
