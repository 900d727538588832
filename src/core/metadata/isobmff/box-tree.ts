import type { ByteSource } from '../byte-source.ts';
import { bytesBeforeChildren } from './box-kinds.ts';
import { latin } from './field-reader.ts';

/** A box, ISO/IEC 14496-12 section 4.2, or a stretch of bytes where a box should be and none is. */
export interface Box {
  /** Four letters; `uuid` for every user-defined type; `#27` where they are not letters. */
  readonly type: string;
  readonly path: string;
  readonly offset: number;
  /** Size and type, the UUID, and in a container what comes before the first inner box. */
  readonly headerLength: number;
  readonly length: number;
  /** Undefined for a leaf. */
  readonly children: readonly Box[] | undefined;
  /** Whether its length is written in 64 bits. */
  readonly wide: boolean;
  /** The 16 bytes of a `uuid` box's type in hexadecimal. */
  readonly uuid?: string;
  /** What is wrong with it; such bytes are a leaf of type `(damage)`, or `(rest)` if they could be padding. */
  readonly damage?: string;
}

/** Limits that no honest file meets and that keep a hostile one from taking the machine. */
const MAX_DEPTH = 12;
const MAX_BOXES = 500_000;
const READ_AHEAD = 1 << 16;
/** Size and type in 64 bits, a UUID, and what tells where inner boxes begin. */
const LONGEST_HEAD = 48;

/** Every box of the file in order. Damage never throws: it becomes a leaf that says what it is. */
export async function readBoxTree(source: ByteSource): Promise<Box[]> {
  return new TreeReader(source).boxes(0, source.size, '', '', 0);
}

class TreeReader {
  private readonly source: ByteSource;
  private count = 0;
  private window: Uint8Array = new Uint8Array();
  private windowStart = 0;

  constructor(source: ByteSource) {
    this.source = source;
  }

  async boxes(start: number, end: number, parent: string, parentPath: string, depth: number): Promise<Box[]> {
    const found: Draft[] = [];
    for (let at = start; at < end; ) {
      // A hostile file has hundreds of thousands of boxes: no promise, no copy for each.
      const head = this.peek(at) ?? (await this.readAhead(at));
      const box = this.header(head, at, end, parent, depth);
      found.push(box);
      at += box.length;
    }
    setPaths(found, parentPath);
    for (const box of found) {
      if (!box.children) continue;
      const inner = box.offset + box.headerLength;
      box.children = await this.boxes(inner, box.offset + box.length, box.type, box.path, depth + 1);
    }
    return found;
  }

  private header(head: Uint8Array, at: number, end: number, parent: string, depth: number): Draft {
    const leaf = (type: string, damage: string): Draft => ({
      type,
      path: '',
      offset: at,
      headerLength: 0,
      length: end - at,
      children: undefined,
      wide: false,
      damage,
    });
    const available = Math.min(head.length, end - at);
    // QuickTime ends a user data list with four zero bytes; the edges of some lists are padded.
    if (available < 8) return leaf('(rest)', `${end - at} bytes too few to be a box`);
    if (++this.count > MAX_BOXES) return leaf('(damage)', `more than ${MAX_BOXES} boxes`);

    const size32 = uint(head, 0, 4);
    const type = typeName(head.subarray(4, 8));
    if (size32 === 1 && available < 16) return leaf('(damage)', `box ${type} is cut short in its header`);
    const size = size32 === 1 ? uint(head, 8, 8) : size32 === 0 ? end - at : size32;
    let headerLength = size32 === 1 ? 16 : 8;
    if (size32 === 0 && parent !== '') return leaf('(rest)', 'bytes after the last box');
    const uuid = type === 'uuid' && available >= headerLength + 16;
    const uuidText = uuid ? hex(head.subarray(headerLength, headerLength + 16)) : undefined;
    if (uuid) headerLength += 16;
    if (size < headerLength) return leaf('(damage)', `box ${type} claims a length of ${size} bytes`);
    if (size > end - at)
      return leaf('(damage)', `box ${type} claims ${size} bytes where ${end - at} are left`);

    const content = head.subarray(headerLength, Math.min(headerLength + 16, size));
    const own = bytesBeforeChildren(type, parent, content);
    const inner = own !== undefined && headerLength + own <= size && depth < MAX_DEPTH;
    const box: Draft = {
      type,
      path: '',
      offset: at,
      headerLength: inner ? headerLength + own : headerLength,
      length: size,
      children: inner ? [] : undefined,
      wide: size32 === 1,
    };
    if (uuidText !== undefined) box.uuid = uuidText;
    return box;
  }

  /** Headers lie close together: one read serves many. Undefined where the next must come. */
  private peek(at: number): Uint8Array | undefined {
    const from = at - this.windowStart;
    const isLast = this.windowStart + this.window.length >= this.source.size;
    if (from < 0 || (from + LONGEST_HEAD > this.window.length && !isLast)) return undefined;
    return this.window.subarray(from, from + LONGEST_HEAD);
  }

  private async readAhead(at: number): Promise<Uint8Array> {
    this.window = (await this.source.read(at, READ_AHEAD)).slice();
    this.windowStart = at;
    return this.window.subarray(0, LONGEST_HEAD);
  }
}

/** A box whose path, and the boxes in it, are not known yet. */
type Draft = { -readonly [Key in keyof Box]: Box[Key] };

/** Siblings of one type are numbered. */
function setPaths(boxes: readonly Draft[], parentPath: string): void {
  const totals = new Map<string, number>();
  for (const { type } of boxes) totals.set(type, (totals.get(type) ?? 0) + 1);
  const seen = new Map<string, number>();
  for (const box of boxes) {
    const index = seen.get(box.type) ?? 0;
    seen.set(box.type, index + 1);
    const name = totals.get(box.type)! > 1 ? `${box.type}[${index}]` : box.type;
    box.path = parentPath === '' ? name : `${parentPath}/${name}`;
  }
}

/** Letters as they are, `©` included; a number (QuickTime numbers its metadata items) as `#27`. */
function typeName(bytes: Uint8Array): string {
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0xa9) && !bytes.includes(0x2f)
    ? latin(bytes)
    : `#${uint(bytes, 0, 4)}`;
}

function uint(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

export const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The first box at a path of types below these, such as `['mdia', 'hdlr']`. */
export function findBox(boxes: readonly Box[], ...types: string[]): Box | undefined {
  let level: readonly Box[] | undefined = boxes;
  let found: Box | undefined;
  for (const type of types) {
    found = level?.find((box) => box.type === type);
    level = found?.children;
  }
  return found;
}

/** These boxes and all within them, outermost first. */
export function* everyBox(boxes: readonly Box[]): Generator<Box> {
  for (const box of boxes) {
    yield box;
    if (box.children) yield* everyBox(box.children);
  }
}
