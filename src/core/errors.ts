/** What went wrong, as a code that a program can switch on. */
export type SayehErrorCode =
  | 'usage' // an option or argument makes no sense
  | 'unsupported' // recognised, but not something this build can protect
  | 'unrecognised' // the content is of no known type
  | 'corrupt' // damaged, truncated, or lying about itself
  | 'too-large' // over a limit meant to keep hostile files from taking the machine
  | 'unreadable' // the file system would not hand it over
  | 'unwritable' // no permission, no space, no folder
  | 'exists' // the output is already there
  | 'model' // a model file is missing, altered, or will not load
  | 'check-failed' // the written file did not pass its check and was removed
  | 'aborted' // the caller asked to stop
  | 'internal'; // a fault of ours

/**
 * Every error that Sayeh throws on purpose. `message` names the bad value and what to do about it; it never
 * holds a face, an embedding, or the directories of a path.
 */
export class SayehError extends Error {
  override readonly name = 'SayehError';
  readonly code: SayehErrorCode;

  constructor(code: SayehErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** For the default branch of a switch that must be exhaustive: fails to compile when a case is missing. */
export function assertNever(value: never, what: string): never {
  throw new SayehError('internal', `unexpected ${what}: ${String(value)}`);
}
