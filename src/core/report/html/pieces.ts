import { momentsIn } from '../moments.ts';
import type { ProtectedReport } from '../report.ts';
import type { Speaker } from '../speaker.ts';
import { TONES, type Verdict } from '../verdict.ts';
import { TONE_ICONS } from './icons.ts';
import { html, type Markup } from './markup.ts';

export const fileTitle = (number: number, speaker: Speaker): string =>
  speaker.words.file.numbered(speaker.number(number));

/** A verdict in two or three words. */
export function pill(verdict: Verdict, { words }: Speaker): Markup {
  const tone = TONES[verdict];
  return html`<span class="pill ${tone}">${TONE_ICONS[tone]}${words.shortVerdict[verdict]}</span>`;
}

export function pointList(points: readonly string[]): Markup | false {
  return points.length > 0 && html`<ul class="points">${points.map((point) => html`<li>${point}</li>`)}</ul>`;
}

/** What a reader must know about one file, each in a sentence. */
export function filePoints(file: ProtectedReport, speaker: Speaker): string[] {
  const { summary: say } = speaker.words;
  const { covered, check, analysis, sound, kind, risks, notes } = file;
  const moments = momentsIn(file).length;
  const seen = risks.filter((risk) => risk.seen).length;
  const points: string[] = [];
  if ((check?.remaining ?? 0) > 0) points.push(speaker.count(say.remaining, check?.remaining ?? 0));
  if (covered.faces > 0)
    points.push(speaker.count(kind === 'photo' ? say.facesInPhoto : say.facesInFilm, covered.faces));
  if (covered.drawn > 0) points.push(speaker.count(say.drawn, covered.drawn));
  if (covered.leftVisible > 0) points.push(speaker.count(say.leftVisible, covered.leftVisible));
  if (moments > 0)
    points.push(speaker.count(kind === 'photo' ? say.placesInPhoto : say.momentsInFilm, moments));
  if (notes.includes('list-full')) points.push(speaker.words.details.notes['list-full']);
  if (seen > 0) points.push(speaker.count(say.seen, seen));
  if ((analysis.every ?? 1) > 1) points.push(say.every(speaker.number(analysis.every ?? 1)));
  if (sound === 'kept') points.push(say.soundKept);
  return points;
}
