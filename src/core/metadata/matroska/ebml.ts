import { LARGEST_UNIT, type Window } from '../window.ts';
import { type ElementKind, kindOf, TOP_LEVEL } from './schema.ts';

/** One element: an id, a size, and data (RFC 8794 section 4). Offsets are bytes from the start of the file. */
export interface Element {
  readonly kind: ElementKind;
  readonly offset: number;
  readonly data: number;
  /** Just behind the data; for an unknown size, the end of what may hold it. */
  readonly end: number;
  readonly unknownSize: boolean;
}

/** What a walk meets, in file order. */
export type Step =
  | { readonly type: 'open'; readonly path: string; readonly place: string; readonly element: Element }
  | { readonly type: 'close'; readonly path: string; readonly place: string; readonly element: Element }
  | { readonly type: 'leaf'; readonly path: string; readonly place: string; readonly element: Element }
  | { readonly type: 'damaged'; readonly path: string; readonly offset: number; readonly reason: string }
  | { readonly type: 'trailing'; readonly path: string; readonly offset: number };

/** Tags and chapters may nest in themselves; nothing honest goes this deep. */
const DEEPEST = 12;

interface Open {
  readonly element: Element;
  readonly path: string;
  readonly place: string;
  readonly seen: Map<string, number>;
}

/**
 * Walks a Matroska file element by element. `path` tells siblings apart (`Segment/Cluster[3]`), `place` does not
 * (`Segment/Cluster`) and is what the allowlist is keyed by. Ends with `damaged` where the structure breaks, or
 * `trailing` where bytes follow the first Segment.
 */
export async function* steps(window: Window): AsyncGenerator<Step> {
  const stack: Open[] = [];
  const root = new Map<string, number>();
  let at = 0;
  let segmentSeen = false;

  while (true) {
    const top = stack.at(-1);
    const limit = top ? top.element.end : window.size;
    if (at >= limit) {
      if (!top) return;
      stack.pop();
      yield { type: 'close', path: top.path, place: top.place, element: top.element };
      continue;
    }
    if (!top && segmentSeen) {
      yield { type: 'trailing', path: 'data after the end', offset: at };
      return;
    }

    const element = parseElement(window.peek(at, 12) ?? (await window.upTo(at, 12)), at, limit);
    if (typeof element === 'string') {
      yield { type: 'damaged', path: join(top?.path, 'damaged'), offset: at, reason: element };
      return;
    }
    const name = element.kind.name;
    if (top?.element.unknownSize && endsUnknown(top.element.kind.name, name)) {
      stack.pop();
      const closed: Element = { ...top.element, end: at };
      yield { type: 'close', path: top.path, place: top.place, element: closed };
      continue;
    }
    if (element.unknownSize && name !== 'Segment' && name !== 'Cluster') {
      yield { type: 'damaged', path: join(top?.path, name), offset: at, reason: `${name} has no size` };
      return;
    }

    const seen = top?.seen ?? root;
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    const path = join(top?.path, count === 0 ? name : `${name}[${count}]`);
    const place = join(top?.place, name);
    if (!top && name === 'Segment') segmentSeen = true;
    if (element.kind.type === 'master' && stack.length < DEEPEST) {
      yield { type: 'open', path, place, element };
      stack.push({ element, path, place, seen: new Map() });
      at = element.data;
    } else {
      yield { type: 'leaf', path, place, element };
      at = element.end;
    }
  }
}

const join = (parent: string | undefined, name: string) =>
  parent === undefined ? name : `${parent}/${name}`;

function endsUnknown(open: string, next: string): boolean {
  if (next === 'EBML' || next === 'Segment') return true;
  return open === 'Cluster' && TOP_LEVEL.has(next);
}

/** An element's header at `offset`, from up to 12 bytes there; a string says what is wrong with it. */
export function parseElement(head: Uint8Array, offset: number, limit: number): Element | string {
  const idLength = head.length > 0 ? Math.clz32(head[0]) - 23 : 9;
  if (idLength > 4) return 'bytes that begin no element';
  if (idLength >= head.length) return 'the file ends inside an element header';
  let id = 0;
  for (let i = 0; i < idLength; i++) id = id * 256 + head[i];

  const sizeLength = Math.clz32(head[idLength]) - 23;
  if (sizeLength > 8) return 'an element size that cannot be';
  if (idLength + sizeLength > head.length) return 'the file ends inside an element header';
  const size = parseVint(head, idLength, sizeLength);
  const kind = kindOf(id);
  const data = offset + idLength + sizeLength;
  if (size === undefined) return { kind, offset, data, end: limit, unknownSize: true };
  if (data + size > limit) return `${kind.name} is larger than what holds it`;
  return { kind, offset, data, end: data + size, unknownSize: false };
}

/** A variable-size integer without its length marker; undefined for all ones, "unknown" (RFC 8794 section 4.4). */
export function parseVint(bytes: Uint8Array, at: number, length: number): number | undefined {
  const first = bytes[at] & (0xff >> length);
  let value = first;
  let allOnes = first === 0xff >> length;
  for (let i = 1; i < length; i++) {
    value = value * 256 + bytes[at + i];
    allOnes &&= bytes[at + i] === 0xff;
  }
  return allOnes ? undefined : value;
}

/** An element of a parsed tree: `children` for a master, `bytes` (a copy) for anything else. */
export interface Node {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly children: readonly Node[];
}

/**
 * Parses the whole of a master that is small by nature (Info, Tracks, BlockGroup) from its bytes. Answers
 * undefined where its structure is broken.
 */
export function parseTree(bytes: Uint8Array, depth = 0): Node[] | undefined {
  const nodes: Node[] = [];
  let at = 0;
  while (at < bytes.length) {
    const element = parseElement(bytes.subarray(at, at + 12), at, bytes.length);
    if (typeof element === 'string' || element.unknownSize || element.end > LARGEST_UNIT) return undefined;
    const data = bytes.slice(element.data, element.end);
    const isMaster = element.kind.type === 'master' && depth < DEEPEST;
    const children = isMaster ? parseTree(data, depth + 1) : [];
    if (!children) return undefined;
    nodes.push({ name: element.kind.name, bytes: data, children });
    at = element.end;
  }
  return nodes;
}

/** Unsigned integer, 0 to 8 bytes (RFC 8794 section 7.2); undefined past 2^53 or 8 bytes. */
export function uint(bytes: Uint8Array): number | undefined {
  if (bytes.length > 8) return undefined;
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** IEEE float of 0, 4 or 8 bytes (RFC 8794 section 7.3). */
export function float(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length === 0) return 0;
  if (bytes.length === 4) return view.getFloat32(0);
  return bytes.length === 8 ? view.getFloat64(0) : undefined;
}
