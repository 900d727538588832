/**
 * Raw AAC blocks (ISO/IEC 14496-3 section 4.4.2.1) may begin with fill or data elements: FFmpeg signs the first
 * block of a film in one. Elements further in cannot be found without decoding the sound before them.
 */
const DATA = 4;
const FILL = 6;
/** Fill, fill data, data element: extension types without sound in them (table 4.121). */
const EMPTY_EXTENSIONS = [0, 1, 2];

/** The same block with what leading fill and data elements say set to zero; the same array if nothing is. */
export function blankLeadingFill(block: Uint8Array): Uint8Array {
  const bits = new Bits(block);
  let blanked = block;
  for (;;) {
    const id = bits.read(3);
    const range = id === FILL ? fillPayload(bits) : id === DATA ? dataPayload(bits) : undefined;
    if (!range || range.end > block.length * 8) return blanked;
    if (anySet(block, range)) {
      if (blanked === block) blanked = block.slice();
      clear(blanked, range);
    }
    bits.position = range.end;
  }
}

interface BitRange {
  readonly start: number;
  readonly end: number;
}

function fillPayload(bits: Bits): BitRange | undefined {
  const short = bits.read(4);
  const count = short === 15 ? 14 + bits.read(8) : short;
  const start = bits.position;
  const end = start + count * 8;
  if (count > 0 && !EMPTY_EXTENSIONS.includes(bits.read(4))) return { start: end, end };
  return { start, end };
}

function dataPayload(bits: Bits): BitRange | undefined {
  bits.read(4);
  const aligned = bits.read(1) === 1;
  const short = bits.read(8);
  const count = short === 255 ? 255 + bits.read(8) : short;
  const start = aligned ? Math.ceil(bits.position / 8) * 8 : bits.position;
  return { start, end: start + count * 8 };
}

class Bits {
  position = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Zeros after the end. */
  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.position++)
      value = value * 2 + (((this.bytes[this.position >> 3] ?? 0) >> (7 - (this.position & 7))) & 1);
    return value;
  }
}

function anySet(bytes: Uint8Array, { start, end }: BitRange): boolean {
  for (let bit = start; bit < end; bit++) if (bytes[bit >> 3] & (128 >> (bit & 7))) return true;
  return false;
}

function clear(bytes: Uint8Array, { start, end }: BitRange): void {
  for (let bit = start; bit < end; bit++) bytes[bit >> 3] &= ~(128 >> (bit & 7));
}
