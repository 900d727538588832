import type { ByteSource } from '../byte-source.ts';
import { jumbfFindings } from '../c2pa/findings.ts';
import { tiffFindings } from '../exif/findings.ts';
import { type Ifd, type IfdEntry, readNumbers, readTiff, type TiffStructure } from '../exif/ifd.ts';
import type { Finding } from '../format.ts';
import { iccFindings } from '../icc/findings.ts';
import { iptcFindings, photoshopFindings } from '../iptc/findings.ts';
import { readPart } from '../still/copy.ts';
import { xmpFindings } from '../xmp/findings.ts';
import { claims, GAP, tile } from './claims.ts';
import { COMPRESSION, TAG } from './page.ts';

/** What the directories, the blocks in them, and the space between them reveal. */
export async function inspect(source: ByteSource): Promise<Finding[]> {
  const structure = await readTiff(source);
  if (!structure) return [{ betrays: 'unknown', part: 'header', label: 'damaged: no TIFF header' }];
  const findings = await tiffFindings(source, structure, ({ path }) => path, BLOCKS);
  let blocksLeft = MOST_BLOCKS;
  for (const ifd of structure.ifds) {
    for (const entry of ifd.entries)
      if (BLOCKS.has(entry.tag) && entry.sound && blocksLeft-- > 0)
        findings.push(...(await blockFindings(source, ifd, entry)));
    findings.push(...(await pictureFindings(source, structure, ifd)));
  }
  const gaps = tile(await claims(source, structure), source.size).filter(({ path }) => path === GAP);
  const unused = gaps.reduce((sum, { length }) => sum + length, 0);
  if (unused > 0)
    findings.push({ betrays: 'unknown', part: GAP, label: `${unused} bytes that belong to nothing` });
  for (const problem of structure.problems)
    findings.push({ betrays: 'unknown', part: 'header', label: `damaged: ${problem}` });
  return findings;
}

/** Tags that hold a block of another format. */
const BLOCK = { xmp: 700, iptc: 33723, photoshop: 34377, c2pa: 52545 } as const;
/** Real files have a few to each page. */
const MOST_BLOCKS = 1000;
const BLOCKS: ReadonlySet<number> = new Set([...Object.values(BLOCK), TAG.iccProfile]);

async function blockFindings(source: ByteSource, ifd: Ifd, entry: IfdEntry): Promise<Finding[]> {
  const part = `${ifd.path}/${entry.tag}`;
  const data = await readPart(source, entry.valueOffset, entry.valueLength);
  switch (entry.tag) {
    case BLOCK.xmp:
      return xmpFindings(data, part);
    case BLOCK.iptc:
      return iptcFindings(data, part);
    case BLOCK.photoshop:
      return photoshopFindings(data, part);
    case BLOCK.c2pa:
      return jumbfFindings(data, part);
    default:
      return iccFindings(data, part);
  }
}

async function pictureFindings(source: ByteSource, structure: TiffStructure, ifd: Ifd): Promise<Finding[]> {
  const one = async (tag: number) => {
    const entry = ifd.entries.find((candidate) => candidate.tag === tag);
    return entry ? (await readNumbers(source, structure, entry, 1))[0] : undefined;
  };
  const findings: Finding[] = [];
  const part = ifd.path;
  if (((await one(TAG.newSubfileType)) ?? 0) & 1)
    findings.push({ betrays: 'other-pictures', part, label: 'thumbnail or preview page' });
  if ((await one(TAG.compression)) === COMPRESSION.jpeg)
    findings.push(...(await jpegFindings(source, structure, ifd)));
  return findings;
}

/** JPEG strips may bring blocks of their own; only whether the first has any is told. */
async function jpegFindings(source: ByteSource, structure: TiffStructure, ifd: Ifd): Promise<Finding[]> {
  const entry = ifd.entries.find(({ tag }) => tag === TAG.stripOffsets || tag === TAG.tileOffsets);
  const [offset] = entry ? await readNumbers(source, structure, entry, 1) : [];
  if (offset === undefined) return [];
  const head = await source.read(offset, 4);
  const hasBlock =
    head[2] === 0xff && (head[3] === 0xfe || (head[3] >= 0xe0 && head[3] <= 0xef && head[3] !== 0xee));
  return hasBlock
    ? [{ betrays: 'unknown', part: `${ifd.path}/strips`, label: 'metadata inside JPEG-coded strips' }]
    : [];
}
