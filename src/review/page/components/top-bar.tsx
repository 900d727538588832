import { count, percent, words } from '../state/preferences.ts';
import { item, itemIndex, items, tracks, visible } from '../state/review.ts';
import { dialog, unsaved } from '../state/status.ts';
import { list, showMasks, showProtected } from '../state/view.ts';
import { CommandButton, keepFocus } from './command-button.tsx';
import { Icon } from './icon.tsx';

/** Which file this is, who stays visible, undo, what is shown, and the way out. */
export function TopBar() {
  const { app, view, visible: people, settings, state } = words.value;
  const kept = visible.value.length;
  const covered = tracks.value.length - kept;
  return (
    <header class="top">
      <h1>{app.name}</h1>
      {items.value.length > 1 && <ItemSwitch />}
      <span class="counts">
        <span class="covered-count">
          {state.covered}: {count(covered)}
        </span>
        <button
          type="button"
          class={kept > 0 ? 'badge kept' : 'badge none'}
          onClick={() => {
            document.querySelector<HTMLElement>('.visible .go')?.focus();
          }}
        >
          <Icon name="eye" />
          {people.count(count(kept))}
        </button>
        {unsaved.value.size > 0 && <span class="badge kept">{[...unsaved.value.values()][0]}</span>}
      </span>
      <span class="spring" />
      <div class="pair">
        <CommandButton id="undo" />
        <CommandButton id="redo" />
      </div>
      <fieldset class="segments" aria-label={view.label}>
        {[false, true].map((on) => (
          <button
            key={String(on)}
            type="button"
            class="button"
            aria-pressed={showProtected.value === on}
            title="O"
            onMouseDown={keepFocus}
            onClick={() => {
              showProtected.value = on;
            }}
          >
            {on ? view.protected : view.original}
          </button>
        ))}
      </fieldset>
      <CommandButton id="toggleMasks" show="both" name={view.masks} pressed={showMasks.value} />
      <button
        type="button"
        class="button icon-only"
        aria-label={settings.title}
        title={settings.title}
        onClick={() => {
          dialog.value = 'settings';
        }}
      >
        <Icon name="settings" />
      </button>
      <CommandButton id="help" />
      <CommandButton id="finish" show="both" icon="finish" class="primary" />
    </header>
  );
}

function ItemSwitch() {
  const { files } = words.value;
  const now = item.value;
  return (
    <div class="pair items">
      <CommandButton id="previousItem" />
      <button
        type="button"
        class="button"
        onClick={() => {
          list.value = 'files';
        }}
      >
        <bdi>{files.position(count(itemIndex.value + 1), count(items.value.length))}</bdi>
        {now && now.status !== 'ready' && now.progress !== undefined && <span>{percent(now.progress)}</span>}
      </button>
      <CommandButton id="nextItem" />
    </div>
  );
}
