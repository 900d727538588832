import { SayehError } from './errors.ts';

/**
 * What a file may be at most: bounds that keep a hostile one from taking the machine. A file that somebody trusts may
 * need more. Names and units are those of `--limit`.
 */
export interface Limits {
  /** GiB of a photo's file, which is held in memory whole. */
  readonly file: number;
  /** Megapixels of a photo, and of each of its frames or pages. */
  readonly picture: number;
  /** Frames or pages of a photo. */
  readonly frames: number;
  /** Megapixels of all frames or pages of a photo: an animation is encoded from one tall picture. */
  readonly animation: number;
  /** Seconds that decoding one picture of a photo may take. */
  readonly seconds: number;
  /** Megapixels of a film's frame. */
  readonly frame: number;
  /** Streams of a film. */
  readonly streams: number;
  /** Hours from a film's first frame to its last: a gap of years would be filled with as much silence. */
  readonly hours: number;
  /** MiB of packed texts of a PNG that are unpacked to be looked at; what is beyond is named and left alone. */
  readonly texts: number;
}

/** Limits that somebody asked for; the usual ones hold for the others. */
export type GivenLimits = { readonly [Name in keyof Limits]?: Limits[Name] | undefined };

interface Row {
  readonly usual: number;
  /** No more can be asked for, since what reads the files takes no more; see docs/fuzzing.md. */
  readonly most: number;
  readonly unit: string;
  /** What is limited, in the words of a help text. */
  readonly what: string;
  readonly whole?: true;
}

export const LIMITS: Readonly<Record<keyof Limits, Row>> = {
  file: { usual: 1, most: 4, unit: 'GiB', what: "GiB of a photo's file" },
  // Phones make up to 200 megapixels (16320x12240 is 199.8 million).
  picture: { usual: 200, most: 1000, unit: 'megapixels', what: 'megapixels of a photo or page' },
  frames: { usual: 2000, most: 100_000, unit: 'frames', what: 'frames or pages of a photo', whole: true },
  animation: { usual: 400, most: 1000, unit: 'megapixels', what: 'megapixels of all of these together' },
  seconds: { usual: 300, most: 3600, unit: 'seconds', what: 'seconds to decode a photo', whole: true },
  frame: {
    usual: (8192 * 8192) / 1e6,
    most: 250,
    unit: 'megapixels',
    what: "megapixels of a film's frame",
  },
  streams: { usual: 64, most: 256, unit: 'streams', what: 'streams of a film', whole: true },
  hours: { usual: 24, most: 1000, unit: 'hours', what: 'hours of a film' },
  texts: { usual: 64, most: 4096, unit: 'MiB', what: "MiB of a PNG's packed texts that are looked at" },
};

export const LIMIT_NAMES = Object.keys(LIMITS) as (keyof Limits)[];

/** Those given, and the usual ones. Throws SayehError('usage') for a limit that is unknown or makes no sense. */
export function limitsFrom(given: GivenLimits = {}): Limits {
  for (const [name, value] of Object.entries(given)) {
    const wrong = value === undefined ? undefined : whatIsWrong(name, value);
    if (wrong !== undefined) throw new SayehError('usage', wrong);
  }
  return Object.fromEntries(LIMIT_NAMES.map((name) => [name, given[name] ?? LIMITS[name].usual])) as never;
}

export const USUAL_LIMITS: Limits = limitsFrom();

/** Why a limit cannot be asked for, in a sentence that names it; undefined for one that can. */
export function whatIsWrong(name: string, value: number): string | undefined {
  if (!Object.hasOwn(LIMITS, name))
    return `There is no limit ${JSON.stringify(name)}; there are ${LIMIT_NAMES.join(', ')}.`;
  const { most, whole } = LIMITS[name as keyof Limits];
  const makesSense = value > 0 && value <= most && (!whole || Number.isInteger(value));
  return makesSense
    ? undefined
    : `The limit ${name} must be a ${whole ? 'whole ' : ''}number above 0, at most ${most}.`;
}

/** What to throw for a file in which `found`, in the limit's unit, is over a limit. `what` says what was found. */
export function overLimit(name: keyof Limits, limits: Limits, found: number, what: string): SayehError {
  const { unit, most, whole } = LIMITS[name];
  const needed = whole ? found : Math.ceil(found * 10) / 10;
  const way =
    needed <= most
      ? `--limit ${name}=${needed} if you trust this file`
      : `it cannot be raised so far, only to ${most}`;
  return new SayehError('too-large', `${what}, the limit is ${shown(limits[name])} ${unit}: ${way}`);
}

/** To three digits, where it is no whole number. */
const shown = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(3)));

export const megapixels = (pixels: number): number => pixels / 1e6;
