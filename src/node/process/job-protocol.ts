import type { SayehErrorCode } from '../../core/errors.ts';

// What is said between the command and the process that reads the files for it, as JSON: whoever takes that process
// over can say what it likes, but only in plain data.

/** To a job process. */
export type ToJob =
  | { readonly kind: 'do'; readonly task: string; readonly given: unknown; readonly memory: number }
  | { readonly kind: 'stop' };

/** From a job process. */
export type FromJob =
  | { readonly kind: 'ready' }
  /** Files in the making are in this folder from now on. */
  | { readonly kind: 'writes'; readonly folder: string }
  | { readonly kind: 'progress'; readonly progress: unknown }
  /** Something the user should know, before the work is done. */
  | { readonly kind: 'note'; readonly note: string }
  | { readonly kind: 'done'; readonly result: unknown; readonly memory: number }
  | {
      readonly kind: 'failed';
      readonly code: SayehErrorCode;
      readonly message: string;
      /** Stacks of what led to it, the nearest first. */
      readonly causes: readonly string[];
      readonly memory: number;
    };

/** Where a job process finds the pipe that ends with its parent. */
export const GUARD_FD = 4;
/** What it says there before it ends itself for having too much memory. */
export const OVER_MEMORY = 'memory';
