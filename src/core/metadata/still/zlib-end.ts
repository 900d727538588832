/** Hands out a stretch of a zlib stream at a time, in order; empty at its end. The array is only read. */
export type NextPiece = () => Promise<Uint8Array>;

/** Where a zlib stream ends, and how much it makes. */
export interface ZlibExtent {
  /** Bytes of the stream, header and checksum included. */
  readonly length: number;
  /** Bytes it decompresses to. */
  readonly produced: number;
}

/** The longest head of a block with codes of its own: RFC 1951 section 3.2.7, 14 + 19 * 3 + 320 * 14 bits. */
const LONGEST_HEAD = 600;
/** The longest length and distance: 15 + 5 + 15 + 13 bits. */
const LONGEST_PAIR = 8;

/**
 * Follows a zlib stream (RFC 1950, 1951) to its end without decompressing it: only codes are read. Nothing that
 * decompresses tells where the end was. Undefined for a stream that is damaged or cut off. The checksum is passed
 * over, not checked.
 */
export async function zlibExtent(next: NextPiece): Promise<ZlibExtent | undefined> {
  const bits = new Bits(next);
  await bits.ahead(2);
  const method = bits.take(8);
  const flags = bits.take(8);
  if ((method & 15) !== 8 || method >> 4 > 7 || (method * 256 + flags) % 31 !== 0 || flags & 0x20)
    return undefined;
  let produced = 0;
  for (let isLast = false; !isLast; ) {
    await bits.ahead(LONGEST_HEAD);
    isLast = bits.take(1) === 1;
    const kind = bits.take(2);
    const made = kind === 0 ? await stored(bits) : kind === 3 ? undefined : await coded(bits, kind);
    if (made === undefined || bits.isPastEnd) return undefined;
    produced += made;
  }
  bits.align();
  await bits.ahead(4);
  bits.skip(4);
  return bits.isPastEnd ? undefined : { length: bits.used, produced };
}

async function stored(bits: Bits): Promise<number | undefined> {
  bits.align();
  const length = bits.take(16);
  if ((length ^ 0xffff) !== bits.take(16)) return undefined;
  for (let left = length; left > 0; ) {
    const step = Math.min(left, 4096);
    await bits.ahead(step);
    bits.skip(step);
    left -= step;
  }
  return length;
}

/** RFC 1951 section 3.2.5: bits that follow each length and distance code, and what they start from. */
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const LENGTH_BASE = LENGTH_BITS.map((_, i) =>
  i === 28 ? 258 : 3 + LENGTH_BITS.slice(0, i).reduce((sum, count) => sum + 2 ** count, 0),
);
const DISTANCE_BITS = Array.from({ length: 30 }, (_, i) => Math.max(0, (i >> 1) - 1));
const END = 256;

async function coded(bits: Bits, kind: number): Promise<number | undefined> {
  const codes = kind === 1 ? FIXED : ownCodes(bits);
  if (!codes) return undefined;
  let made = 0;
  for (;;) {
    await bits.ahead(4096);
    // In here nothing waits: one piece is read to its end.
    while (bits.isReady) {
      const symbol = bits.symbol(codes.literals);
      if (symbol < END) {
        if (symbol < 0) return undefined;
        made++;
      } else if (symbol === END) return made;
      else {
        const extra = LENGTH_BITS[symbol - 257];
        if (extra === undefined) return undefined;
        made += LENGTH_BASE[symbol - 257] + bits.take(extra);
        const distance = bits.symbol(codes.distances);
        if (distance < 0 || distance > 29) return undefined;
        bits.take(DISTANCE_BITS[distance]);
      }
    }
    if (bits.isPastEnd) return undefined;
  }
}

interface Codes {
  readonly literals: Code;
  readonly distances: Code;
}

/** A prefix code as a table: for every value of `width` bits, symbol * 16 + length; 0 where there is no code. */
interface Code {
  readonly table: Uint16Array;
  readonly mask: number;
}

/** RFC 1951 section 3.2.2. Undefined where more codes are claimed than there is room for. */
function codeOf(lengths: Uint8Array): Code | undefined {
  const counts = new Uint16Array(17);
  for (const length of lengths) if (length > 0) counts[length]++;
  let width = 15;
  while (width > 1 && counts[width] === 0) width--;
  const next = new Uint32Array(17);
  for (let length = 1, code = 0; length <= 15; length++) {
    code = (code + counts[length - 1]) << 1;
    if (code + counts[length] > 1 << length) return undefined;
    next[length] = code;
  }
  const table = new Uint16Array(1 << width);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    // Codes are stored with their first bit lowest.
    let reversed = 0;
    for (let code = next[length]++, n = 0; n < length; n++, code >>= 1)
      reversed = (reversed << 1) | (code & 1);
    for (let at = reversed; at < table.length; at += 1 << length) table[at] = symbol * 16 + length;
  }
  return { table, mask: table.length - 1 };
}

const FIXED: Codes = {
  literals: codeOf(
    Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)),
  )!,
  distances: codeOf(new Uint8Array(32).fill(5))!,
};

const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function ownCodes(bits: Bits): Codes | undefined {
  const literalCount = bits.take(5) + 257;
  const distanceCount = bits.take(5) + 1;
  const orderCount = bits.take(4) + 4;
  const first = new Uint8Array(19);
  for (let i = 0; i < orderCount; i++) first[ORDER[i]] = bits.take(3);
  const code = codeOf(first);
  if (!code) return undefined;
  const lengths = new Uint8Array(literalCount + distanceCount);
  for (let i = 0; i < lengths.length; ) {
    const symbol = bits.symbol(code);
    if (symbol < 0) return undefined;
    if (symbol < 16) lengths[i++] = symbol;
    else {
      if (symbol === 16 && i === 0) return undefined;
      const [value, times] =
        symbol === 16
          ? [lengths[i - 1], 3 + bits.take(2)]
          : [0, symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7)];
      if (i + times > lengths.length) return undefined;
      lengths.fill(value, i, i + times);
      i += times;
    }
  }
  const literals = codeOf(lengths.subarray(0, literalCount));
  const distances = codeOf(lengths.subarray(literalCount));
  return literals && distances && { literals, distances };
}

/** Bits of a stream that comes in pieces, lowest first. Past the end they are zeros. */
class Bits {
  readonly #next: NextPiece;
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;
  /** Bytes in pieces already let go of. */
  #before = 0;
  #held = 0;
  #count = 0;
  #ended = false;

  constructor(next: NextPiece) {
    this.#next = next;
  }

  /** Has the next `length` bytes at hand, or all there are. */
  async ahead(length: number): Promise<void> {
    while (!this.#ended && this.#bytes.length - this.#at < length) {
      const piece = await this.#next();
      this.#ended = piece.length === 0;
      const rest = this.#bytes.subarray(this.#at);
      const bytes = new Uint8Array(rest.length + piece.length);
      bytes.set(rest);
      bytes.set(piece, rest.length);
      this.#before += this.#at;
      this.#at = 0;
      this.#bytes = bytes;
    }
  }

  /** Whether a length and a distance can be read without waiting. */
  get isReady(): boolean {
    return this.#at + LONGEST_PAIR <= this.#bytes.length || (this.#ended && !this.isPastEnd);
  }

  /** Whether more has been taken than there was. */
  get isPastEnd(): boolean {
    return this.#at - (this.#count >> 3) > this.#bytes.length;
  }

  /** Bytes taken so far; a byte of which some bits were taken counts. */
  get used(): number {
    return this.#before + this.#at - (this.#count >> 3);
  }

  /** Up to 16 bits. */
  take(count: number): number {
    while (this.#count < count) this.#fill();
    const value = this.#held & ((1 << count) - 1);
    this.#held >>>= count;
    this.#count -= count;
    return value;
  }

  /** The next symbol of a code; -1 where no code fits. */
  symbol({ table, mask }: Code): number {
    while (this.#count < 15) this.#fill();
    const entry = table[this.#held & mask];
    const length = entry & 15;
    if (length === 0) return -1;
    this.#held >>>= length;
    this.#count -= length;
    return entry >> 4;
  }

  /** Drops what is left of a byte begun. */
  align(): void {
    const odd = this.#count & 7;
    this.#held >>>= odd;
    this.#count -= odd;
  }

  /** Passes over whole bytes, from the start of a byte on. */
  skip(length: number): void {
    const held = Math.min(length, this.#count >> 3);
    this.#held = held >= 4 ? 0 : this.#held >>> (held * 8);
    this.#count -= held * 8;
    this.#at += length - held;
  }

  #fill(): void {
    this.#held |= (this.#bytes[this.#at++] ?? 0) << this.#count;
    this.#count += 8;
  }
}
