import type { MediaFormat } from '../../src/core/media-type.ts';
import type { Part } from '../../src/core/metadata/format.ts';
import { joined } from './bytes.ts';
import { EDGES, type Structure, withField } from './field.ts';
import type { Random } from './random.ts';
import { repair } from './repair.ts';
import { boxStructure } from './structure/boxes.ts';
import { CODED_PICTURE_TRICKS } from './structure/coded-pictures.ts';
import { directoryStructure } from './structure/directories.ts';
import { ebmlStructure } from './structure/ebml.ts';
import { gifStructure } from './structure/gif.ts';
import { jpegStructure } from './structure/jpeg.ts';
import { pngStructure } from './structure/png.ts';
import { riffStructure } from './structure/riff.ts';
import { transportStructure } from './structure/transport.ts';

/** A file and how its own structure divides it. */
export interface Divided {
  readonly format: MediaFormat;
  readonly bytes: Uint8Array;
  readonly parts: readonly Part[];
}

export interface Mutant {
  readonly bytes: Uint8Array;
  /** What was done, in order. */
  readonly done: readonly string[];
}

/** Films hold coded pictures that claim sizes of their own. */
const film = (structure: Structure): Structure => ({
  ...structure,
  tricks: [...structure.tricks, ...CODED_PICTURE_TRICKS],
});

const STRUCTURES: Readonly<Record<MediaFormat, Structure>> = {
  jpeg: jpegStructure,
  png: pngStructure,
  webp: riffStructure,
  gif: gifStructure,
  tiff: directoryStructure,
  avif: boxStructure,
  heif: boxStructure,
  mp4: film(boxStructure),
  mov: film(boxStructure),
  matroska: film(ebmlStructure),
  avi: film(riffStructure),
  mpegts: film(transportStructure),
};

/** Longer ones only take time. */
const LONGEST = 4 << 20;

/**
 * A damaged copy, by one to three injuries: a number that says something about the structure at an edge, or
 * pointing elsewhere (a third); a trick of the format's own, such as a cycle or a bomb (a fifth); parts dropped,
 * doubled, moved, cut or taken from another file of the format (a fifth); two files of any formats joined (a
 * twentieth); and bytes changed without regard to what they mean. Checksums and the length of the whole are mostly
 * made to fit again, so that the damage gets past the first check.
 */
export function mutantOf(seed: Divided, other: Divided, stranger: Divided, random: Random): Mutant {
  const structure = STRUCTURES[seed.format];
  let bytes = Uint8Array.from(seed.bytes);
  const done: string[] = [];
  for (let n = 1 + Math.floor(random(10) / 4); n > 0 && bytes.length > 0 && bytes.length < LONGEST; n--) {
    const kind = random(20);
    let changed: Uint8Array | undefined;
    if (kind < 7) {
      const fields = structure.fields(bytes);
      const field = fields[random(fields.length)];
      if (field && field.at + field.size <= bytes.length) {
        changed = withField(bytes, field, random);
        done.push(field.what);
      }
    } else if (kind < 11) {
      const trick = structure.tricks[random(structure.tricks.length)];
      changed = trick.apply(bytes, random);
      if (changed) done.push(trick.name);
    } else if (kind < 15 && done.length === 0 && seed.parts.length > 0) {
      changed = structured(seed, other, random);
      done.push('parts');
    } else if (kind === 15) {
      changed = spliced(bytes, random(2) ? other.bytes : stranger.bytes, random);
      done.push('two files');
    }
    if (!changed || changed.length > 2 * LONGEST) {
      changed = blind(bytes, random);
      done.push('bytes');
    }
    bytes = Uint8Array.from(changed);
  }
  if (random(5) > 0) {
    repair(bytes, seed.format);
    done.push('repaired');
  }
  return { bytes, done };
}

/** The start of one file and the end of another, or one after the other. */
function spliced(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const cut = random(3) === 0 ? bytes.length : random(bytes.length);
  const from = random(3) === 0 ? 0 : random(other.length);
  return joined(
    bytes.subarray(0, cut),
    other.subarray(from),
    random(4) ? new Uint8Array() : bytes.subarray(cut),
  );
}

const TEXT = new TextEncoder().encode('SAYEHSECRET');

function structured({ format, bytes, parts }: Divided, other: Divided, random: Random): Uint8Array {
  const part = parts[random(parts.length)];
  const second = parts[random(parts.length)];
  const end = part.offset + part.length;
  const own = bytes.subarray(part.offset, end);
  switch (random(8)) {
    case 0:
      return splice(bytes, part, new Uint8Array(), parts, format);
    case 1:
      return splice(bytes, part, joined(own, own), parts, format);
    case 2: {
      const [first, last] = part.offset < second.offset ? [part, second] : [second, part];
      if (first === last) return bytes.slice();
      const lastEnd = last.offset + last.length;
      return joined(
        bytes.subarray(0, first.offset),
        bytes.subarray(last.offset, lastEnd),
        bytes.subarray(first.offset + first.length, last.offset),
        bytes.subarray(first.offset, first.offset + first.length),
        bytes.subarray(lastEnd),
      );
    }
    case 3: {
      const foreign = other.parts[random(other.parts.length)];
      if (!foreign) return bytes.slice();
      const taken = other.bytes.subarray(foreign.offset, foreign.offset + foreign.length);
      return splice(bytes, part, random(2) ? taken : joined(own, taken), parts, format);
    }
    case 4: {
      const mutant = bytes.slice();
      for (let at = part.offset + 8 + random(16); at < end; at++) mutant[at] = TEXT[at % TEXT.length];
      return mutant;
    }
    case 5:
      return splice(bytes, part, own.subarray(0, random(own.length)), parts, format);
    case 6: {
      const inserted = Uint8Array.from({ length: 1 + random(40) }, () => random(256));
      const at = random(own.length + 1);
      return splice(bytes, part, joined(own.subarray(0, at), inserted, own.subarray(at)), parts, format);
    }
    default:
      return withNumber(bytes, part, random);
  }
}

function withNumber(bytes: Uint8Array, part: Part, random: Random): Uint8Array {
  const mutant = bytes.slice();
  const view = new DataView(mutant.buffer);
  const at = part.offset + random(Math.min(part.length, random(2) ? 16 : 64));
  const value = random(3) ? EDGES[random(EDGES.length)] : Math.max(0, part.length - 4 + random(9));
  const little = random(2) === 0;
  const size = [1, 2, 4, 8][random(4)];
  if (at + size > mutant.length || size === 1) mutant[at] = value;
  else if (size === 2) view.setUint16(at, value, little);
  else if (size === 4) view.setUint32(at, value, little);
  else view.setBigUint64(at, BigInt(value) << BigInt(random(2) * 32), little);
  return mutant;
}

/** Puts `by` in a part's place; the lengths of whatever holds the part follow, where its format has such. */
function splice(
  bytes: Uint8Array,
  part: Part,
  by: Uint8Array,
  parts: readonly Part[],
  format: MediaFormat,
): Uint8Array {
  const whole = bytes.slice();
  const growth = by.length - part.length;
  for (let slash = part.path.lastIndexOf('/'); slash > 0; slash = part.path.lastIndexOf('/', slash - 1)) {
    const above = part.path.slice(0, slash);
    const holder = parts.find(({ path, offset }) => path === above && offset < part.offset);
    if (holder) grow(whole, holder.offset, growth, format);
  }
  return joined(whole.subarray(0, part.offset), by, whole.subarray(part.offset + part.length));
}

function grow(bytes: Uint8Array, at: number, growth: number, format: MediaFormat): void {
  const view = new DataView(bytes.buffer);
  if (format === 'mp4' || format === 'mov' || format === 'heif' || format === 'avif') {
    view.setUint32(at, view.getUint32(at) + growth);
  } else if (format === 'webp' || format === 'avi') {
    view.setUint32(at + 4, view.getUint32(at + 4, true) + growth, true);
  } else if (format === 'matroska') {
    // An identifier's and a size's first bytes say how long they are (RFC 8794 section 4).
    const size = at + Math.clz32(bytes[at] | 1) - 24 + 1;
    const length = Math.clz32(bytes[size] | 1) - 24 + 1;
    let carry = growth;
    for (let i = length - 1; i >= 0; i--) {
      const mask = i > 0 ? 0xff : 0xff >> length;
      const sum = (bytes[size + i] & mask) + carry;
      bytes[size + i] = (bytes[size + i] & ~mask) | (sum & mask);
      carry = Math.floor(sum / (mask + 1));
    }
  }
}

/** One to four small injuries: bytes changed, stretches cut out, doubled or filled, the end cut off. */
function blind(bytes: Uint8Array, random: Random): Uint8Array {
  let mutant = Uint8Array.from(bytes);
  for (let n = 1 + random(4); n > 0 && mutant.length > 0; n--) {
    // Structure sits mostly at the start: half of the injuries go there.
    const at = random(random(2) === 0 ? Math.min(mutant.length, 600) : mutant.length);
    const length = 1 + random(64);
    switch (random(7)) {
      case 0:
        mutant[at] = random(256);
        break;
      case 1:
        mutant[at] ^= 1 << random(8);
        break;
      case 2:
        mutant[at] = EDGES[random(EDGES.length)];
        break;
      case 3:
        mutant.fill(random(2) * 255, at, at + length);
        break;
      case 4:
        mutant = joined(mutant.subarray(0, at), mutant.subarray(at + length));
        break;
      case 5:
        mutant = joined(mutant.subarray(0, at + length), mutant.subarray(at));
        break;
      default:
        if (random(4) === 0) mutant = mutant.slice(0, at);
    }
  }
  return mutant;
}
