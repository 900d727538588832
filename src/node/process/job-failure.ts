import { SayehError } from '../../core/errors.ts';
import type { Failure } from './job-protocol.ts';

/** What was thrown, as plain data. Faults that are not ours are named as such by whoever catches them. */
export function asFailure(error: unknown): Failure {
  const causes: string[] = [];
  const known = error instanceof SayehError;
  for (let at = known ? error.cause : error; at instanceof Error; at = at.cause)
    causes.push(at.stack ?? at.message);
  return known
    ? { code: error.code, message: error.message, causes }
    : { code: 'internal', message: '', causes };
}

/** The same on the other side; `name` is what was worked on. */
export function asThrown({ code, message, causes }: Failure, name: string): SayehError {
  let cause: Error | undefined;
  for (const stack of causes.toReversed()) {
    cause = new Error(stack.split('\n', 1)[0], cause && { cause });
    cause.stack = stack;
  }
  return new SayehError(
    code,
    message || `${name}: something went wrong inside Sayeh; --verbose shows what`,
    cause && { cause },
  );
}
