import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { said } from '../state/status.ts';
import { Icon } from './icon.tsx';

/** How long a message stays in sight, in milliseconds. A warning stays until the next. */
const SHOWN = 5000;

/** What changed last, for eyes, in a corner of the picture. The live region tells it to screen readers. */
export function Message() {
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
  if (!shown.value || !text) return null;
  return (
    <div class={urgent ? 'message urgent' : 'message'} aria-hidden="true">
      {urgent && <Icon name="warning" />}
      <span>{text}</span>
    </div>
  );
}
