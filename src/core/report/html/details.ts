import { momentsIn } from '../moments.ts';
import type { ProtectedReport, Report } from '../report.ts';
import { isolate, type Speaker } from '../speaker.ts';
import { FIRST, momentList } from './look.ts';
import { html, type Markup } from './markup.ts';
import { fileTitle } from './pieces.ts';

/** Stretches listed a file; JSON has them all. */
const MOST_SPANS = 60;

/** What was found, done and checked, file by file, then how. */
export function details(report: Report, speaker: Speaker): Markup {
  const { headings } = speaker.words;
  const done = report.files.filter((file) => file.status === 'protected');
  return html`<section aria-labelledby="details"><h2 id="details">${headings.details}</h2>
${done.map((file) => sheet(file, speaker))}
<div class="group sheet"><h3>${headings.settings}</h3>${settings(report, speaker)}</div>
<div class="group sheet"><h3>${headings.tools}</h3>${tools(report, speaker)}</div></section>`;
}

/** Where it does not fit it breaks in the middle. */
const hash = (sha256: string): Markup =>
  html`<code class="hash" dir="ltr">${sha256.slice(0, 32)}<wbr>${sha256.slice(32)}</code>`;

function sheet(file: ProtectedReport, speaker: Speaker): Markup {
  const { headings, file: say, details: tell } = speaker.words;
  const { kind, width, height, frames, duration } = file;
  const facts = [
    say[kind],
    say.size(speaker.dimensions(width, height)),
    ...(duration === undefined ? [] : [speaker.time(duration)]),
    ...(frames > 1 ? [speaker.count(say.frames, frames)] : []),
  ];
  const rest = momentsIn(file)
    .slice(FIRST)
    .sort((a, b) => a.worst.at - b.worst.at);
  return html`<div class="group sheet"><h3>${fileTitle(file.number, speaker)}</h3>
<p class="facts">${facts.join(speaker.words.separator)}</p>
<dl class="pairs"><dt>${say.name}</dt><dd>${file.name === undefined ? say.noName : html`<code dir="ltr">${file.name}</code>`}</dd>
<dt>${say.fingerprint}</dt><dd>${hash(file.sha256)}</dd></dl>
<h4>${headings.covered}</h4>${covered(file, speaker)}
<h4>${headings.removed}</h4>${removed(file, speaker)}
<h4>${headings.sound}</h4><p>${tell.sound[file.sound]}</p>
<h4>${headings.check}</h4>${checked(file, speaker)}
${file.notes.length > 0 && html`<h4>${headings.notes}</h4>${file.notes.map((note) => html`<p>${tell.notes[note]}</p>`)}`}
${rest.length > 0 && html`<h4>${headings.moreMoments}</h4>${momentList(file, rest, speaker)}`}</div>`;
}

function covered({ covered: done, kind, frames, duration }: ProtectedReport, speaker: Speaker): Markup {
  const { summary, details: tell, look } = speaker.words;
  if (done.faces + done.drawn === 0) return html`<p>${tell.nothingCovered}</p>`;
  const sentences = [
    ...(done.faces > 0
      ? [speaker.count(kind === 'photo' ? summary.facesInPhoto : summary.facesInFilm, done.faces)]
      : []),
    ...(frames > 1 ? [tell.framesCovered(speaker.number(done.frames), speaker.number(frames))] : []),
    ...(done.doubtful > 0 ? [speaker.count(summary.doubtful, done.doubtful)] : []),
    ...(done.drawn > 0 ? [speaker.count(summary.drawn, done.drawn)] : []),
    ...(done.leftVisible > 0 ? [speaker.count(summary.leftVisible, done.leftVisible)] : []),
  ];
  const rest = done.spans.length - MOST_SPANS;
  const spans = done.spans
    .slice(0, MOST_SPANS)
    .map(({ start = 0, end = 0 }) => html`<li>${look.span(speaker.time(start), speaker.time(end))}</li>`);
  return html`${sentences.map((sentence) => html`<p>${sentence}</p>`)}
${duration !== undefined && html`<p>${tell.spans}</p><ul class="spans">${spans}${rest > 0 && html`<li class="soft">${speaker.count(tell.moreSpans, rest)}</li>`}</ul>`}`;
}

function removed({ removed: gone }: ProtectedReport, speaker: Speaker): Markup {
  const { details: tell } = speaker.words;
  if (!gone) return html`<p>${tell.removedUnknown}</p>`;
  if (gone.length === 0) return html`<p>${tell.removedNothing}</p>`;
  return html`<p>${tell.removedIntro}</p><dl class="pairs">${gone.map(({ kind, count, topics }) => {
    const about = speaker.list(topics.map((topic) => tell.topics[topic]));
    return html`<dt>${tell.betrays[kind]}</dt><dd>${about && html`${about} `}<span class="soft">${about ? '(' : ''}${speaker.count(tell.things, count)}${about ? ')' : ''}</span></dd>`;
  })}</dl>`;
}

function checked({ check, kind, frames }: ProtectedReport, speaker: Speaker): Markup {
  const { details: tell } = speaker.words;
  if (!check) return html`<p>${tell.container}</p><p>${tell.notChecked}</p>`;
  const networks = speaker.list(check.networks.map(isolate));
  const sentences = [
    tell.container,
    kind === 'photo' && frames === 1
      ? tell.examinedPhoto(networks)
      : tell.examined(networks, speaker.number(check.examined), speaker.number(check.frames)),
    ...(check.recovered > 0 ? [speaker.count(tell.recovered, check.recovered)] : []),
    ...(check.leaksClosed > 0 ? [speaker.count(tell.leaksClosed, check.leaksClosed)] : []),
    ...(check.rounds > 1 ? [speaker.count(tell.rounds, check.rounds)] : []),
    check.remaining > 0 ? speaker.count(tell.remaining, check.remaining) : tell.noneRemaining,
  ];
  return html`${sentences.map((sentence) => html`<p>${sentence}</p>`)}`;
}

function settings(report: Report, speaker: Speaker): Markup {
  const { settings: say } = speaker.words;
  const { style, cover, audio, codec, names } = report.settings;
  const done = report.files.filter((file) => file.status === 'protected');
  const films = done.some(({ kind }) => kind === 'video');
  // One command has one set of these; files of a run agree on them.
  const analysis = done[0]?.analysis;
  const rows: (readonly [string, Markup | string])[] = [
    [say.style, say.styles[style]],
    [say.cover, say.covers[cover]],
    ...(films ? [[say.audio, say.audios[audio]] as const] : []),
    ...(analysis
      ? [
          [say.sensitivity, say.sensitivities[analysis.sensitivity]] as const,
          [say.detector, html`<code dir="ltr">${analysis.detector}</code>`] as const,
        ]
      : []),
    ...(films && analysis
      ? [
          [
            say.every,
            analysis.every === undefined ? say.everyAsNeeded : say.everyNth(speaker.number(analysis.every)),
          ] as const,
        ]
      : []),
    ...(films ? [[say.codec, html`<code dir="ltr">${codec}</code>`] as const] : []),
    [say.names, say.namesAre[names]],
  ];
  return html`<dl class="pairs">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function tools({ tool, networks }: Report, speaker: Speaker): Markup {
  const { tools: say } = speaker.words;
  const rows = networks.map(
    ({ name, sha256 }) =>
      html`<tr><th scope="row"><code dir="ltr">${name}</code></th><td>${hash(sha256)}</td></tr>`,
  );
  return html`<p>${say.version(isolate(tool.version))}</p>
${
  networks.length > 0 &&
  html`<p>${say.networks}</p>
<table><thead><tr><th scope="col">${say.name}</th><th scope="col">${say.hash}</th></tr></thead><tbody>${rows}</tbody></table>`
}`;
}
