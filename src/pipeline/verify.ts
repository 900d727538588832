import path from 'node:path';
import type { MediaType } from '../core/media-type.ts';
import type { Violation } from '../core/metadata/format.ts';
import { formatOf } from '../core/metadata/index.ts';
import { identify, openBytes } from '../node/files/input-file.ts';
import { stoppable } from './stoppable.ts';

/** Whether a file holds anything beside its picture and sound. */
export interface Verification {
  readonly name: string;
  readonly type: MediaType;
  /** In bytes. */
  readonly size: number;
  readonly clean: boolean;
  /** Every part, or value in one, that the format's allowlist does not name. Empty for a clean file. */
  readonly violations: readonly Violation[];
}

/**
 * Holds `file` against the allowlist of its format, whoever wrote it. Says nothing about what the picture shows,
 * nor about the file's name and times. Only reads. A damaged structure is a violation, not an error.
 *
 * Throws SayehError 'unreadable', 'unrecognised' or, for an empty file, 'corrupt'. `signal` stops the work with
 * code 'aborted'.
 */
export async function verify(
  file: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Verification> {
  const name = path.basename(file);
  const type = await identify(file);
  const bytes = await openBytes(file);
  try {
    const violations = await formatOf(type.format).verify(stoppable(bytes, signal));
    return { name, type, size: bytes.size, clean: violations.length === 0, violations };
  } finally {
    await bytes.close();
  }
}
