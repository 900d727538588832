import { SayehError } from '../../errors.ts';
import { obuProblem, obus } from '../av1/index.ts';
import type { ByteSource } from '../byte-source.ts';
import {
  avcConfiguration,
  hevcConfiguration,
  judgeUnit,
  lengthPrefixedUnits,
  type NalCodec,
} from '../h26x/index.ts';
import { blankLeadingFill } from './aac-fill.ts';
import { contentOf, fieldsOf } from './box-content.ts';
import { type Box, findBox } from './box-tree.ts';
import { readElementaryStream } from './elementary-stream.ts';

/** A sample as it may be published. */
export interface CleanSample {
  /** The very array given where nothing had to go. */
  readonly bytes: Uint8Array;
  /** What had to go. */
  readonly reasons: readonly string[];
}

/** Takes out of a coded sample what no decoder needs. @throws SayehError('corrupt') for a damaged sample. */
export type SampleCleaner = (sample: Uint8Array) => CleanSample;

/**
 * The cleaner for samples of one description; undefined for codecs with no room for messages beside the picture
 * or sound.
 * @throws SayehError('corrupt') where the codec's configuration is missing or damaged.
 */
export async function cleanerFor(source: ByteSource, entry: Box): Promise<SampleCleaner | undefined> {
  const units = await nalUnitsOf(source, entry);
  if (units) return nalCleaner(units);
  switch (entry.type) {
    case 'av01':
      return cleanObus;
    case 'mp4a':
      return (await isAac(source, entry)) ? cleanAac : undefined;
    default:
      return undefined;
  }
}

/** How samples of H.264 and H.265 are divided. */
export interface NalUnits {
  readonly codec: NalCodec;
  /** Bytes of the length before each unit. */
  readonly lengthSize: number;
}

/** Undefined for other codecs. @throws SayehError('corrupt') as `cleanerFor` does. */
export async function nalUnitsOf(source: ByteSource, entry: Box): Promise<NalUnits | undefined> {
  switch (entry.type) {
    case 'avc1':
    case 'avc3': {
      const { lengthSize } = await configuration(source, entry, 'avcC', avcConfiguration);
      return { codec: 'h264', lengthSize };
    }
    case 'hvc1':
    case 'hev1': {
      const { lengthSize } = await configuration(source, entry, 'hvcC', hevcConfiguration);
      return { codec: 'h265', lengthSize };
    }
    default:
      return undefined;
  }
}

async function configuration<T>(
  source: ByteSource,
  entry: Box,
  type: string,
  read: (bytes: Uint8Array) => T | undefined,
): Promise<T> {
  const box = findBox(entry.children ?? [], type);
  const found = box && read(await contentOf(source, box));
  if (!found) throw new SayehError('corrupt', `${entry.path} has no readable ${type} box`);
  return found;
}

async function isAac(source: ByteSource, entry: Box): Promise<boolean> {
  const esds = findBox(entry.children ?? [], 'esds');
  if (!esds) return false;
  const fields = await fieldsOf(source, esds);
  fields.versionAndFlags();
  const type = readElementaryStream(fields.rest())?.objectType ?? 0;
  return type === 0x40 || (type >= 0x66 && type <= 0x68);
}

/** Said of a damaged sample. */
export const BROKEN_UNITS = 'the lengths of the units in a video sample do not add up';

const nalCleaner =
  ({ codec, lengthSize }: NalUnits): SampleCleaner =>
  (sample) => {
    const units = lengthPrefixedUnits(sample, lengthSize);
    if (!units) throw new SayehError('corrupt', BROKEN_UNITS);
    const edit = new SampleEdit(sample);
    for (const unit of units) {
      const judgement = judgeUnit(codec, sample, unit);
      if (judgement.verdict === 'keep') continue;
      const from = unit.start - lengthSize;
      if (judgement.verdict === 'drop') edit.replace(from, unit.end, NOTHING, judgement.reason);
      else edit.replace(from, unit.end, withLength(judgement.unit, lengthSize), judgement.reason);
    }
    return edit.finish();
  };

const cleanObus: SampleCleaner = (sample) => {
  const units = obus(sample);
  if (!units) throw new SayehError('corrupt', BROKEN_UNITS);
  const edit = new SampleEdit(sample);
  for (const unit of units) {
    const problem = obuProblem(sample, unit);
    if (problem) edit.replace(unit.start, unit.end, NOTHING, problem);
  }
  return edit.finish();
};

const cleanAac: SampleCleaner = (sample) => {
  const bytes = blankLeadingFill(sample);
  return { bytes, reasons: bytes === sample ? [] : ['text in a fill element of the sound'] };
};

const NOTHING = new Uint8Array();

function withLength(unit: Uint8Array, lengthSize: number): Uint8Array {
  const bytes = new Uint8Array(lengthSize + unit.length);
  for (let i = 0; i < lengthSize; i++) bytes[i] = Math.floor(unit.length / 256 ** (lengthSize - 1 - i));
  bytes.set(unit, lengthSize);
  return bytes;
}

/** Collects replacements, in order, and copies only if there are any. */
class SampleEdit {
  private readonly sample: Uint8Array;
  private readonly pieces: Uint8Array[] = [];
  private readonly reasons: string[] = [];
  private copied = 0;

  constructor(sample: Uint8Array) {
    this.sample = sample;
  }

  replace(start: number, end: number, by: Uint8Array, reason: string): void {
    this.pieces.push(this.sample.subarray(this.copied, start), by);
    this.copied = end;
    this.reasons.push(reason);
  }

  finish(): CleanSample {
    if (this.pieces.length === 0) return { bytes: this.sample, reasons: [] };
    this.pieces.push(this.sample.subarray(this.copied));
    const bytes = new Uint8Array(this.pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of this.pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return { bytes, reasons: this.reasons };
  }
}
