import { useRef } from 'preact/hooks';
import { said } from '../state/status.ts';

/**
 * What changed last, for screen readers. There is one at a time: within a dialog while one is open, because nothing
 * outside of it is read then.
 */
export function LiveRegion() {
  const { text, turn, urgent } = said.value;
  // What was said before is not said again only because a dialog opens.
  const before = useRef(turn);
  // An even and an odd turn differ by a space that nobody hears: the same words are then read again.
  const told = turn > before.current ? text + (turn % 2 ? '\u00a0' : '') : '';
  return (
    <>
      <p class="unseen" role="status" aria-live="polite">
        {urgent ? '' : told}
      </p>
      <p class="unseen" role="alert">
        {urgent ? told : ''}
      </p>
    </>
  );
}
