import { latin1, u32be } from '../still/bytes.ts';

/** An ICC colour profile (ICC.1:2022): a header of 128 bytes, a table of tags, and their data. */
export interface IccProfile {
  /** Profile class, such as `mntr` (display), and colour space, such as `RGB `; section 7.2. */
  readonly profileClass: string;
  readonly space: string;
  /** Profile connection space: `XYZ ` or `Lab `. */
  readonly connection: string;
  readonly header: Uint8Array;
  /** Tag data by signature. */
  readonly tags: ReadonlyMap<string, Uint8Array>;
}

const HEADER = 128;
/** Real profiles have about twenty. */
const MOST_TAGS = 200;

/** Reads a profile; undefined where header or table are damaged. */
export function readProfile(bytes: Uint8Array): IccProfile | undefined {
  if (bytes.length < HEADER + 4 || latin1(bytes, 36, 40) !== 'acsp') return undefined;
  const count = u32be(bytes, HEADER);
  if (count > MOST_TAGS || HEADER + 4 + count * 12 > bytes.length) return undefined;
  const tags = new Map<string, Uint8Array>();
  for (let i = 0; i < count; i++) {
    const at = HEADER + 4 + i * 12;
    const offset = u32be(bytes, at + 4);
    const length = u32be(bytes, at + 8);
    if (offset + length > bytes.length) return undefined;
    tags.set(latin1(bytes, at, at + 4), bytes.subarray(offset, offset + length));
  }
  return {
    profileClass: latin1(bytes, 12, 16),
    space: latin1(bytes, 16, 20),
    connection: latin1(bytes, 20, 24),
    header: bytes.subarray(0, HEADER),
    tags,
  };
}

/** The text of a `desc`, `text` or `mluc` tag (sections 10.15, 10.24; ICC.1:2001 section 6.5.17). */
export function tagText(tag: Uint8Array | undefined): string {
  if (!tag) return '';
  switch (latin1(tag, 0, 4)) {
    case 'desc':
      return latin1(tag, 12, 12 + u32be(tag, 8)).replace(/\0.*$/s, '');
    case 'text':
      return latin1(tag, 8).replace(/\0.*$/s, '');
    case 'mluc':
      return multiLocalized(tag);
    default:
      return '';
  }
}

function multiLocalized(tag: Uint8Array): string {
  const count = Math.min(u32be(tag, 8), 64);
  const texts = new Set<string>();
  for (let i = 0; i < count && 28 + i * 12 <= tag.length; i++) {
    const at = 16 + i * 12;
    const length = Math.min(u32be(tag, at + 4), 2000);
    const offset = u32be(tag, at + 8);
    texts.add(new TextDecoder('utf-16be').decode(tag.subarray(offset, offset + length)));
  }
  return [...texts].join(' / ');
}
