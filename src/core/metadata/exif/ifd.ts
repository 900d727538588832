import type { ByteSource } from '../byte-source.ts';
import { copyOf } from '../still/bytes.ts';

/**
 * The directories of a TIFF file (TIFF 6.0, Adobe 1992, section 2; BigTIFF, Aldus/AWare 2007). An EXIF block is
 * one too. Sayeh reads them itself rather than through a metadata library because stripping TIFF needs to know
 * where each entry and value lies, which no such library tells.
 */
export interface TiffStructure {
  readonly littleEndian: boolean;
  /** BigTIFF: 64-bit counts and offsets. */
  readonly big: boolean;
  /** In the order they are linked: each image directory, followed by those below it. */
  readonly ifds: readonly Ifd[];
  /** What is damaged, in plain words. */
  readonly problems: readonly string[];
}

export type IfdKind = 'image' | 'exif' | 'gps' | 'interop' | 'sub';

export interface Ifd {
  readonly kind: IfdKind;
  /** `IFD[0]`, `IFD[0]/GPS`, `IFD[1]/Sub[0]`. */
  readonly path: string;
  /** Where the table of entries lies, from the count to the link to the next directory. */
  readonly offset: number;
  readonly length: number;
  readonly entries: readonly IfdEntry[];
}

export interface IfdEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where the value lies, in the entry itself or elsewhere. */
  readonly valueOffset: number;
  readonly valueLength: number;
  /** The value sits in the entry. */
  readonly inline: boolean;
  /** The type is known and the whole value lies in the file. */
  readonly sound: boolean;
}

/** Bytes per value of each field type: TIFF 6.0 section 2, and 13 (IFD), 16 to 18 (BigTIFF). */
export const TYPE_SIZE: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

/** Bounds against hostile files; real ones have a few dozen directories. */
const MOST_IFDS = 10_000;
const MOST_ENTRIES = 65_535;
const MOST_ENTRIES_IN_ALL = 200_000;
const MOST_PROBLEMS = 100;
const DEEPEST = 4;

const SUB_IFDS = 330;
const CHILDREN: Readonly<Record<number, { kind: IfdKind; name: string }>> = {
  [SUB_IFDS]: { kind: 'sub', name: 'Sub' },
  34665: { kind: 'exif', name: 'Exif' },
  34853: { kind: 'gps', name: 'GPS' },
  40965: { kind: 'interop', name: 'Interop' },
};

/** Reads every directory; undefined where the header is not a TIFF one. Loops and wild offsets end as problems. */
export async function readTiff(source: ByteSource): Promise<TiffStructure | undefined> {
  const header = await source.read(0, 16);
  const order = header.length >= 8 ? String.fromCharCode(header[0], header[1]) : '';
  if (order !== 'II' && order !== 'MM') return undefined;
  const littleEndian = order === 'II';
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const magic = view.getUint16(2, littleEndian);
  const big = magic === 43;
  if (magic !== 42 && !(big && header.length >= 16 && view.getUint16(4, littleEndian) === 8))
    return undefined;
  const first = big ? Number(view.getBigUint64(8, littleEndian)) : view.getUint32(4, littleEndian);
  const reader = new Reader(source, littleEndian, big);
  await reader.readChain(first, 'image', 'IFD', 0);
  const values = reader.ifds.flatMap(({ entries }) =>
    entries.filter(({ sound, inline }) => sound && !inline),
  );
  // Whoever reads every value then reads no more than the file.
  if (values.reduce((sum, { valueLength }) => sum + valueLength, 0) > source.size)
    reader.problems.push('values overlap');
  return { littleEndian, big, ifds: reader.ifds, problems: reader.problems };
}

class Reader {
  readonly ifds: Ifd[] = [];
  readonly problems: string[] = [];
  readonly #seen = new Set<number>();
  #entriesLeft = MOST_ENTRIES_IN_ALL;

  constructor(
    readonly source: ByteSource,
    readonly littleEndian: boolean,
    readonly big: boolean,
  ) {}

  /** A directory and those it links to. */
  async readChain(first: number, kind: IfdKind, name: string, depth: number): Promise<void> {
    let offset = first;
    for (let n = 0; offset !== 0; n++) {
      if (this.ifds.length >= MOST_IFDS) {
        this.problems.push(`more than ${MOST_IFDS} directories`);
        return;
      }
      const path = kind === 'image' || kind === 'sub' ? `${name}[${n}]` : n === 0 ? name : `${name}[${n}]`;
      const next = await this.#readOne(offset, kind, path, depth);
      if (next === undefined) return;
      offset = next;
    }
  }

  /** Reads one directory and those below it; answers the offset of the next, undefined on damage. */
  async #readOne(offset: number, kind: IfdKind, path: string, depth: number): Promise<number | undefined> {
    if (this.problems.length >= MOST_PROBLEMS) return undefined;
    if (this.#seen.has(offset)) {
      this.problems.push(`${path} repeats a directory already read`);
      return undefined;
    }
    this.#seen.add(offset);
    const countSize = this.big ? 8 : 2;
    const entrySize = this.big ? 20 : 12;
    const linkSize = this.big ? 8 : 4;
    const countBytes = await this.#view(offset, countSize);
    if (!countBytes) {
      this.problems.push(`${path} lies outside the file`);
      return undefined;
    }
    const count = this.big ? Number(countBytes.getBigUint64(0, this.littleEndian)) : this.#u16(countBytes, 0);
    const length = countSize + count * entrySize;
    const table =
      count <= Math.min(MOST_ENTRIES, this.#entriesLeft)
        ? await this.#view(offset + countSize, count * entrySize)
        : undefined;
    if (!table) {
      this.problems.push(`${path} claims ${count} entries, more than the file holds`);
      return undefined;
    }
    this.#entriesLeft -= count;
    const entries = Array.from({ length: count }, (_, i) =>
      this.#entry(table, i * entrySize, offset + countSize + i * entrySize),
    );
    const link = await this.#view(offset + length, linkSize);
    this.ifds.push({ kind, path, offset, length: link ? length + linkSize : length, entries });
    if (depth < DEEPEST) await this.#readChildren(entries, path, depth);
    // An EXIF writer may leave the last link out.
    if (!link) return 0;
    return this.big ? Number(link.getBigUint64(0, this.littleEndian)) : link.getUint32(0, this.littleEndian);
  }

  async #readChildren(entries: readonly IfdEntry[], path: string, depth: number): Promise<void> {
    for (const entry of entries) {
      const child = CHILDREN[entry.tag];
      if (!child || !entry.sound) continue;
      const offsets = await readNumbers(this.source, this, entry, 64);
      for (const [i, offset] of offsets.entries()) {
        const name = entry.tag === SUB_IFDS && offsets.length > 1 ? `${child.name}${i}` : child.name;
        await this.readChain(offset, child.kind, `${path}/${name}`, depth + 1);
      }
    }
  }

  #entry(table: DataView, at: number, offset: number): IfdEntry {
    const tag = this.#u16(table, at);
    const type = this.#u16(table, at + 2);
    const count = this.big
      ? Number(table.getBigUint64(at + 4, this.littleEndian))
      : table.getUint32(at + 4, this.littleEndian);
    const inlineSize = this.big ? 8 : 4;
    const inlineAt = this.big ? 12 : 8;
    const size = TYPE_SIZE[type] ?? 0;
    const valueLength = size * count;
    const inline = valueLength <= inlineSize;
    const valueOffset = inline
      ? offset + inlineAt
      : this.big
        ? Number(table.getBigUint64(at + inlineAt, this.littleEndian))
        : table.getUint32(at + inlineAt, this.littleEndian);
    const sound = size > 0 && valueOffset + valueLength <= this.source.size;
    return { tag, type, count, valueOffset, valueLength, inline, sound };
  }

  async #view(offset: number, length: number): Promise<DataView | undefined> {
    if (!(offset + length <= this.source.size)) return undefined;
    const bytes = copyOf(await this.source.read(offset, length));
    return bytes.length === length ? new DataView(bytes.buffer) : undefined;
  }

  #u16(view: DataView, at: number): number {
    return view.getUint16(at, this.littleEndian);
  }
}

/** At most `limit` of an entry's values as numbers; rationals are divided out. Empty for unsound entries. */
export async function readNumbers(
  source: ByteSource,
  order: { readonly littleEndian: boolean },
  entry: IfdEntry,
  limit = 65_536,
): Promise<number[]> {
  const size = TYPE_SIZE[entry.type];
  if (!entry.sound) return [];
  const count = Math.min(entry.count, limit);
  const bytes = copyOf(await source.read(entry.valueOffset, count * size));
  const view = new DataView(bytes.buffer);
  const little = order.littleEndian;
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) =>
    number(view, entry.type, i * size, little),
  );
}

function number(view: DataView, type: number, at: number, little: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, little);
    case 4:
    case 13:
      return view.getUint32(at, little);
    case 5:
      return view.getUint32(at, little) / view.getUint32(at + 4, little);
    case 6:
      return view.getInt8(at);
    case 8:
      return view.getInt16(at, little);
    case 9:
      return view.getInt32(at, little);
    case 10:
      return view.getInt32(at, little) / view.getInt32(at + 4, little);
    case 11:
      return view.getFloat32(at, little);
    case 12:
      return view.getFloat64(at, little);
    case 16:
    case 18:
      return Number(view.getBigUint64(at, little));
    case 17:
      return Number(view.getBigInt64(at, little));
    default:
      return view.getUint8(at);
  }
}

/** An entry's value as text for a report. */
export async function readText(
  source: ByteSource,
  order: { readonly littleEndian: boolean },
  entry: IfdEntry,
): Promise<string> {
  if (!entry.sound) return '';
  if (entry.type === 2 || entry.type === 7 || (entry.type === 1 && entry.count > 16)) {
    const bytes = await source.read(entry.valueOffset, Math.min(entry.valueLength, 4096));
    // Windows' XP tags are UTF-16; dropping the zeros leaves Latin text readable.
    return new TextDecoder().decode(bytes).replaceAll('\0', entry.type === 2 ? ' ' : '');
  }
  const numbers = await readNumbers(source, order, entry, 16);
  return numbers.map((n) => (Number.isInteger(n) ? `${n}` : `${+n.toFixed(6)}`)).join(' ');
}
