import { joined, numberBytes, replaced } from '../bytes.ts';
import type { Trick } from '../field.ts';
import type { Random } from '../random.ts';

// Sizes that coded pictures claim for themselves, whatever their container says.

const SIDES = [16, 80, 1024, 4096, 8192, 8208, 16_384, 32_768, 65_520];
const side = (random: Random) => SIDES[random(SIDES.length)];

/** Places where a pattern begins; `-1` in it fits any byte. */
function placesOf(bytes: Uint8Array, pattern: readonly number[]): number[] {
  const places: number[] = [];
  for (let at = 0; at + pattern.length <= bytes.length; at++)
    if (pattern.every((byte, i) => byte < 0 || bytes[at + i] === byte)) places.push(at);
  return places;
}

/** Bits as bytes: numbers as they are, or in Exp-Golomb codes (ITU-T H.264 section 9.1). */
class BitWriter {
  #bits = '';

  number(value: number, count: number): this {
    this.#bits += value.toString(2).padStart(count, '0');
    return this;
  }

  golomb(value: number): this {
    const digits = (value + 1).toString(2);
    this.#bits += '0'.repeat(digits.length - 1) + digits;
    return this;
  }

  bytes(): Uint8Array {
    const whole = `${this.#bits}1`;
    return Uint8Array.from(whole.padEnd(Math.ceil(whole.length / 8) * 8, '0').match(/.{8}/g) ?? [], (byte) =>
      Number.parseInt(byte, 2),
    );
  }
}

/** A sequence parameter set (ITU-T H.264 section 7.3.2.1.1) of that many macroblocks. */
const parameterSet = (across: number, down: number, references: number): Uint8Array =>
  new BitWriter()
    .number(0x67, 8)
    .number(66, 8)
    .number(0, 8)
    .number(62, 8)
    .golomb(0)
    .golomb(0)
    .golomb(2)
    .golomb(references)
    .number(0, 1)
    .golomb(across - 1)
    .golomb(down - 1)
    .number(0b1100, 4)
    .bytes();

export const CODED_PICTURE_TRICKS: readonly Trick[] = [
  {
    name: 'size in a parameter set (H.264)',
    apply(bytes, random) {
      // In a transport stream after a start code; elsewhere in the decoder's configuration, after its length.
      const starts = [
        ...placesOf(bytes, [0, 0, 1, 0x67]).map((at) => ({ at: at + 4 - 1, length: 20 })),
        ...placesOf(bytes, [0xe1, 0, -1, 0x67]).map((at) => ({ at: at + 3, length: bytes[at + 2] })),
      ];
      const it = starts[random(starts.length)];
      const set = parameterSet(side(random) / 16, side(random) / 16, [1, 16][random(2)]);
      if (!it || set.length > it.length) return undefined;
      // What follows is filled with zeros, which decoders pass over.
      return replaced(bytes, it.at, it.length, joined(set, new Uint8Array(it.length - set.length)));
    },
  },
  {
    name: 'size in a frame (JPEG)',
    apply(bytes, random) {
      const places = placesOf(bytes, [0xff, 0xc0, 0, 0x11, 8]);
      const at = places[random(places.length)];
      if (at === undefined) return undefined;
      const size = joined(numberBytes(side(random), 2), numberBytes(side(random), 2));
      return replaced(bytes, at + 5, 4, size);
    },
  },
  {
    name: 'size in a sequence header (MPEG-2)',
    apply(bytes, random) {
      const places = placesOf(bytes, [0, 0, 1, 0xb3]);
      const at = places[random(places.length)];
      return at === undefined
        ? undefined
        : replaced(
            bytes,
            at + 4,
            3,
            Uint8Array.from({ length: 3 }, () => [0, 1, 255, random(256)][random(4)]),
          );
    },
  },
  {
    name: 'size in a key frame (VP8)',
    apply(bytes, random) {
      const places = placesOf(bytes, [0x9d, 1, 0x2a]);
      const at = places[random(places.length)];
      const size = () => numberBytes(side(random), 2, true);
      return at === undefined ? undefined : replaced(bytes, at + 3, 4, joined(size(), size()));
    },
  },
];
