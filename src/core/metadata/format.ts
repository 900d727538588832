import type { Limits } from '../limits.ts';
import type { ByteSink, ByteSource } from './byte-source.ts';

/** One stretch of a file, as its container's own structure divides it. */
export interface Part {
  /**
   * Where it sits, in the format's own names, outermost first: `APP1`, `tEXt`, `moov/trak[0]/mdia/hdlr`,
   * `Segment/Tags`. Siblings of the same name are told apart by `[n]`.
   */
  readonly path: string;
  /** Bytes from the start of the file, header included. */
  readonly offset: number;
  readonly length: number;
  /** What it is, in a few plain words: `EXIF block`, `XMP packet`, `coded picture`, `data after the end`. */
  readonly what: string;
}

/** What a part can betray. */
export type Betrays =
  | 'who' // names, accounts, serial numbers that lead to a person
  | 'where' // coordinates, place names
  | 'when' // dates, time zones
  | 'device' // make, model, lens, firmware, encoder signatures
  | 'edited' // software, history, provenance manifests
  | 'other-pictures' // thumbnails, previews, depth maps, motion-photo videos, uncropped originals
  | 'sound' // a voice
  | 'unknown'; // content of a kind nobody can vouch for

/** Something a file reveals, in plain words. */
export interface Finding {
  readonly betrays: Betrays;
  /** The path of the part that holds it. */
  readonly part: string;
  /** For a reader in a hurry: `GPS position`, `camera serial number`, `thumbnail of the uncovered picture`. */
  readonly label: string;
  /** The raw value as text, if it has one; shown only where the user asked for values. */
  readonly value?: string;
}

/** A part, or a value in one, that no clean file may hold. */
export interface Violation {
  readonly part: string;
  /** Why it fails, naming the value or kind found. */
  readonly reason: string;
}

/** What a lossless rewrite did. */
export interface StripResult {
  readonly removed: readonly Part[];
  /** Things a user should know, such as how the orientation was kept. */
  readonly notes: readonly string[];
}

/**
 * One container format. All four calls read the bytes as they are; a damaged structure makes `walk` end with a
 * part that says so rather than throw, and makes `verify` report it and `strip` throw SayehError('corrupt'). The usual
 * limits hold where none are given.
 */
export interface Format {
  /**
   * Every part of the file, leaf parts in file order. Together the leaves cover every byte exactly once: gaps,
   * padding and bytes after the end are parts too.
   */
  walk(source: ByteSource): Promise<Part[]>;
  /** What the file reveals. Empty for a clean file. */
  inspect(source: ByteSource, limits?: Limits): Promise<Finding[]>;
  /** Checks against the allowlist: everything not named there is a violation. Empty means clean. */
  verify(source: ByteSource): Promise<Violation[]>;
  /**
   * Writes the same coded picture and sound with nothing else. Throws SayehError('unsupported') where that
   * cannot be done without re-encoding, saying why, and 'too-large' over a limit.
   */
  strip(source: ByteSource, sink: ByteSink, limits?: Limits): Promise<StripResult>;
}
