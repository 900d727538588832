import type { Finding } from '../metadata/format.ts';
import { BETRAYAL_CODES, type BetrayalCode } from './codes.ts';

/** What exactly was there, as far as one can say it without saying what it was. */
export const TOPICS = [
  'names',
  'serial-numbers',
  'descriptions',
  'position',
  'place-names',
  'language',
  'dates',
  'time-zone',
  'camera',
  'lens',
  'maker-notes',
  'encoder',
  'colour-profile',
  'original-name',
  'software',
  'history',
  'provenance',
  'thumbnails',
  'previews',
  'motion-photo',
  'depth-or-light-maps',
  'hidden-pictures',
  'chapters',
  'unused-bytes',
] as const;
export type Topic = (typeof TOPICS)[number];

/** How findings are worded (src/core/metadata), first match first. Only these lists' codes leave this file. */
const WORDED: readonly (readonly [Topic, RegExp])[] = [
  ['original-name', /^a (name as|date in the)|name of the original file/],
  ['time-zone', /time zone/],
  ['dates', /^(gps )?dates?\b|^time of|^when /i],
  ['maker-notes', /maker notes|own data|private notes|trailer|maker's/i],
  ['motion-photo', /motion photo/],
  ['depth-or-light-maps', /gain map|depth|thermal/i],
  ['thumbnails', /thumbnail/i],
  ['hidden-pictures', /shows something else|never shown/],
  ['previews', /preview|further pictures?|second track of pictures/i],
  ['serial-numbers', /serial|unique|identifier|identity number|number of the picture/i],
  ['provenance', /provenance/i],
  ['colour-profile', /colour profile|of the screen/i],
  ['language', /language/i],
  ['place-names', /place name|^place/i],
  ['position', /gps|position|direction of view/i],
  ['dates', /\bdates?\b|\btime\b|last change|fractions of a second|created on/i],
  ['lens', /lens/i],
  ['unused-bytes', /bytes|padding|beside the coded|unknown/i],
  ['descriptions', /title|description|comment|caption|keyword|subject|\btext\b/i],
  ['names', /author|owner|copyright|name or|computer name|photographer|^name|account|signer|credit|artist/i],
  ['encoder', /encoder|compressor/i],
  ['chapters', /chapters/i],
  ['history', /history|edit list|photoshop|rating|iptc/i],
  ['software', /software|program|xmp packet/i],
  ['camera', /camera|make|model|device|firmware|sensor|resolution|brand/i],
];

/** One kind of thing that was in the original and is not in the new file. */
export interface Removed {
  readonly kind: BetrayalCode;
  /** How many things of that kind. */
  readonly count: number;
  /** What they were about, without a value. */
  readonly topics: readonly Topic[];
}

/** Parts that are no content of the file and stay where they are, whatever is written anew. */
const BESIDE = new Set(['folder']);

/**
 * Findings by kind, in the order a reader wants. No value, label or part of them is passed on: a label may hold a
 * tag's name, and a tag's name anything at all.
 */
export function removedByKind(
  findings: readonly Finding[],
  kept: { readonly name: boolean; readonly sound: boolean },
): Removed[] {
  const gone = findings.filter(
    ({ part, betrays }) =>
      !BESIDE.has(part) && !(kept.name && part === 'file name') && !(kept.sound && betrays === 'sound'),
  );
  return BETRAYAL_CODES.flatMap((kind) => {
    const ofKind = gone.filter(({ betrays }) => betrays === kind);
    if (ofKind.length === 0) return [];
    const named = new Set(ofKind.map(({ label }) => WORDED.find(([, words]) => words.test(label))?.[0]));
    return [{ kind, count: ofKind.length, topics: TOPICS.filter((topic) => named.has(topic)) }];
  });
}
