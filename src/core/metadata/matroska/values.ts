import { float, uint } from './ebml.ts';
import { latin } from './text.ts';

/** What the data of an allowed element may be. */
export interface Values {
  /** For a reader: `0 to 7`, `"und"`. */
  readonly says: string;
  allows(bytes: Uint8Array): boolean;
}

export const unsigned = (least: number, most: number): Values => ({
  says: least === most ? String(least) : `${least} to ${most}`,
  allows: (bytes) => {
    const value = uint(bytes);
    return value !== undefined && value >= least && value <= most;
  },
});

/** A signed integer of at most 8 bytes: a distance in time, which says nothing but itself. */
export const signed: Values = { says: 'a whole number', allows: (bytes) => bytes.length <= 8 };

export const number = (least: number, most: number): Values => ({
  says: `${least} to ${most}`,
  allows: (bytes) => {
    const value = float(bytes);
    return value !== undefined && value >= least && value <= most;
  },
});

export const text = (...texts: readonly string[]): Values => ({
  says: texts.map((t) => `"${t}"`).join(' or '),
  allows: (bytes) => texts.includes(latin(bytes)),
});

export const bytesOf = (...choices: readonly (readonly number[])[]): Values => ({
  says: 'the id of a part that is here',
  allows: (bytes) =>
    choices.some((choice) => choice.length === bytes.length && choice.every((byte, i) => bytes[i] === byte)),
});

/** Coded picture, sound or settings: looked into by the codec's own rules (codecs.ts), not by value. */
export const CODED: Values = { says: 'what the codec needs', allows: () => true };
