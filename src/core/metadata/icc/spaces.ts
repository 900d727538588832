/** Red, green and blue of a colour space as XYZ, adapted to D50 by the Bradford transform: nine numbers. */
export type Colourants = readonly number[];

export interface KnownSpace {
  readonly name: string;
  readonly colourants: Colourants;
}

/**
 * Colour spaces that pictures come in. Their numbers are in the standards; a profile that is near one of them is
 * written with exactly these.
 */
export const SRGB: KnownSpace = {
  name: 'sRGB', // IEC 61966-2-1
  colourants: [0.4361, 0.2225, 0.0139, 0.3851, 0.7169, 0.0971, 0.1431, 0.0606, 0.7141],
};
export const KNOWN_SPACES: readonly KnownSpace[] = [
  SRGB,
  {
    name: 'Display P3', // SMPTE EG 432-1 primaries, D65
    colourants: [0.5151, 0.2412, -0.0011, 0.292, 0.6922, 0.0419, 0.1571, 0.0666, 0.7841],
  },
  {
    name: 'Adobe RGB', // Adobe RGB (1998), version 2005-05
    colourants: [0.6097, 0.3111, 0.0195, 0.2053, 0.6257, 0.0609, 0.1492, 0.0632, 0.7446],
  },
  {
    name: 'ProPhoto RGB', // ISO 22028-2
    colourants: [0.7977, 0.288, 0, 0.1352, 0.7119, 0, 0.0313, 0.0001, 0.8249],
  },
  {
    name: 'BT.2020', // Rec. ITU-R BT.2020
    colourants: [0.6735, 0.279, -0.0019, 0.1657, 0.6753, 0.03, 0.1251, 0.0456, 0.797],
  },
];

/** Rounding differences between makers of the same space stay below this. */
const TOLERANCE = 0.004;

export function knownSpace(colourants: Colourants): KnownSpace | undefined {
  return KNOWN_SPACES.find((space) =>
    space.colourants.every((value, i) => Math.abs(value - colourants[i]) < TOLERANCE),
  );
}
