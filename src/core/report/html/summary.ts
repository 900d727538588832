import type { Report } from '../report.ts';
import type { Speaker } from '../speaker.ts';
import { byUrgency, TONES, verdictOf, verdictOfAll } from '../verdict.ts';
import { TONE_ICONS } from './icons.ts';
import { html, type Markup } from './markup.ts';
import { filePoints, fileTitle, pill, pointList } from './pieces.ts';

/** The verdict in a few words. */
export function headline(report: Report, speaker: Speaker): string {
  const failed = report.files.filter(({ status }) => status === 'failed').length;
  const { verdict, summary: say } = speaker.words;
  if (failed > 0 && report.files.length > 1) return speaker.count(say.someFailed, failed);
  return verdict[verdictOfAll(report)].head;
}

/** The verdict on everything, with what it rests on; for several files also the list of them, the most urgent first. */
export function summary(report: Report, speaker: Speaker): Markup {
  const { words } = speaker;
  const verdict = verdictOfAll(report);
  const { text } = words.verdict[verdict];
  const head = headline(report, speaker);
  const tone = TONES[verdict];
  const points = runPoints(report, speaker);
  const [only] = report.files;
  if (report.files.length === 1 && only.status === 'protected') points.unshift(...filePoints(only, speaker));
  if (report.files.length === 1 && only.status === 'failed') points.unshift(words.file.failed[only.code]);
  return html`<section class="verdict ${tone}" aria-labelledby="verdict">${TONE_ICONS[tone]}<div>
<h2 id="verdict"><span class="unseen">${words.verdictLabel} </span>${head}</h2>
<p class="text">${text}</p></div>
${pointList(points)}
</section>
${report.files.length > 1 && fileList(report, speaker)}`;
}

function runPoints({ files, settings }: Report, speaker: Speaker): string[] {
  const say = speaker.words.summary;
  const done = files.filter(({ status }) => status === 'protected').length;
  const points: string[] = [];
  if (files.length > 1) points.push(say.filesDone(speaker.number(done), speaker.number(files.length)));
  if (settings.names === 'kept') points.push(say.nameKept);
  return points;
}

function fileList({ files }: Report, speaker: Speaker): Markup {
  const { words } = speaker;
  const ordered = byUrgency(files);
  return html`<section aria-labelledby="files"><h2 id="files">${words.headings.files}</h2>
<ul class="files">${ordered.map((file) => {
    const verdict = verdictOf(file);
    return html`<li><a href="#look-${file.number}">${fileTitle(file.number, speaker)}</a>
${file.status === 'protected' && html`<code dir="ltr">${file.name ?? `SHA-256 ${file.sha256.slice(0, 12)}…`}</code>`}
${pill(verdict, speaker)}</li>`;
  })}</ul></section>`;
}
