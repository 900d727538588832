import type { Betrays, Finding } from '../format.ts';
import { printable } from '../still/bytes.ts';

/** The most text looked at; larger packets hold pictures, and those are named without being read. */
const LONGEST = 4 << 20;

/** What a property's local name betrays; the first row that matches counts. XMP specification part 2, and makers'. */
const MEANINGS: readonly { readonly name: RegExp; readonly betrays: Betrays; readonly label: string }[] = [
  { name: /^GPS(TimeStamp|Date)/i, betrays: 'when', label: 'GPS date and time' },
  { name: /^(GPS(?!Version)|Latitude|Longitude|Pose)/i, betrays: 'where', label: 'GPS position' },
  {
    name: /^(City|State|Country|Location|Sublocation|ProvinceState|WorldRegion|Region)/i,
    betrays: 'where',
    label: 'place name',
  },
  {
    name: /(Serial(Number)?|LensID|ImageUniqueID|ContentIdentifier)$/i,
    betrays: 'who',
    label: 'serial or identity number',
  },
  {
    name: /(creator$|Author|Owner|Artist|rights|Copyright|Credit|Contributor|Person|CiEmail|CiTel|CiUrl|WebStatement|License)/i,
    betrays: 'who',
    label: 'name or copyright',
  },
  {
    name: /(Caption|Headline|description|title|subject|Keyword|UserComment|Label|Instructions|Rating)/i,
    betrays: 'who',
    label: 'description or keywords',
  },
  {
    name: /(History|DerivedFrom|DocumentID|InstanceID|Ingredients|Pantry|CreatorTool|Software|xmptk|MetadataDate|ModifyDate|Lightroom|RawFileName|DocumentAncestors)/i,
    betrays: 'edited',
    label: 'editing history or software',
  },
  { name: /(Date|Time)/i, betrays: 'when', label: 'date' },
  { name: /^(Make|Model|Lens|Camera|Device|Firmware)/i, betrays: 'device', label: 'camera or lens' },
  { name: /^(MotionPhoto|MicroVideo)/i, betrays: 'other-pictures', label: 'motion photo' },
  {
    name: /(GDepth|DepthMap|GainMap|hdrgm|Thumbnail|xmpGImg|^GImage|BurstID|Directory)/i,
    betrays: 'other-pictures',
    label: 'further pictures',
  },
  { name: /^GAudio/i, betrays: 'sound', label: 'sound recording' },
];

/**
 * What an XMP packet reveals (ISO 16684-1). Reads property names and short values without an XML parser: a packet
 * is never kept, so a rough reading does no harm.
 */
export function xmpFindings(packet: Uint8Array, part: string): Finding[] {
  const text = new TextDecoder().decode(packet.subarray(0, LONGEST));
  const values = new Map<(typeof MEANINGS)[number], string[]>();
  for (const { name, value } of properties(text)) {
    const meaning = MEANINGS.find((candidate) => candidate.name.test(name));
    if (!meaning) continue;
    const known = values.get(meaning) ?? [];
    values.set(meaning, known);
    const short = printable(value);
    if (short && known.length < 8 && !known.includes(short)) known.push(short);
  }
  const findings: Finding[] = [{ betrays: 'edited', part, label: 'XMP packet' }];
  for (const [{ betrays, label }, known] of values) {
    const finding = { betrays, part, label: `${label} (XMP)` };
    findings.push(known.length > 0 ? { ...finding, value: known.join(', ') } : finding);
  }
  return findings;
}

/** Prefixed attributes and elements, and the first text inside an element. */
function* properties(text: string): Generator<{ name: string; value: string }> {
  for (const match of text.matchAll(/\s[\w-]{1,40}:([\w-]{1,60})\s?=\s?["']([^"'<]{0,400})/g))
    if (!match[0].trim().startsWith('xmlns:')) yield { name: match[1], value: match[2] };
  // A list's items stand between the property and its text.
  for (const match of text.matchAll(
    /<[\w-]{1,40}:([\w-]{1,60})[^<>]{0,400}>(?:\s{0,40}<rdf:(?:Alt|Seq|Bag|li)[^<>]{0,80}>){0,3}([^<]{0,400})/g,
  ))
    if (!match[0].startsWith('<rdf:')) yield { name: match[1], value: match[2] };
}
