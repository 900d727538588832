import { latin1, u16be, u32be } from '../still/bytes.ts';

/** From encoded to linear light, both 0 to 1. */
export type ToneCurve = (encoded: number) => number;

/** A curve that a minimal profile may hold, as a `para` tag's function type and parameters (section 10.18). */
export interface KnownCurve {
  readonly functionType: 0 | 3;
  readonly parameters: readonly number[];
}

const SRGB_CURVE: KnownCurve = {
  functionType: 3,
  parameters: [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045],
};
const BT709_CURVE: KnownCurve = {
  functionType: 3,
  parameters: [1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081],
};
const gamma = (exponent: number): KnownCurve => ({ functionType: 0, parameters: [exponent] });

/**
 * Every curve that a minimal profile may hold. A screen's own measured curves would single it out; a choice among
 * a handful does not.
 */
export const KNOWN_CURVES: readonly KnownCurve[] = [
  SRGB_CURVE,
  BT709_CURVE,
  gamma(2.2),
  gamma(1.8),
  gamma(1),
  ...[1.2, 1.4, 1.6, 1.7, 1.9, 2, 2.1, 2.3, 2.4, 2.5, 2.6].map(gamma),
];

export const isSrgbCurve = (curve: KnownCurve) => curve === SRGB_CURVE;

/** How far the nearest known curve may lie from the real one, in linear light. */
const TOLERANCE = 0.01;
const SAMPLES = 64;

/** The known curve nearest to a TRC tag; undefined where none is near or the tag cannot be read. */
export function nearestKnownCurve(tag: Uint8Array): KnownCurve | undefined {
  const curve = readCurve(tag);
  if (!curve) return undefined;
  let best: KnownCurve | undefined;
  let least = TOLERANCE;
  for (const known of KNOWN_CURVES) {
    const distance = greatestDistance(curve, parametric(known.functionType, known.parameters)!);
    if (distance < least) {
      least = distance;
      best = known;
    }
  }
  return best;
}

function greatestDistance(a: ToneCurve, b: ToneCurve): number {
  let greatest = 0;
  for (let i = 0; i <= SAMPLES; i++) {
    const distance = Math.abs(a(i / SAMPLES) - b(i / SAMPLES));
    // Not a number is as far as can be.
    greatest = distance <= greatest ? greatest : Number.isNaN(distance) ? Infinity : distance;
  }
  return greatest;
}

/** A `curv` or `para` tag as a function; undefined for anything else. */
function readCurve(tag: Uint8Array): ToneCurve | undefined {
  const type = latin1(tag, 0, 4);
  if (type === 'curv' && tag.length >= 12) return sampled(tag);
  if (type === 'para' && tag.length >= 12) {
    const parameters: number[] = [];
    for (let at = 12; at + 4 <= tag.length && parameters.length < 7; at += 4)
      parameters.push((u32be(tag, at) | 0) / 65_536);
    return parametric(u16be(tag, 8), parameters);
  }
  return undefined;
}

/** Section 10.6: no value is identity, one is a gamma, more are a table. */
function sampled(tag: Uint8Array): ToneCurve | undefined {
  const count = u32be(tag, 8);
  if (count === 0) return (x) => x;
  if (12 + count * 2 > tag.length) return undefined;
  if (count === 1) return (x) => x ** (u16be(tag, 12) / 256);
  return (x) => {
    const place = x * (count - 1);
    const i = Math.min(Math.floor(place), count - 2);
    const low = u16be(tag, 12 + i * 2);
    const high = u16be(tag, 14 + i * 2);
    return (low + (high - low) * (place - i)) / 65_535;
  };
}

/** Section 10.18, table 68. */
function parametric(functionType: number, p: readonly number[]): ToneCurve | undefined {
  const needed = [1, 3, 4, 5, 7][functionType];
  if (needed === undefined || p.length < needed) return undefined;
  const [g, a, b, c, d, e, f] = p;
  switch (functionType) {
    case 0:
      return (x) => x ** g;
    case 1:
      return (x) => (x >= -b / a ? (a * x + b) ** g : 0);
    case 2:
      return (x) => (x >= -b / a ? (a * x + b) ** g + c : c);
    case 3:
      return (x) => (x >= d ? (a * x + b) ** g : c * x);
    default:
      return (x) => (x >= d ? (a * x + b) ** g + e : c * x + f);
  }
}
