import path from 'node:path';
import { SayehError } from '../core/errors.ts';

/** Anything thrown as an error that is fit to show: one that is not ours is named as a fault of ours. */
export function asSayehError(cause: unknown, file: string): SayehError {
  if (cause instanceof SayehError) return cause;
  const name = path.basename(file);
  return new SayehError('internal', `${name}: something went wrong inside Sayeh; --verbose shows what`, {
    cause,
  });
}
