import { be32, concat, fromLatin1, latin1, u32be } from '../still/bytes.ts';
import { InflateBudget } from '../still/inflate.ts';

/** Real profiles stay below a few mebibytes. */
const LARGEST_PROFILE = 16 << 20;

/** The profile in an iCCP chunk: a name, a zero, the method, a zlib stream (PNG section 11.3.2.3). */
export async function profileIn(
  data: Uint8Array,
  budget = new InflateBudget(LARGEST_PROFILE),
): Promise<Uint8Array> {
  const nameEnd = data.subarray(0, 80).indexOf(0);
  const profile = nameEnd < 0 ? undefined : await budget.inflate(data.subarray(nameEnd + 2), LARGEST_PROFILE);
  return profile ?? new Uint8Array();
}

/** A profile's name as far as its first zero, for a report. */
export const profileName = (data: Uint8Array) => latin1(data, 0, 80).replace(/\0.*$/s, '');

/**
 * An iCCP chunk's content that is always the same for the same profile: its zlib stream is one stored block
 * (RFC 1951 section 3.2.4), so it can be checked byte for byte and has no room for anything else.
 */
export function iccpData(profile: Uint8Array): Uint8Array {
  const length = profile.length;
  const stored = Uint8Array.of(1, length, length >>> 8, ~length, ~length >>> 8);
  return concat(fromLatin1('ICC\0\0'), Uint8Array.of(0x78, 0x01), stored, profile, be32(adler32(profile)));
}

/** The profile in an iCCP chunk that `iccpData` may have made. */
export const storedProfile = (data: Uint8Array) => data.subarray(12, data.length - 4);

/** RFC 1950 section 8. */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}

/** Gammas that a clean file may name, times 100,000: 1/2.2, 1, 1/1.8, 1/2.4, 1/2.6. */
const GAMMAS = [45_455, 100_000, 55_556, 41_667, 38_462];

/** White point and primaries that a clean file may name, x and y times 100,000 (PNG section 11.3.2.1). */
const CHROMATICITIES: readonly (readonly number[])[] = [
  [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000], // sRGB
  [31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000], // Display P3
  [31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6_000], // Adobe RGB
  [31_270, 32_900, 70_800, 29_200, 17_000, 79_700, 13_100, 4_600], // BT.2020
];
/** Rounding differences between encoders stay below this. */
const TOLERANCE = 150;

const nearest = (values: readonly number[], rows: readonly (readonly number[])[]) =>
  rows.find(
    (row) =>
      row.length === values.length && row.every((value, i) => Math.abs(value - values[i]) <= TOLERANCE),
  );

const numbers = (data: Uint8Array) =>
  Array.from({ length: Math.floor(data.length / 4) }, (_, i) => u32be(data, i * 4));

/** The usual gamma nearest to a gAMA chunk's; undefined where none is near. */
export function usualGamma(data: Uint8Array): Uint8Array | undefined {
  const row =
    data.length === 4 &&
    nearest(
      numbers(data),
      GAMMAS.map((gamma) => [gamma]),
    );
  return row ? concat(...row.map(be32)) : undefined;
}

/** The usual chromaticities nearest to a cHRM chunk's; undefined where none are near. */
export function usualChromaticities(data: Uint8Array): Uint8Array | undefined {
  const row = data.length === 32 && nearest(numbers(data), CHROMATICITIES);
  return row ? concat(...row.map(be32)) : undefined;
}

/** Whether a cICP chunk names primaries and transfer of pictures as they are (Rec. ITU-T H.273), in RGB. */
export function isUsualCicp(data: Uint8Array): boolean {
  const [primaries, transfer, matrix, range] = data;
  return (
    data.length === 4 &&
    [1, 9, 11, 12].includes(primaries) &&
    [1, 4, 8, 13, 14, 15, 16, 18].includes(transfer) &&
    matrix === 0 &&
    range <= 1
  );
}
