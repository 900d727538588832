import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { said } from '../state/status.ts';
import { Icon } from './icon.tsx';

/** How long a message stays in sight, in milliseconds. A warning stays until the next. */
const SHOWN = 5000;

/** What changed last, for eyes in the corner of the picture and for screen readers at once. */
export function Announcer() {
  const { text, turn, urgent } = said.value;
  const shown = useSignal(true);
  useEffect(() => {
    shown.value = text !== '';
    if (urgent) return;
    const timer = setTimeout(() => {
      shown.value = false;
    }, SHOWN);
    return () => clearTimeout(timer);
  }, [turn]);
  return (
    <>
      {/* An even and an odd turn differ by a space that nobody hears: the same words are then read again. */}
      <p class="unseen" role="status" aria-live="polite">
        {urgent ? '' : text + (turn % 2 ? ' ' : '')}
      </p>
      <p class="unseen" role="alert">
        {urgent ? text + (turn % 2 ? ' ' : '') : ''}
      </p>
      {shown.value && text && (
        <p class={urgent ? 'message urgent' : 'message'} aria-hidden="true">
          {urgent && <Icon name="warning" />}
          <span>{text}</span>
        </p>
      )}
    </>
  );
}
