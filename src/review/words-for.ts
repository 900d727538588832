import path from 'node:path';
import { SayehError, type SayehErrorCode } from '../core/errors.ts';

/** What went wrong with a file, without its name, which the page need not know. */
export function wordsFor(error: unknown, file: string): string {
  if (!(error instanceof SayehError)) return 'something went wrong inside Sayeh';
  const name = path.basename(file);
  const { message } = error;
  const said = message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
  return said.replaceAll(name, 'the file');
}

export function codeOf(error: unknown): SayehErrorCode {
  return error instanceof SayehError ? error.code : 'internal';
}
