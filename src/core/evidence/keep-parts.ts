import { isCoded } from '../metadata/embedded-jpegs.ts';
import type { Finding, Part } from '../metadata/format.ts';

/** Longer parts are kept by their hash alone. An EXIF block in a JPEG file has 64 KiB at most. */
export const MOST_BYTES_OF_PART = 128 << 10;
/** Kept bytes of one file. */
export const MOST_BYTES_OF_FILE = 2 << 20;
/** Parts listed of one file. */
export const MOST_PARTS = 5000;

/** Stretches that nobody can vouch for: they may be coded picture as well. */
const UNSURE =
  /^damaged|not looked at|nothing refers to|after the end|between segments|thumbnail|transparency/;

/** A part to be listed. */
export interface ChosenPart {
  readonly part: Part;
  /** Whether its bytes are kept, or only their hash. */
  readonly whole: boolean;
  /** Whether `inspect` says that it holds a picture. */
  readonly holdsPicture: boolean;
}

/**
 * Which parts of a file belong into the evidence: all but its coded picture and sound, in the file's order, those
 * that reveal something first in line for the room there is. `leftOut` counts those for which there was none.
 */
export function keepParts(
  parts: readonly Part[],
  findings: readonly Finding[],
): { readonly chosen: ChosenPart[]; readonly leftOut: number } {
  const items = metadataItems(findings);
  const isItem = ({ path }: Part) => items.has(lastStep(path));
  const telling = new Set(findings.map(({ part }) => part));
  const pictured = new Set(
    findings.filter(({ betrays }) => betrays === 'other-pictures').map(({ part }) => part),
  );
  const wanted = parts.filter((part) => part.length > 0 && (!isCoded(part.what) || isItem(part)));
  const tells = (part: Part) => telling.has(part.path) || isItem(part);
  const inLine = [...wanted.filter(tells), ...wanted.filter((part) => !tells(part))].slice(0, MOST_PARTS);
  let room = MOST_BYTES_OF_FILE;
  const chosen = inLine.map((part) => {
    const whole = !UNSURE.test(part.what) && part.length <= Math.min(MOST_BYTES_OF_PART, room);
    if (whole) room -= part.length;
    return { part, whole, holdsPicture: pictured.has(part.path) };
  });
  chosen.sort((a, b) => a.part.offset - b.part.offset);
  return { chosen, leftOut: wanted.length - chosen.length };
}

/**
 * HEIF keeps EXIF and XMP in items, whose bytes lie among those of the pictures: an item is metadata if something
 * was read from it, and nothing found in it is or lies beside a coded picture.
 */
function metadataItems(findings: readonly Finding[]): Set<string> {
  const items = new Set<string>();
  const pictures = new Set<string>();
  for (const { part, betrays, label } of findings) {
    const step = lastStep(part);
    if (!/^item\[\d+\]$/.test(step)) continue;
    const isPicture = betrays === 'other-pictures' || /coded picture/.test(label);
    (isPicture ? pictures : items).add(step);
  }
  return new Set([...items].filter((step) => !pictures.has(step)));
}

const lastStep = (path: string) => path.slice(path.lastIndexOf('/') + 1);
