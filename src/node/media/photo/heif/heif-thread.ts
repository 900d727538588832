import { Worker } from 'node:worker_threads';
import { SayehError, type SayehErrorCode } from '../../../../core/errors.ts';
import type { Limits } from '../../../../core/limits.ts';
import { tooSlow } from '../decode-failure.ts';
import type { HeifHeader, HeifPicture } from './decode-heif.ts';

/** To the worker, as it starts. */
export interface HeifRequest {
  readonly file: Uint8Array;
  readonly want: 'header' | 'picture';
  readonly limits: Limits;
}

/** From the worker, once. */
export type HeifReply =
  | { readonly kind: 'header'; readonly header: HeifHeader }
  | { readonly kind: 'picture'; readonly picture: HeifPicture }
  | { readonly kind: 'failed'; readonly code: SayehErrorCode; readonly message: string };

// From source (tests) the compiled worker is used: a worker thread of Node 20 cannot load TypeScript.
const WORKER = new URL(
  import.meta.url.endsWith('.ts')
    ? '../../../../../dist/node/media/photo/heif/heif-worker.js'
    : './heif-worker.js',
  import.meta.url,
);

/** Reads a HEIF file's header on a thread of its own. `name` is for error messages. Throws SayehError. */
export async function readHeifHeader(file: Uint8Array, name: string, limits: Limits): Promise<HeifHeader> {
  const reply = await ask(file, name, 'header', limits);
  if (reply.kind === 'header') return reply.header;
  throw refusal(reply, name);
}

/** Decodes a HEIF file's primary picture on a thread of its own. Throws SayehError. */
export async function readHeifPicture(file: Uint8Array, name: string, limits: Limits): Promise<HeifPicture> {
  const reply = await ask(file, name, 'picture', limits);
  if (reply.kind === 'picture') return reply.picture;
  throw refusal(reply, name);
}

/**
 * One thread per question: it keeps the caller's thread free, can be ended when a hostile file keeps it busy, and
 * takes the decoder's memory with it.
 */
async function ask(
  file: Uint8Array,
  name: string,
  want: HeifRequest['want'],
  limits: Limits,
): Promise<HeifReply> {
  const request: HeifRequest = { file, want, limits };
  const worker = new Worker(WORKER, { workerData: request, execArgv: [] });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<HeifReply>((resolve, reject) => {
      timer = setTimeout(() => reject(tooSlow(name, limits)), limits.seconds * 1000);
      worker.once('message', resolve);
      worker.once('error', (cause) => reject(broken(cause, name)));
      worker.once('exit', () =>
        reject(new SayehError('internal', 'the HEIF thread ended without an answer')),
      );
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** The worker reports what the file does wrong; what ends it is something else. */
function broken(cause: unknown, name: string): SayehError {
  if ((cause as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new SayehError('too-large', `${name} needs too much memory to decode`, { cause });
  return new SayehError('internal', 'the HEIF thread does not run; is Sayeh built?', { cause });
}

function refusal(reply: HeifReply, name: string): SayehError {
  if (reply.kind !== 'failed')
    return new SayehError('internal', `the HEIF thread answered with a ${reply.kind}`);
  const { code, message } = reply;
  if (code === 'unsupported')
    return new SayehError(code, `${name} is coded in a way that Sayeh cannot read: ${message}`);
  if (code === 'corrupt') return new SayehError(code, `${name} is damaged or cut off: ${message}`);
  return new SayehError(code, `${name}: ${message}`);
}
