import { zoomFit } from '../state/looking.ts';
import { sizePercent, words } from '../state/preferences.ts';
import { look } from '../state/view.ts';
import { CommandButton, keepFocus } from './command-button.tsx';

/** 100 % is where the whole picture just fits. */
const shown = () => sizePercent(look.value.zoom);

/** How closely the picture is looked at. */
export function ZoomStrip() {
  const { commands, landmarks, view } = words.value;
  return (
    <fieldset class="strip" aria-label={landmarks.zoom}>
      <CommandButton id="zoomSelection" />
      <CommandButton id="zoomIn" />
      <button
        type="button"
        class="button zoom-level"
        aria-label={view.zoom(shown())}
        title={`${commands.zoomFit} (0)`}
        onMouseDown={keepFocus}
        onClick={zoomFit}
      >
        {shown()}
      </button>
      <CommandButton id="zoomOut" />
    </fieldset>
  );
}
