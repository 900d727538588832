import { endOf, stateOf } from '../logic/track-state.ts';
import { nameOf, timeOf } from '../state/decide.ts';
import { stopFollow } from '../state/draw.ts';
import { count, sizePercent, words } from '../state/preferences.ts';
import { chosenTracks, isFilm } from '../state/review.ts';
import { following, lasting, redrawing, span, tool } from '../state/view.ts';
import { CommandButton, keepFocus } from './command-button.tsx';
import { Icon } from './icon.tsx';
import { StateMark } from './state-mark.tsx';

/** Between picture and film: what is chosen and what can be done with it, or what the drawing tool is about to do. */
export function SelectionBar() {
  const { landmarks } = words.value;
  return (
    <section class="selection" aria-label={landmarks.selection}>
      {following.value ? <Following /> : tool.value !== 'select' ? <Drawing /> : <Chosen />}
    </section>
  );
}

function Following() {
  const { said, finish } = words.value;
  const share = following.value?.share;
  return (
    <>
      <span class="what">{said.following}</span>
      <progress aria-label={said.following} {...(share === undefined ? {} : { value: share, max: 1 })} />
      <button type="button" class="button" onClick={stopFollow}>
        {finish.stop}
      </button>
    </>
  );
}

function Drawing() {
  const { draw, short } = words.value;
  const kind = tool.value;
  const again = redrawing.value !== undefined;
  return (
    <>
      <span class="name">{kind === 'select' ? '' : short[kind]}</span>
      <span class="hint">{again ? draw.redraw : kind === 'polygon' ? draw.hintPolygon : draw.hint}</span>
      {isFilm.value && !again && (
        <label class="field">
          <span>{draw.lasts}</span>
          <select
            value={lasting.value}
            onChange={(event) => {
              lasting.value = event.currentTarget.value as typeof lasting.value;
            }}
          >
            <option value="follow">{draw.follow}</option>
            <option value="shot">{draw.shot}</option>
            <option value="frame">{draw.frame}</option>
          </select>
        </label>
      )}
      <CommandButton id="select" show="text" name={draw.stop} class="quiet" />
    </>
  );
}

function Chosen() {
  const { selection, state, visible } = words.value;
  const about = chosenTracks.value;
  const [first] = about;
  const drawn = about.some(({ standing }) => standing === 'drawn');
  return (
    <>
      <div class="what">
        {!first && <span class="hint">{selection.none}</span>}
        {first && about.length === 1 && (
          <>
            <StateMark state={stateOf(first)} />
            <span class="name">{nameOf(first)}</span>
            <span class={`state ${stateOf(first)}`}>{state[stateOf(first)]}</span>
            {isFilm.value && (
              <span class="time">{visible.span(timeOf(first.from), timeOf(endOf(first)))}</span>
            )}
            {(first.grow ?? 1) !== 1 && (
              <span class="time">{selection.mask(sizePercent(first.grow ?? 1))}</span>
            )}
          </>
        )}
        {about.length > 1 && <span class="name">{selection.several(count(about.length))}</span>}
      </div>
      {first && (
        <div class="actions">
          <div class="pair">
            <CommandButton
              id="cover"
              show="both"
              class="cover"
              pressed={about.every((t) => t.decision === 'cover')}
            />
            <CommandButton
              id="keep"
              show="both"
              class="keep"
              pressed={about.every((t) => t.decision === 'keep')}
            />
          </div>
          {isFilm.value && <SpanMarks />}
          {isFilm.value && <CommandButton id="split" />}
          {about.length > 1 && <CommandButton id="join" show="both" />}
          <CommandButton id="shrink" />
          <CommandButton id="grow" />
          <CommandButton id="adjust" />
          {drawn && isFilm.value && <CommandButton id="follow" show="both" />}
          {drawn && <CommandButton id="remove" />}
        </div>
      )}
    </>
  );
}

/** The span that keeping and covering act on: all of it, from here, until here, or between. */
function SpanMarks() {
  const { selection } = words.value;
  const { from, to } = span.value;
  const open = from === undefined && to === undefined;
  return (
    <fieldset class="pair" aria-label={selection.applies}>
      <CommandButton id="markFrom" pressed={from !== undefined} />
      <CommandButton id="markTo" pressed={to !== undefined} />
      <output class="span">
        {open
          ? selection.whole
          : [
              from !== undefined && selection.from(timeOf(from)),
              to !== undefined && selection.to(timeOf(to - 1)),
            ]
              .filter(Boolean)
              .join(' ')}
      </output>
      {!open && (
        <button
          type="button"
          class="button icon-only"
          aria-label={selection.clear}
          title={selection.clear}
          onMouseDown={keepFocus}
          onClick={() => {
            span.value = {};
          }}
        >
          <Icon name="close" />
        </button>
      )}
    </fieldset>
  );
}
