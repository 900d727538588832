import type { Moment } from '../moments.ts';
import type { ProtectedReport } from '../report.ts';
import type { Speaker } from '../speaker.ts';
import { html, type Markup } from './markup.ts';

/** The strip is drawn in so many columns, however long the film is. */
const COLUMNS = 400;
/** Marks are at least this wide. */
const LEAST = 3;

/** A film from beginning to end, left to right as players show it in every language: what is covered, where to look. */
export function timeline(
  { duration, covered }: ProtectedReport,
  moments: readonly Moment[],
  speaker: Speaker,
): Markup | false {
  if (duration === undefined || duration <= 0) return false;
  const { look } = speaker.words;
  const column = (seconds = 0) => Math.min(COLUMNS, Math.max(0, (seconds / duration) * COLUMNS));
  const bars = joined(
    covered.spans.map(({ start, end }) => [Math.floor(column(start)), Math.ceil(column(end))]),
  );
  const marks = moments.map(({ worst }) =>
    Math.min(COLUMNS - LEAST, Math.max(0, column(worst.time) - LEAST / 2)),
  );
  return html`<figure class="timeline"><div dir="ltr"><svg viewBox="0 0 ${COLUMNS} 28" preserveAspectRatio="none" role="img" aria-label="${look.timeline}"><rect class="f-track" y="14" width="${COLUMNS}" height="14"/>${bars.map(
    ([from, to]) => html`<rect class="f-covered" x="${from}" y="14" width="${to - from}" height="14"/>`,
  )}${[...new Set(marks.map(Math.round))].map((x) => html`<rect class="f-mark" x="${x}" y="0" width="${LEAST}" height="12"/>`)}</svg>
<div class="ends"><span>${speaker.time(0)}</span><span>${speaker.time(duration)}</span></div></div>
<div class="legend">${legend('f-mark', look.legendRisk)}${legend('f-covered', look.legendCovered)}</div></figure>`;
}

function legend(kind: string, text: string): Markup {
  return html`<span><svg viewBox="0 0 10 7" aria-hidden="true" focusable="false"><rect class="${kind}" width="10" height="7"/></svg>${text}</span>`;
}

/** Stretches in order, those that touch made one. */
function joined(stretches: readonly (readonly [number, number])[]): [number, number][] {
  const done: [number, number][] = [];
  for (const [from, to] of stretches) {
    const last = done.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else done.push([from, to]);
  }
  return done;
}
