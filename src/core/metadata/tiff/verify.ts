import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { type Ifd, type IfdEntry, readTiff, type TiffStructure } from '../exif/ifd.ts';
import type { Violation } from '../format.ts';
import { LARGEST_PART, readPart } from '../still/copy.ts';
import { claims, GAP, PADDING, tile } from './claims.ts';
import { jpegStreamProblem } from './jpeg-stream.ts';
import { COMPRESSION, type Page, readPage } from './page.ts';
import { objectionTo } from './tags.ts';

/** Holds every directory, tag and strip against the allowlist; every byte must belong to one of them. */
export async function verify(source: ByteSource): Promise<Violation[]> {
  const structure = await readTiff(source);
  if (!structure) return [{ part: 'header', reason: 'no TIFF header' }];
  if (structure.problems.length > 0) return structure.problems.map((reason) => ({ part: 'header', reason }));
  const violations: Violation[] = [];
  for (const ifd of structure.ifds) violations.push(...(await directoryViolations(source, structure, ifd)));
  if (!structure.ifds.some(({ kind }) => kind === 'image'))
    violations.push({ part: 'header', reason: 'there is no picture' });
  violations.push(...(await spaceViolations(source, structure)));
  return violations;
}

async function directoryViolations(
  source: ByteSource,
  structure: TiffStructure,
  ifd: Ifd,
): Promise<Violation[]> {
  if (ifd.kind !== 'image')
    return [{ part: ifd.path, reason: `a directory of kind ${ifd.kind} is not on the allowlist` }];
  const page = await readable(source, structure, ifd);
  if (typeof page === 'string') return [{ part: ifd.path, reason: page }];
  const violations: Violation[] = [];
  if (page.secondary) violations.push({ part: ifd.path, reason: 'a thumbnail or mask' });
  for (const [i, entry] of ifd.entries.entries()) {
    const part = `${ifd.path}/${entry.tag}`;
    const reason = await objectionTo(source, structure, page, entry);
    if (reason) violations.push({ part, reason });
    else if (!(await slotIsClean(source, structure, entry)))
      violations.push({ part, reason: 'bytes beside the value are not zero' });
    if (i > 0 && entry.tag <= ifd.entries[i - 1].tag)
      violations.push({ part, reason: 'tags are not in order' });
  }
  const reason = await pixelProblem(source, page);
  if (reason) violations.push({ part: `${ifd.path}/strips`, reason });
  return violations;
}

async function readable(source: ByteSource, structure: TiffStructure, ifd: Ifd): Promise<Page | string> {
  try {
    return await readPage(source, structure, ifd);
  } catch (error) {
    if (error instanceof SayehError) return error.message;
    throw error;
  }
}

/** A value shorter than its slot in the entry leaves bytes over. */
async function slotIsClean(source: ByteSource, { big }: TiffStructure, entry: IfdEntry): Promise<boolean> {
  if (!entry.inline) return true;
  const rest = (big ? 8 : 4) - entry.valueLength;
  return (await source.read(entry.valueOffset + entry.valueLength, rest)).every((byte) => byte === 0);
}

async function pixelProblem(source: ByteSource, page: Page): Promise<string | undefined> {
  if (page.segments.length === 0 || page.segments.length !== page.segmentCount)
    return `${page.segments.length} strips or tiles where there must be ${page.segmentCount}`;
  for (const { offset, length, plainLength } of page.segments) {
    if (offset + length > source.size) return 'a strip or tile lies outside the file';
    if (plainLength !== undefined && length !== plainLength)
      return `a strip or tile of ${length} bytes for pixels of ${plainLength}`;
    if (page.compression === COMPRESSION.jpeg) {
      if (length > LARGEST_PART) return 'a JPEG strip is too large to be checked';
      const problem = await jpegStreamProblem(await readPart(source, offset, length));
      if (problem) return problem;
    }
  }
  return undefined;
}

/** Between parts there may be padding of zero; no two parts may share bytes. */
async function spaceViolations(source: ByteSource, structure: TiffStructure): Promise<Violation[]> {
  const claimed = await claims(source, structure);
  const leaves = tile(claimed, source.size);
  const violations: Violation[] = [];
  let covered = 0;
  for (const { path, offset, length } of leaves) {
    if (path === GAP) violations.push({ part: path, reason: `${length} bytes that belong to nothing` });
    else if (path !== PADDING) covered += length;
    else if ((await source.read(offset, 1))[0] !== 0)
      violations.push({ part: path, reason: 'padding that is not zero' });
  }
  if (claimed.reduce((sum, { length }) => sum + length, 0) !== covered)
    violations.push({ part: 'header', reason: 'parts of the file overlap' });
  return violations;
}
