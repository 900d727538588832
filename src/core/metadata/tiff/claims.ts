import type { ByteSource } from '../byte-source.ts';
import { type Ifd, type IfdEntry, readNumbers, type TiffStructure } from '../exif/ifd.ts';
import { meaningOf } from '../exif/tags.ts';
import type { Part } from '../format.ts';
import { ALLOWED } from './allowlist.ts';
import { MOST_SEGMENTS, TAG } from './page.ts';

/** The pairs of tags that point at picture data. */
const DATA_TAGS: readonly {
  readonly offsets: number;
  readonly lengths: number;
  readonly name: string;
  readonly what: string;
}[] = [
  { offsets: TAG.stripOffsets, lengths: TAG.stripByteCounts, name: 'strips', what: 'coded picture' },
  { offsets: TAG.tileOffsets, lengths: TAG.tileByteCounts, name: 'tiles', what: 'coded picture' },
  { offsets: 513, lengths: 514, name: 'thumbnail', what: 'thumbnail' },
];

/** Every stretch that the header or a directory lays claim to, in no order; stretches may overlap. */
export async function claims(source: ByteSource, structure: TiffStructure): Promise<Part[]> {
  const found: Part[] = [
    { path: 'header', offset: 0, length: structure.big ? 16 : 8, what: 'TIFF header' },
    ...structure.ifds.map(({ path, offset, length }) => ({ path, offset, length, what: 'directory' })),
  ];
  let segmentsLeft = MOST_SEGMENTS;
  for (const ifd of structure.ifds) {
    for (const entry of ifd.entries)
      if (entry.sound && !entry.inline)
        found.push({
          path: `${ifd.path}/${entry.tag}`,
          offset: entry.valueOffset,
          length: entry.valueLength,
          what: valueKind(ifd, entry),
        });
    for (const { offsets, lengths, name, what } of DATA_TAGS) {
      const starts = await numbersOf(source, structure, ifd, offsets, segmentsLeft);
      const sizes = await numbersOf(source, structure, ifd, lengths, segmentsLeft);
      segmentsLeft -= starts.length;
      for (const [i, offset] of starts.entries()) {
        const length = Math.min(sizes[i] ?? 0, source.size - offset);
        if (length > 0) found.push({ path: `${ifd.path}/${name}`, offset, length, what });
      }
    }
  }
  return found;
}

async function numbersOf(source: ByteSource, structure: TiffStructure, ifd: Ifd, tag: number, limit: number) {
  const entry = ifd.entries.find((candidate) => candidate.tag === tag);
  return entry ? readNumbers(source, structure, entry, limit) : [];
}

function valueKind(ifd: Ifd, entry: IfdEntry): string {
  const name = ALLOWED.find(({ tag }) => tag === entry.tag)?.part;
  return meaningOf(ifd.kind, entry.tag)?.label ?? (name ? `value of ${name}` : 'value of the directory');
}

/**
 * Leaves that cover the file exactly: claims in file order, cut where an earlier one already claims the bytes, with
 * gaps named. Neighbouring strips of one picture become one leaf.
 */
export function tile(claimed: readonly Part[], size: number): Part[] {
  const leaves: Part[] = [];
  let at = 0;
  for (const claim of [...claimed].sort((a, b) => a.offset - b.offset || b.length - a.length)) {
    const end = Math.min(claim.offset + claim.length, size);
    if (end <= at) continue;
    if (claim.offset > at) leaves.push(gap(at, claim.offset));
    const start = Math.max(at, claim.offset);
    const last = leaves[leaves.length - 1];
    if (last && last.path === claim.path && last.offset + last.length === start)
      leaves[leaves.length - 1] = { ...last, length: end - last.offset };
    else leaves.push({ ...claim, offset: start, length: end - start });
    at = end;
  }
  if (at < size) leaves.push(gap(at, size));
  return leaves;
}

/** Paths of the bytes that nothing lays claim to. */
export const GAP = 'unused space';
/** One byte between two parts, so that the second begins at an even place (TIFF 6.0 section 2). */
export const PADDING = 'padding';

function gap(start: number, end: number): Part {
  const path = end - start === 1 && start % 2 === 1 ? PADDING : GAP;
  return { path, offset: start, length: end - start, what: path };
}
