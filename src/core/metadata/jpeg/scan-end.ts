/** A table of prefix codes for 16 bits at a time: length * 256 + value, 0 where no code fits (T.81 annex C). */
export type HuffmanTable = Uint16Array;

/** A component as a scan codes it. */
export interface ScanComponent {
  /** Blocks of the component in each minimum coded unit. */
  readonly blocks: number;
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable;
}

export interface SequentialScan {
  readonly components: readonly ScanComponent[];
  /** Minimum coded units in the scan. */
  readonly units: number;
  /** Units from one restart marker to the next; 0 for none. */
  readonly restart: number;
}

/** From the counts of codes by length and the values in order, as a DHT segment holds them. */
export function huffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable | undefined {
  const table = new Uint16Array(1 << 16);
  let code = 0;
  let n = 0;
  for (let length = 1; length <= 16; length++, code <<= 1)
    for (let i = counts[length - 1]; i > 0; i--, code++, n++) {
      if (code >= 1 << length) return undefined;
      const first = code << (16 - length);
      table.fill(length * 256 + values[n], first, first + (1 << (16 - length)));
    }
  return table;
}

/**
 * Follows a sequential scan's codes to its last block and answers how many bytes belong to it; undefined where its
 * codes are damaged, so that nobody can tell. `data` is the entropy-coded data, restart markers included.
 */
export function scanLength(
  data: Uint8Array,
  { components, units, restart }: SequentialScan,
): number | undefined {
  const bits = new ScanBits(data);
  for (let unit = 0; unit < units; unit++) {
    if (restart > 0 && unit > 0 && unit % restart === 0 && !bits.restart()) return undefined;
    for (const { blocks, dc, ac } of components)
      for (let n = 0; n < blocks; n++) if (!passBlock(bits, dc, ac)) return undefined;
    if (bits.isPastEnd) return undefined;
  }
  return bits.end();
}

/** T.81 section F.2.2: a difference, then runs of zeros and coefficients up to the 64th. */
function passBlock(bits: ScanBits, dc: HuffmanTable, ac: HuffmanTable): boolean {
  const size = bits.symbol(dc);
  if (size < 0 || size > 15) return false;
  bits.skip(size);
  for (let k = 1; k < 64; ) {
    const symbol = bits.symbol(ac);
    if (symbol < 0) return false;
    const coefficient = symbol & 15;
    if (coefficient === 0 && symbol !== 0xf0) return symbol === 0;
    k += (symbol >> 4) + 1;
    if (k > 64) return false;
    bits.skip(coefficient);
  }
  return true;
}

/** Bits, highest first; a zero after each 0xFF is taken out, and no marker is read over. */
class ScanBits {
  readonly #data: Uint8Array;
  #at = 0;
  #held = 0;
  #count = 0;
  /** Bytes made up because a marker or the end was reached. */
  #invented = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  symbol(table: HuffmanTable): number {
    this.#fill();
    const entry = table[(this.#held >>> (this.#count - 16)) & 0xffff];
    if (entry === 0) return -1;
    this.#count -= entry >> 8;
    return entry & 0xff;
  }

  skip(count: number): void {
    this.#fill();
    this.#count -= count;
  }

  /** Drops what is left of a byte and passes the restart marker that must follow. */
  restart(): boolean {
    if (this.isPastEnd) return false;
    const at = this.end();
    const marker = this.#data[at + 1];
    if (this.#data[at] !== 0xff || marker < 0xd0 || marker > 0xd7) return false;
    this.#at = at + 2;
    this.#held = 0;
    this.#count = 0;
    this.#invented = 0;
    return true;
  }

  get isPastEnd(): boolean {
    return this.#count < this.#invented * 8;
  }

  /** Where the byte after the last one used begins; bytes that were only looked at are given back. */
  end(): number {
    let at = this.#at;
    for (let unused = (this.#count >> 3) - this.#invented; unused > 0; unused--)
      at -= at >= 2 && this.#data[at - 1] === 0 && this.#data[at - 2] === 0xff ? 2 : 1;
    return at;
  }

  /** Makes at least 16 bits ready; at most 23 are ever held. */
  #fill(): void {
    while (this.#count < 16) {
      const byte = this.#data[this.#at];
      const isEnd = byte === undefined || (byte === 0xff && this.#data[this.#at + 1] !== 0);
      if (isEnd) this.#invented++;
      else this.#at += byte === 0xff ? 2 : 1;
      this.#held = ((this.#held << 8) | (isEnd ? 0xff : byte)) & 0xffffff;
      this.#count += 8;
    }
  }
}
