import { isOrientationBlock } from '../exif/orientation.ts';
import { isMinimalProfile } from '../icc/minimal.ts';
import { type AllowedPart, anything } from '../still/allowlist.ts';
import type { Chunk } from './chunks.ts';

/** What a row judges: a chunk and its content; that of coded pictures is not looked at and left empty. */
export interface ChunkContent {
  readonly chunk: Chunk;
  readonly data: Uint8Array;
}

type Row = AllowedPart<ChunkContent>;

const ifNot = (holds: boolean, objection: string) => (holds ? undefined : objection);

/** Bits of the extended header's first byte, RFC 9649 section 2.7. */
export const FLAG = { profile: 0x20, alpha: 0x10, exif: 0x08, xmp: 0x04, animation: 0x02 } as const;

/** Everything that a clean WebP file may hold; `flagProblem` and `orderProblem` look at the whole. */
export const ALLOWED: readonly Row[] = [
  { part: 'RIFF', why: 'begins the file', values: 'the type WEBP', atMost: 1, objection: anything },
  {
    part: 'VP8X',
    why: 'says the size and which further chunks there are',
    values: '10 bytes, reserved bits zero, no flag for XMP',
    atMost: 1,
    objection: ({ data }) =>
      ifNot(
        data.length === 10 &&
          (data[0] & 0xc1) === 0 &&
          (data[0] & FLAG.xmp) === 0 &&
          !data[1] &&
          !data[2] &&
          !data[3],
        'reserved bits are set, or it announces XMP',
      ),
  },
  {
    part: 'ICCP',
    why: 'says what the colours mean where they are not sRGB',
    values: 'a minimal profile',
    atMost: 1,
    objection: ({ data }) => ifNot(isMinimalProfile(data), 'not a minimal colour profile'),
  },
  {
    part: 'ANIM',
    why: 'background colour and repetitions of an animation',
    values: '6 bytes',
    atMost: 1,
    objection: ({ data }) => ifNot(data.length === 6, 'not 6 bytes'),
  },
  {
    part: 'ANMF',
    why: "a frame's place and duration",
    values: '16 bytes, reserved bits zero, then the coded frame',
    objection: ({ data }) => ifNot(data.length === 16 && (data[15] & 0xfc) === 0, 'reserved bits are set'),
  },
  { part: 'ALPH', why: 'transparency', values: 'coded transparency', objection: anything },
  { part: 'VP8 ', why: 'the coded picture', values: 'a VP8 frame', objection: anything },
  { part: 'VP8L', why: 'the coded picture', values: 'a lossless frame', objection: anything },
  {
    part: 'EXIF',
    why: 'says how to turn a picture that is stored turned',
    values: 'the orientation (2 to 8) and nothing else',
    atMost: 1,
    objection: ({ data }) => ifNot(isOrientationBlock(data), 'more than an orientation'),
  },
];

const BY_PART: ReadonlyMap<string, Row> = new Map(ALLOWED.map((row) => [row.part, row]));

/** The row that allows a chunk, if there is one. Inside a frame only coded pictures may be. */
export function rowFor({ name, frame }: Chunk): Row | undefined {
  const codes = name === 'ANMF' || name === 'ALPH' || name === 'VP8 ' || name === 'VP8L';
  return frame === undefined || codes ? BY_PART.get(name) : undefined;
}
