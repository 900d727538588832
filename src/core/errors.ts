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
  | 'crashed' // the process that read the file ended by itself: a fault in native code, or the system ended it
  | 'stalled' // nothing went on for longer than was granted
  | 'aborted' // the caller asked to stop
  | 'internal'; // a fault of ours

/**
 * Every error that Sayeh throws on purpose. `message` names the bad value and what to do about it; it never
 * holds a face, an embedding, or the directories of a path. A value named in it may come from a file someone else has
 * made, so it holds nothing that steers a terminal or turns the direction of writing, and is never very long.
 */
export class SayehError extends Error {
  override readonly name = 'SayehError';
  readonly code: SayehErrorCode;

  constructor(code: SayehErrorCode, message: string, options?: { cause?: unknown }) {
    super(harmless(message), options);
    this.code = code;
  }
}

/** Control characters (Unicode's category Cc), and those that override the direction of what follows. */
const STEERING = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const LONGEST = 600;

function harmless(message: string): string {
  const shown = message.replace(STEERING, '?');
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}...` : shown;
}

/** For the default branch of a switch that must be exhaustive: fails to compile when a case is missing. */
export function assertNever(value: never, what: string): never {
  throw new SayehError('internal', `unexpected ${what}: ${String(value)}`);
}
