import { type Moment, momentsIn } from '../moments.ts';
import { placeOf } from '../place.ts';
import type { ProtectedReport, Report, ReportFile, ReportRisk } from '../report.ts';
import type { Speaker } from '../speaker.ts';
import { byUrgency, verdictOf } from '../verdict.ts';
import { html, type Markup } from './markup.ts';
import { filePoints, fileTitle, pill, pointList } from './pieces.ts';
import { timeline } from './timeline.ts';

/** So many are shown before the checklist; a tired reader takes no more, and the rest stands under Details. */
export const FIRST = 12;

/** Where to look first, file by file. */
export function lookSection({ files }: Report, speaker: Speaker): Markup {
  const many = files.length > 1;
  return html`<section aria-labelledby="look"><h2 id="look">${speaker.words.headings.look}</h2>
${byUrgency(files).map((file) => lookAt(file, many, speaker))}</section>`;
}

function lookAt(file: ReportFile, many: boolean, speaker: Speaker): Markup {
  const { words } = speaker;
  const title =
    many &&
    html`<h3 id="look-${file.number}">${fileTitle(file.number, speaker)} ${pill(verdictOf(file), speaker)}</h3>`;
  if (file.status === 'failed') {
    return html`<div class="group">${title}<p>${words.file.failed[file.code]} ${words.file.notWritten}</p></div>`;
  }
  const moments = momentsIn(file);
  const rest = moments.length - FIRST;
  return html`<div class="group">${title}
${many && pointList(filePoints(file, speaker))}
<p>${moments.length === 0 ? words.look.nothing : file.kind === 'photo' ? words.look.howPhoto : words.look.howFilm}</p>
${timeline(file, moments, speaker)}
${momentList(file, moments.slice(0, FIRST), speaker)}
${rest > 0 && html`<p class="soft">${speaker.count(words.look.more, rest)}</p>`}</div>`;
}

/** Moments as a list to be ticked off. */
export function momentList(
  file: ProtectedReport,
  moments: readonly Moment[],
  speaker: Speaker,
): Markup | false {
  return (
    moments.length > 0 &&
    html`<ol class="moments">${moments.map((moment) => momentItem(file, moment, speaker))}</ol>`
  );
}

function momentItem(file: ProtectedReport, moment: Moment, speaker: Speaker): Markup {
  const { look } = speaker.words;
  const { worst, others } = moment;
  const where = worst.box ? look.places[placeOf(boxOf(worst.box), file)] : look.wholePicture;
  const level = levelOf(worst.level);
  const title = titleOf(file, worst, where, speaker);
  const facts = [
    ...(worst.start !== undefined && worst.end !== undefined && worst.to - worst.from > 1
      ? [look.span(speaker.time(worst.start), speaker.time(worst.end))]
      : []),
    ...(title === where ? [] : [where]),
    ...(others.length > 0 ? [speaker.count(look.nearby, others.length)] : []),
  ];
  return html`<li><div class="head"><label><input type="checkbox" autocomplete="off"><span class="time"><span class="unseen">${look.lookedAt('')}</span>${title}</span></label>
<span class="level ${level}">${look.levels[level]}</span></div>
<div class="body"><p>${speaker.list(worst.reasons.map((reason) => look.reasons[reason]))}</p>${facts.length > 0 && html`<p class="where">${facts.join(speaker.words.separator)}</p>`}</div>
${map(file, moment)}</li>`;
}

/** The time to go to; in photos, which have none, the place. */
function titleOf(file: ProtectedReport, risk: ReportRisk, where: string, speaker: Speaker): string {
  if (risk.time !== undefined) return speaker.time(risk.time);
  return file.frames > 1 ? speaker.words.look.photoFrame(speaker.number(risk.at + 1)) : where;
}

/** The risk weighs about as much as the strongest single reason or more, or as a usual one, or less. */
function levelOf(level: number): 'high' | 'medium' | 'low' {
  return level >= 0.6 ? 'high' : level >= 0.35 ? 'medium' : 'low';
}

const boxOf = ([x, y, width, height]: NonNullable<ReportRisk['box']>) => ({ x, y, width, height });

/** Boxes narrower than this share of the picture are drawn larger, so that they show. */
const LEAST = 0.07;
/** More spots than this are no help. */
const MOST_SPOTS = 12;

/** An outline of the picture with the places in it; what it says stands beside it in words. */
function map(file: ProtectedReport, { worst, others }: Moment): Markup | false {
  const { width, height } = file;
  const withBox = [worst, ...others].filter(({ box }) => box).slice(0, MOST_SPOTS);
  if (withBox.length === 0) return false;
  const least = LEAST * Math.max(width, height);
  const spots = withBox.map((risk) => {
    const box = boxOf(risk.box as NonNullable<ReportRisk['box']>);
    const w = Math.min(width, Math.max(least, box.width));
    const h = Math.min(height, Math.max(least, box.height));
    const x = Math.min(width - w, Math.max(0, box.x + (box.width - w) / 2));
    const y = Math.min(height - h, Math.max(0, box.y + (box.height - h) / 2));
    const kind = risk === worst ? 'spot' : 'other';
    return html`<rect class="${kind}" x="${Math.round(x)}" y="${Math.round(y)}" width="${Math.round(w)}" height="${Math.round(h)}"/>`;
  });
  return html`<div class="map"><svg viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">${spots.reverse()}</svg></div>`;
}
