import type { SayehErrorCode } from '../../core/errors.ts';

// What is said between the command and the process that reads the files for it, as JSON: whoever takes that process
// over can say what it likes, but only in plain data.

/** To a job process. */
export type ToJob =
  | { readonly kind: 'do'; readonly task: string; readonly given: unknown; readonly memory: number }
  | { readonly kind: 'stop' }
  /** Something that the job serves, under a number of its own. */
  | { readonly kind: 'ask'; readonly id: number; readonly what: string; readonly given: unknown }
  /** Nobody waits for that answer any more. */
  | { readonly kind: 'leave'; readonly id: number };

/** What went wrong, if it is known what; `causes` are the stacks of what led to it, the nearest first. */
export interface Failure {
  readonly code: SayehErrorCode;
  readonly message: string;
  readonly causes: readonly string[];
}

/** From a job process. */
export type FromJob =
  | { readonly kind: 'ready' }
  /** Files in the making are in this folder from now on. */
  | { readonly kind: 'writes'; readonly folder: string }
  | { readonly kind: 'progress'; readonly progress: unknown }
  /** Something the user should know, before the work is done. */
  | { readonly kind: 'note'; readonly note: string }
  | { readonly kind: 'done'; readonly result: unknown; readonly memory: number }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly memory: number }
  /** The job can be asked from now on. */
  | { readonly kind: 'serving' }
  | { readonly kind: 'going'; readonly id: number; readonly progress: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly failure: Failure };

/** Where a job process finds the pipe that ends with its parent. */
export const GUARD_FD = 4;
/** What it says there before it ends itself for having too much memory. */
export const OVER_MEMORY = 'memory';
