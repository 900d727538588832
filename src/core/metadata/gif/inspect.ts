import type { ByteSource } from '../byte-source.ts';
import { jumbfFindings } from '../c2pa/findings.ts';
import type { Finding } from '../format.ts';
import { iccFindings } from '../icc/findings.ts';
import { latin1, printable, readableRuns } from '../still/bytes.ts';
import { readPart } from '../still/copy.ts';
import { xmpFindings } from '../xmp/findings.ts';
import { type Block, pathsOf, readBlocks } from './blocks.ts';
import { codedPixels } from './coded-pixels.ts';
import { joined } from './sub-blocks.ts';

/** What the blocks reveal. */
export async function inspect(source: ByteSource): Promise<Finding[]> {
  const blocks = await readBlocks(source);
  const paths = pathsOf(blocks);
  const findings: Finding[] = [];
  for (const [i, block] of blocks.entries()) {
    if (block.kind === 'image') {
      const { problem } = await codedPixels(source, block);
      if (problem) findings.push({ betrays: 'unknown', part: paths[i], label: `coded picture: ${problem}` });
    }
    if (block.kind === 'header' || block.kind === 'control' || block.kind === 'image') continue;
    const bytes = await readPart(source, block.offset, block.length);
    findings.push(...blockFindings(block, bytes, paths[i]));
  }
  return findings;
}

/** Extension introducer and label; for application data also the sub-block with its name. */
const BEFORE_CONTENT = 2;
const BEFORE_APPLICATION_DATA = 14;

function blockFindings(block: Block, bytes: Uint8Array, part: string): Finding[] {
  switch (block.kind) {
    case 'comment':
    case 'text': {
      const value = printable(latin1(joined(bytes.subarray(BEFORE_CONTENT)), 0, 1000));
      return [{ betrays: 'who', part, label: block.kind === 'text' ? 'text to be drawn' : 'comment', value }];
    }
    case 'application':
      return applicationFindings(block, bytes, part);
    case 'unknown':
    case 'after the end':
    case 'damaged':
      return [{ betrays: 'unknown', part, label: block.what, value: readableRuns(bytes) }];
    default:
      return [];
  }
}

function applicationFindings({ application = '', what }: Block, bytes: Uint8Array, part: string): Finding[] {
  const data = bytes.subarray(BEFORE_APPLICATION_DATA);
  if (application === 'XMP DataXMP') return xmpFindings(data, part);
  if (application === 'ICCRGBG1012') return iccFindings(joined(data), part);
  if (application.startsWith('C2PA_GIF')) return jumbfFindings(joined(data), part);
  if (application === 'NETSCAPE2.0' || application === 'ANIMEXTS1.0') return [];
  return [
    { betrays: 'unknown', part, label: what, value: printable(`${application}: ${readableRuns(data)}`) },
  ];
}
