import './promise-with-resolvers.ts';
import './svt-log.ts';
import * as constants from 'node-av/constants';
import * as av from 'node-av/lib';
import { SayehError, type SayehErrorCode } from '../../../core/errors.ts';

// FFmpeg's own log goes to stderr and names files; Sayeh says what matters in its own errors.
av.Log.setLevel(constants.AV_LOG_QUIET);

export { av, constants };

const { AVERROR_EAGAIN, AVERROR_ENOSPC, AVERROR_EACCES, AVERROR_ENOMEM } = constants;

/** True where FFmpeg asks for more input, or has no more output for now. */
export const wantsMore = (code: number) => code === AVERROR_EAGAIN;
export const isEnd = (code: number) => code === constants.AVERROR_EOF;

/**
 * Throws SayehError for a negative FFmpeg return code. A full disk, missing permission or memory is told as such
 * whatever was being done; everything else gets `fallback`.
 */
export function check(code: number, doing: string, fallback: SayehErrorCode = 'corrupt'): void {
  if (code >= 0) return;
  if (code === AVERROR_ENOSPC) throw new SayehError('unwritable', `no space left on the disk while ${doing}`);
  if (code === AVERROR_EACCES) throw new SayehError('unwritable', `permission denied while ${doing}`);
  if (code === AVERROR_ENOMEM) throw new SayehError('too-large', `there is not enough memory for ${doing}`);
  const why = new av.FFmpegError(code).message;
  throw new SayehError(fallback, `failed while ${doing}: ${why}`);
}
