import { endOf } from '../logic/track-state.ts';
import { decide, nameOf, timeOf } from '../state/decide.ts';
import { count, words } from '../state/preferences.ts';
import { chosen, isFilm, visible } from '../state/review.ts';
import { goToTrack } from '../state/walk.ts';
import { CommandButton } from './command-button.tsx';
import { Icon } from './icon.tsx';
import { Thumbnail } from './thumbnail.tsx';

/** Who stays visible, always in sight: leaving somebody open is easy, forgetting it is not. */
export function VisiblePeople() {
  const { visible: said, commands } = words.value;
  const people = visible.value;
  return (
    <section class={people.length > 0 ? 'visible some' : 'visible'} aria-label={said.title}>
      <header>
        <h2>
          <Icon name={people.length > 0 ? 'eye' : 'check'} />
          {said.title} <span class="number">{count(people.length)}</span>
        </h2>
        <CommandButton id="coverAll" show="both" />
      </header>
      {people.length === 0 && <p>{said.none}</p>}
      {people.length > 0 && (
        <ul class="rows">
          {people.map((track) => (
            <li key={track.id} class="row">
              <button
                type="button"
                class="go"
                aria-current={chosen.value.includes(track.id) ? 'true' : undefined}
                onClick={(event) => goToTrack(track, event.shiftKey)}
              >
                <Thumbnail
                  frame={track.from + (track.boxes.length >> 1)}
                  box={track.boxes[track.boxes.length >> 1]}
                />
                <span class="text">
                  <span class="line">{nameOf(track)}</span>
                  <span class="why">
                    {isFilm.value ? said.span(timeOf(track.from), timeOf(endOf(track))) : said.photo}
                  </span>
                </span>
              </button>
              <button
                type="button"
                class="button icon-only"
                aria-label={`${commands.cover}: ${nameOf(track)}`}
                title={commands.cover}
                onClick={() => decide('cover', track)}
              >
                <Icon name="covered" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
