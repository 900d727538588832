import type { PlanTrack } from '../../../core/plan/plan.ts';
import { endOf, stateOf } from '../logic/track-state.ts';
import { decide, nameOf, timeOf } from '../state/decide.ts';
import { words } from '../state/preferences.ts';
import { chosen, isFilm, shownFrame, tracksHere } from '../state/review.ts';
import { choose } from '../state/walk.ts';
import { Icon } from './icon.tsx';
import { StateMark } from './state-mark.tsx';
import { Thumbnail } from './thumbnail.tsx';

/** Everybody in the frame that is shown, with what becomes of them: the picture for who cannot point at it. */
export function FaceList() {
  const { lists } = words.value;
  const here = tracksHere.value;
  if (here.length === 0) return <p class="empty">{lists.facesNone}</p>;
  return (
    <ul class="rows">
      {here.map((track) => (
        <FaceRow key={track.id} track={track} />
      ))}
    </ul>
  );
}

export function FaceRow({ track }: { readonly track: PlanTrack }) {
  const { state, commands, visible } = words.value;
  const now = stateOf(track);
  const kept = now === 'kept';
  const toggle = kept ? commands.cover : commands.keep;
  return (
    <li class="row">
      <button
        type="button"
        class="go"
        aria-current={chosen.value.includes(track.id) ? 'true' : undefined}
        onClick={(event) => choose(track, event.shiftKey)}
      >
        <Thumbnail frame={shownFrame.value} box={track.boxes[shownFrame.value - track.from]} local />
        <span class="text">
          <span class="line">
            {nameOf(track)}
            {isFilm.value && (
              <span class="time">{visible.span(timeOf(track.from), timeOf(endOf(track)))}</span>
            )}
          </span>
          <span class={`state ${now}`}>
            <StateMark state={now} />
            {state[now]}
          </span>
        </span>
      </button>
      <button
        type="button"
        class="button icon-only"
        aria-label={`${toggle}: ${nameOf(track)}`}
        title={toggle}
        onClick={() => decide(kept ? 'cover' : 'keep', track)}
      >
        <Icon name={kept ? 'covered' : 'eye'} />
      </button>
    </li>
  );
}
