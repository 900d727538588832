import { SayehError } from '../../errors.ts';
import type { ByteSink, ByteSource } from '../byte-source.ts';
import type { StripResult } from '../format.ts';
import { reduceProfile } from '../icc/minimal.ts';
import { equal } from '../still/bytes.ts';
import { copy, readPart } from '../still/copy.ts';
import { loopBlock, RESERVED_CONTROL_BITS, RESERVED_IMAGE_BITS } from './allowlist.ts';
import { type Block, DESCRIPTOR, partsOf, readBlocks } from './blocks.ts';
import { codedPixels, withoutTail } from './coded-pixels.ts';
import { joined } from './sub-blocks.ts';

/** Writes the same coded pictures, their durations and the number of repetitions, and no other block. */
export async function strip(source: ByteSource, sink: ByteSink): Promise<StripResult> {
  const blocks = await readBlocks(source);
  const damage = blocks.find(({ kind }) => kind === 'damaged');
  if (damage) throw new SayehError('corrupt', `the GIF file is ${damage.what}`);
  if (!blocks.some(({ kind }) => kind === 'image'))
    throw new SayehError('corrupt', 'the GIF file holds no picture');

  const kept = new Set<number>();
  const loop = blocks.find(isLoop);
  let hasTail = false;
  for (const [i, block] of blocks.entries()) {
    if (block.kind === 'header' || block.kind === 'trailer') {
      await copy(source, sink, block.offset, block.length);
      kept.add(block.offset);
    } else if (block.kind === 'image') {
      const control = controlFor(blocks, i);
      if (control) {
        await writeControl(source, sink, control);
        kept.add(control.offset);
      }
      if (await writeImage(source, sink, block)) hasTail = true;
      kept.add(block.offset);
    } else if (block === loop && (await writeLoop(source, sink, block))) kept.add(block.offset);
  }
  return {
    removed: partsOf(blocks).filter(({ offset }) => !kept.has(offset)),
    notes: [
      ...(await colourNotes(source, blocks)),
      ...(hasTail ? ['bytes hidden after the end of coded pixels were dropped'] : []),
    ],
  };
}

const isLoop = ({ application }: Block) => application === 'NETSCAPE2.0' || application === 'ANIMEXTS1.0';

/** The control that speaks of a picture: the last one before it, unless text to be drawn took it. */
function controlFor(blocks: readonly Block[], image: number): Block | undefined {
  for (let i = image - 1; i >= 0; i--) {
    const { kind } = blocks[i];
    if (kind === 'control') return blocks[i];
    if (kind === 'image' || kind === 'text') return undefined;
  }
  return undefined;
}

async function writeControl(source: ByteSource, sink: ByteSink, { offset, length }: Block): Promise<void> {
  const bytes = await readPart(source, offset, length);
  if (bytes.length !== 8 || bytes[2] !== 4)
    throw new SayehError('corrupt', "the GIF file is damaged: a picture's control is not of 4 bytes");
  bytes[3] &= ~RESERVED_CONTROL_BITS;
  await sink.write(bytes);
}

/** Answers whether something was hidden behind the pixels. */
async function writeImage(source: ByteSource, sink: ByteSink, block: Block): Promise<boolean> {
  const { offset, length } = block;
  const pixels = await codedPixels(source, block);
  const descriptor = await readPart(source, offset, DESCRIPTOR);
  descriptor[9] &= ~RESERVED_IMAGE_BITS;
  await sink.write(descriptor);
  if (pixels.problem && pixels.length === 0)
    throw new SayehError('corrupt', `the GIF file is damaged: a coded picture: ${pixels.problem}`);
  if (pixels.problem) await sink.write(withoutTail(pixels).subarray(DESCRIPTOR));
  else await copy(source, sink, offset + DESCRIPTOR, length - DESCRIPTOR);
  return pixels.problem !== undefined;
}

/** Writes the number of repetitions; answers whether the block came out as it was. */
async function writeLoop(source: ByteSource, sink: ByteSink, { offset, length }: Block): Promise<boolean> {
  const bytes = await readPart(source, offset, length);
  if (bytes[14] !== 3 || bytes[15] !== 1) return false;
  const fresh = loopBlock(bytes[16], bytes[17]);
  await sink.write(fresh);
  return equal(fresh, bytes);
}

async function colourNotes(source: ByteSource, blocks: readonly Block[]): Promise<string[]> {
  const block = blocks.find(({ application }) => application === 'ICCRGBG1012');
  if (!block) return [];
  const profile = joined((await readPart(source, block.offset, block.length)).subarray(14));
  if (reduceProfile(profile).kind === 'not-needed') return [];
  return [
    'the colour profile was dropped, as most programs ignore it in GIF; in others colours may look different',
  ];
}
