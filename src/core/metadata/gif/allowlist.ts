import { type AllowedPart, anything } from '../still/allowlist.ts';
import { concat, equal, fromLatin1 } from '../still/bytes.ts';
import type { Block, BlockKind } from './blocks.ts';

/** What a row judges: a block and its bytes; of a picture only its descriptor. */
export interface BlockContent {
  readonly block: Block;
  readonly bytes: Uint8Array;
}

type Row = AllowedPart<BlockContent> & { readonly part: BlockKind };

const ifNot = (holds: boolean, objection: string) => (holds ? undefined : objection);

/** Bits 3 and 4 of a picture's packed field are reserved (GIF89a section 20). */
export const RESERVED_IMAGE_BITS = 0x18;
/** Bits 5 to 7 of a control's packed field are reserved (section 23). */
export const RESERVED_CONTROL_BITS = 0xe0;

/** Everything that a clean GIF file may hold. */
export const ALLOWED: readonly Row[] = [
  {
    part: 'header',
    why: 'says the size and the colours',
    values: 'the defined fields',
    atMost: 1,
    objection: anything,
  },
  {
    part: 'control',
    why: "a picture's duration and transparency",
    values: 'four bytes in one sub-block, reserved bits zero, right before a picture',
    objection: ({ bytes }) =>
      ifNot(
        bytes.length === 8 && bytes[2] === 4 && (bytes[3] & RESERVED_CONTROL_BITS) === 0,
        'not a plain control',
      ),
  },
  {
    part: 'image',
    why: 'a coded picture',
    values: 'descriptor with reserved bits zero, colours, coded pixels',
    objection: ({ bytes }) => ifNot((bytes[9] & RESERVED_IMAGE_BITS) === 0, 'reserved bits are set'),
  },
  {
    part: 'application',
    why: 'how often an animation repeats',
    values: 'NETSCAPE2.0 or ANIMEXTS1.0 with one sub-block of three bytes',
    atMost: 1,
    objection: ({ bytes }) => ifNot(isLoop(bytes), 'not a number of repetitions and nothing else'),
  },
  { part: 'trailer', why: 'ends the file', values: 'nothing', atMost: 1, objection: anything },
];

const BY_PART: ReadonlyMap<string, Row> = new Map(ALLOWED.map((row) => [row.part, row]));

/** The row that allows blocks of a kind, if there is one. */
export const rowFor = ({ kind }: Block): Row | undefined => BY_PART.get(kind);

/** The extension that says how often to repeat (Netscape Navigator 2.0). */
export const loopBlock = (low: number, high: number, application = 'NETSCAPE2.0') =>
  concat(Uint8Array.of(0x21, 0xff, 11), fromLatin1(application), Uint8Array.of(3, 1, low, high, 0));

const isLoop = (bytes: Uint8Array) =>
  ['NETSCAPE2.0', 'ANIMEXTS1.0'].some((application) =>
    equal(bytes, loopBlock(bytes[16], bytes[17], application)),
  );
