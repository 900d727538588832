import { COMMANDS, type CommandId } from '../state/commands.ts';
import { words } from '../state/preferences.ts';
import { Icon, type IconName } from './icon.tsx';

interface Props {
  readonly id: CommandId;
  /** `icon` alone, or with the short name beside it. */
  readonly show?: 'icon' | 'both' | 'text';
  readonly icon?: IconName;
  /** Instead of the command's own name. */
  readonly name?: string;
  readonly pressed?: boolean;
  readonly class?: string;
}

/**
 * A button for a command. Its title tells the key, and so does its text where there is room. One that cannot act now keeps its place in the order of focus, so
 * that nobody loses their place when the last step is undone.
 */
export function CommandButton({ id, show = 'icon', icon, name, pressed, class: extra = '' }: Props) {
  const { keys, possible, run, icon: own } = COMMANDS[id];
  const off = possible ? !possible() : false;
  const full = name ?? words.value.commands[id];
  const short = name ?? (words.value.short as Partial<Record<CommandId, string>>)[id] ?? full;
  const picture = icon ?? own;
  return (
    <button
      type="button"
      class={`button ${show === 'icon' ? 'icon-only' : ''} ${extra}`}
      aria-label={show === 'icon' ? full : undefined}
      aria-keyshortcuts={ariaKeys(keys)}
      aria-disabled={off}
      aria-pressed={pressed}
      title={`${full} (${shownKey(keys[0])})`}
      onMouseDown={keepFocus}
      onClick={() => {
        if (!off) run();
      }}
    >
      {show !== 'text' && picture && <Icon name={picture} />}
      {show !== 'icon' && (
        <span class={show === 'both' ? 'keyed' : ''} data-key={shownKey(keys[0])}>
          {short}
        </span>
      )}
    </button>
  );
}

/** A click leaves the focus where it is, so that the space bar goes on playing the film. */
export function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
};

/** A chord as keyboards write it. */
export function shownKey(chord: string): string {
  return chord
    .split(/\+(?=.)/)
    .map((key) => NAMES[key] ?? key)
    .join(' ');
}

/** The form that aria-keyshortcuts asks for. */
const ariaKeys = (keys: readonly string[]) =>
  keys.map((key) => key.replace('Ctrl', 'Control').replace(/^\+$/, 'Plus')).join(' ');
