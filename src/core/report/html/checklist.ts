import type { Report } from '../report.ts';
import type { Speaker } from '../speaker.ts';
import type { Check } from '../words/words.ts';
import { TONE_ICONS } from './icons.ts';
import { html, type Markup } from './markup.ts';

const PEOPLE: readonly Check[] = ['faces', 'tattoos', 'clothing', 'shoes', 'company'];
const PLACES: readonly Check[] = [
  'plates',
  'screens',
  'reflections',
  'streetSigns',
  'shopFronts',
  'landmarks',
];
const BEYOND: readonly Check[] = ['noise', 'account', 'original'];

/** What software does not see, to be ticked off by a person. The same for every file, so it stands once. */
export function checklist(report: Report, speaker: Speaker): Markup {
  const { headings, checklist: say } = speaker.words;
  const list = (names: readonly Check[], more: Markup | false = false) =>
    html`<ul class="checks">${names.map((name) => tick(say.items[name].what, say.items[name].how))}${more}</ul>`;
  return html`<section aria-labelledby="checklist"><h2 id="checklist">${headings.checklist}</h2>
<p>${say.intro}</p>
<h3>${headings.people}</h3>${list(PEOPLE, voices(report, speaker))}
<h3>${headings.places}</h3>${list(PLACES)}
<h3>${headings.beyond}</h3>${list(BEYOND)}</section>`;
}

function tick(what: string, how: string): Markup {
  return html`<li><label><input type="checkbox" autocomplete="off"><span><strong>${what}</strong> <span class="how">${how}</span></span></label></li>`;
}

/** The one thing on the list that Sayeh does see to: taken off the reader's hands where it did. */
function voices({ files }: Report, { words }: Speaker): Markup | false {
  const say = words.checklist;
  const sounds = new Set(files.flatMap((file) => (file.status === 'protected' ? [file.sound] : [])));
  if (sounds.size === 0) return false;
  if (sounds.has('kept')) return tick(say.voices, say.voice[sounds.size > 1 ? 'mixed' : 'kept']);
  return html`<li><div class="given">${TONE_ICONS.calm}<span><span class="unseen">${say.done}: </span><strong>${say.voices}</strong> <span class="how">${say.voice[sounds.has('dropped') ? 'dropped' : 'none']}</span></span></div></li>`;
}
