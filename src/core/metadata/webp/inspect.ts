import type { ByteSource } from '../byte-source.ts';
import { jumbfFindings } from '../c2pa/findings.ts';
import { exifFindings } from '../exif/findings.ts';
import type { Finding } from '../format.ts';
import { iccFindings } from '../icc/findings.ts';
import { latin1, readableRuns } from '../still/bytes.ts';
import { readPart } from '../still/copy.ts';
import { xmpFindings } from '../xmp/findings.ts';
import { rowFor } from './allowlist.ts';
import { type Chunk, pathsOf, readChunks } from './chunks.ts';

/** What the chunks reveal. */
export async function inspect(source: ByteSource): Promise<Finding[]> {
  const chunks = await readChunks(source);
  const paths = pathsOf(chunks);
  const findings: Finding[] = [];
  for (const [i, chunk] of chunks.entries()) findings.push(...(await chunkFindings(source, chunk, paths[i])));
  return findings;
}

async function chunkFindings(source: ByteSource, chunk: Chunk, part: string): Promise<Finding[]> {
  const data = () => readPart(source, chunk.dataOffset, chunk.dataLength);
  switch (chunk.name) {
    case 'EXIF':
      return exifFindings(withoutPrefix(await data()), part);
    case 'XMP ':
      return xmpFindings(await data(), part);
    case 'ICCP':
      return iccFindings(await data(), part);
    case 'C2PA':
      return jumbfFindings(await data(), part);
    default: {
      if (rowFor(chunk)) return [];
      const value = readableRuns(await data());
      return [{ betrays: 'unknown', part, label: chunk.what, ...(value ? { value } : {}) }];
    }
  }
}

/** Some writers put JPEG's prefix before the block. */
export const withoutPrefix = (block: Uint8Array) =>
  latin1(block, 0, 6) === 'Exif\0\0' ? block.subarray(6) : block;
