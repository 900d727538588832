import { zoomTime } from '../logic/time-window.ts';
import { clock, count, digits, words } from '../state/preferences.ts';
import { frame, review } from '../state/review.ts';
import { playing, speed, timeWindow } from '../state/view.ts';
import { CommandButton, keepFocus } from './command-button.tsx';
import { Icon } from './icon.tsx';

const SPEEDS = [0.25, 0.5, 1, 2, 4];

/** Playing and stepping. Left to right in every language, like the time axis below it. */
export function Transport() {
  const { commands, landmarks, view } = words.value;
  const now = review.value;
  if (!now || now.plan.film.frames < 2) return null;
  const at = frame.value;
  const { times, plan } = now;
  const zoom = (factor: number) => () => {
    timeWindow.value = zoomTime(timeWindow.peek(), factor, times.at(frame.peek()), times.duration);
  };
  return (
    <section class="transport" aria-label={landmarks.transport} dir="ltr">
      <CommandButton id="previousCut" />
      <CommandButton id="stepBack" />
      <CommandButton
        id="play"
        icon={playing.value ? 'pause' : 'play'}
        name={playing.value ? commands.pause : commands.play}
        class="play"
      />
      <CommandButton id="stepForward" />
      <CommandButton id="nextCut" />
      <span class="clock">
        <bdi class="now">{clock(times.at(at))}</bdi>
        <bdi class="end">/ {clock(times.duration)}</bdi>
      </span>
      <span class="frame-number" dir="auto">
        {view.frame(count(at + 1), count(plan.film.frames))}
      </span>
      <span class="spring" />
      <CommandButton id="watch" show="both" />
      <label class="field">
        <span class="unseen">{view.speed}</span>
        <select
          value={String(speed.value)}
          title={view.speed}
          onChange={(event) => {
            speed.value = Number(event.currentTarget.value);
          }}
        >
          {SPEEDS.map((value) => (
            <option key={value} value={String(value)}>
              {digits(`${value}×`)}
            </option>
          ))}
        </select>
      </label>
      <div class="pair">
        {(
          [
            [view.timelineZoomOut, 'zoom-out', 2],
            [view.timelineZoomIn, 'zoom-in', 0.5],
          ] as const
        ).map(([name, icon, factor]) => (
          <button
            key={icon}
            type="button"
            class="button icon-only"
            aria-label={name}
            title={name}
            onMouseDown={keepFocus}
            onClick={zoom(factor)}
          >
            <Icon name={icon} />
          </button>
        ))}
      </div>
    </section>
  );
}
