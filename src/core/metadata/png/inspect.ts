import { type Limits, USUAL_LIMITS } from '../../limits.ts';
import type { ByteSource } from '../byte-source.ts';
import { jumbfFindings } from '../c2pa/findings.ts';
import { exifFindings } from '../exif/findings.ts';
import type { Betrays, Finding } from '../format.ts';
import { iccFindings } from '../icc/findings.ts';
import { iptcFindings, photoshopFindings } from '../iptc/findings.ts';
import { latin1, printable, readableRuns, u16be } from '../still/bytes.ts';
import { readPart } from '../still/copy.ts';
import { InflateBudget } from '../still/inflate.ts';
import { xmpFindings } from '../xmp/findings.ts';
import { rowFor } from './allowlist.ts';
import { type Chunk, pathsOf, readChunks } from './chunks.ts';
import { profileIn } from './colour.ts';
import { pixelData } from './pixel-data.ts';
import { rawProfile, textEntry } from './text.ts';
import { headerOf } from './verify.ts';

/** What the chunks reveal. */
export async function inspect(source: ByteSource, limits: Limits = USUAL_LIMITS): Promise<Finding[]> {
  const chunks = await readChunks(source);
  const paths = pathsOf(chunks);
  const findings: Finding[] = [];
  const budget = new InflateBudget(limits.texts * 2 ** 20);
  for (const [i, chunk] of chunks.entries())
    findings.push(...(await chunkFindings(source, chunk, paths[i], budget)));
  for (const { chunks: own, length, tail, surplus } of await pixelData(
    source,
    chunks,
    await headerOf(source, chunks),
  )) {
    const part = paths[chunks.indexOf(own[0])];
    const unknown = (label: string): Finding => ({ betrays: 'unknown', part, label });
    if (length === undefined)
      findings.push(unknown('damaged: the coded picture cannot be followed to its end'));
    if (tail > 0)
      findings.push(unknown(`${tail} bytes after the end of the coded picture, inside its chunks`));
    if (surplus > 0)
      findings.push(unknown(`${surplus} bytes more in the coded picture than its pixels need`));
  }
  return findings;
}

async function chunkFindings(
  source: ByteSource,
  chunk: Chunk,
  part: string,
  budget: InflateBudget,
): Promise<Finding[]> {
  const data = () => readPart(source, chunk.dataOffset, chunk.dataLength);
  switch (chunk.name) {
    case 'tEXt':
    case 'zTXt':
    case 'iTXt':
      return textFindings(chunk.name, await data(), part, budget);
    case 'eXIf':
      return exifFindings(withoutPrefix(await data()), part);
    case 'iCCP':
      return iccFindings(await profileIn(await data(), budget), part);
    case 'tIME':
      return [{ betrays: 'when', part, label: 'time of the last change', value: timeOf(await data()) }];
    case 'caBX':
      return jumbfFindings(await data(), part);
    case 'pHYs':
      return [{ betrays: 'device', part, label: 'size of the pixels (screen or scanner resolution)' }];
    case 'mDCV':
    case 'cLLI':
      return [{ betrays: 'device', part, label: chunk.what }];
    case 'iDOT':
    case 'CgBI':
      return [{ betrays: 'device', part, label: 'written by an Apple system' }];
    case 'after the end':
      return [unknown('data after the end (may be what was cropped away)', await data(), part)];
    case 'signature':
    case 'sBIT':
    case 'bKGD':
    case 'hIST':
      return [];
    default:
      return rowFor(chunk.name) ? [] : [unknown(chunk.what, await data(), part)];
  }
}

function unknown(label: string, data: Uint8Array, part: string): Finding {
  const value = readableRuns(data);
  return { betrays: 'unknown', part, label, ...(value ? { value } : {}) };
}

const KEYWORDS: readonly { readonly keyword: RegExp; readonly betrays: Betrays; readonly label: string }[] = [
  { keyword: /author|artist|copyright|creator|owner/i, betrays: 'who', label: 'author or copyright' },
  { keyword: /date|time/i, betrays: 'when', label: 'date' },
  { keyword: /software|history|prompt|workflow|parameters/i, betrays: 'edited', label: 'software' },
  { keyword: /source|make|model|device/i, betrays: 'device', label: 'device' },
  { keyword: /gps|location|place/i, betrays: 'where', label: 'place' },
  { keyword: /title|description|comment|disclaimer|warning/i, betrays: 'who', label: 'title or comment' },
  { keyword: /thumb/i, betrays: 'other-pictures', label: "thumbnail's origin" },
];

async function textFindings(
  type: string,
  data: Uint8Array,
  part: string,
  budget: InflateBudget,
): Promise<Finding[]> {
  const { keyword, text } = await textEntry(type, data, budget);
  if (!text)
    return [
      {
        betrays: 'unknown',
        part,
        label: 'text (PNG text), too much of it to be looked at (--limit texts raises it)',
        value: printable(keyword),
      },
    ];
  if (keyword === 'XML:com.adobe.xmp') return xmpFindings(text, part);
  const raw = /^Raw profile type (.+)$/.exec(keyword)?.[1];
  if (raw) return rawProfileFindings(raw.toLowerCase(), rawProfile(text), part);
  const meaning = KEYWORDS.find((row) => row.keyword.test(keyword));
  const value = printable(`${keyword}: ${new TextDecoder().decode(text.subarray(0, 4096))}`);
  return [
    { betrays: meaning?.betrays ?? 'unknown', part, label: `${meaning?.label ?? 'text'} (PNG text)`, value },
  ];
}

async function rawProfileFindings(kind: string, bytes: Uint8Array, part: string): Promise<Finding[]> {
  if (latin1(bytes, 0, 4) === 'Exif' || kind === 'exif') return exifFindings(withoutPrefix(bytes), part);
  if (kind === 'xmp' || latin1(bytes, 0, 28) === 'http://ns.adobe.com/xap/1.0/')
    return xmpFindings(bytes, part);
  if (latin1(bytes, 0, 4) === '8BIM') return photoshopFindings(bytes, part);
  if (kind === 'iptc') return iptcFindings(bytes, part);
  if (kind === 'icc' || kind === 'icm') return iccFindings(bytes, part);
  return [{ betrays: 'unknown', part, label: `block of kind ${printable(kind, 40)} (PNG text)` }];
}

/** Some writers put JPEG's prefix before the block. */
const withoutPrefix = (block: Uint8Array) => (latin1(block, 0, 6) === 'Exif\0\0' ? block.subarray(6) : block);

function timeOf(data: Uint8Array): string {
  const two = (at: number) => String(data[at]).padStart(2, '0');
  return `${u16be(data, 0)}-${two(2)}-${two(3)} ${two(4)}:${two(5)}:${two(6)} UTC`;
}
