import type { TrackState } from '../logic/track-state.ts';

/** The line that a state has over the picture, small: told apart by its kind as well as its colour. */
export function StateMark({ state }: { readonly state: TrackState }) {
  return (
    <svg
      class={`mark ${state}`}
      viewBox="0 0 20 20"
      width="20"
      height="20"
      aria-hidden="true"
      focusable="false"
    >
      <rect x="3" y="3" width="14" height="14" rx="6" class="line" />
      {state === 'kept' && <rect x="6.5" y="6.5" width="7" height="7" rx="3.5" class="line" />}
      {state === 'doubtful' && <path d="M8 8.4a2 2 0 114 0c0 1.4-2 1.3-2 2.6M10 13v.3" class="sign" />}
      {state === 'covered' && <path d="M6 12l6-6M8 14l6-6" class="sign" />}
      {state === 'drawn' && <path d="M7.5 12.5l.4-2 3.6-3.6 1.6 1.6-3.6 3.6z" class="sign" />}
    </svg>
  );
}
