import { SayehError } from '../core/errors.ts';
import type { Ask } from '../node/process/questions.ts';
import type { CodedTimes } from '../review/api.ts';
import type { FollowAsked, FollowedPath, FollowOptions } from '../review/follow-region.ts';
import type { Asking, PictureSource, Showing } from '../review/pictures/picture-source.ts';
import type { PictureHooks, Shown } from '../review/work.ts';
import type { Jobs } from './jobs.ts';
import type { JpegAsked } from './picture-task.ts';

/** A photo's or film's pictures, which a process of its own decodes. */
export class JobPictures implements PictureSource {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly #ask: Ask;
  readonly #end: () => Promise<void>;

  private constructor({ width, height, frames }: Shown['film'], ask: Ask, end: () => Promise<void>) {
    this.width = width;
    this.height = height;
    this.frames = frames;
    this.#ask = ask;
    this.#end = end;
  }

  /** Throws SayehError, as FilmPictures and PhotoPictures do and as JobProcess.run does. */
  static open(
    jobs: Jobs,
    shown: Shown,
    { signal: unwanted, onProgress, onLost }: PictureHooks,
  ): Promise<JobPictures> {
    const closing = new AbortController();
    const signal = AbortSignal.any([unwanted, closing.signal]);
    return new Promise((resolve, reject) => {
      const over: Promise<void> = jobs
        .show(shown, {
          signal,
          onProgress: ({ done, total = done }) => onProgress(done, total),
          onServing: (ask) => resolve(new JobPictures(shown.film, ask, end)),
        })
        .then(() => reject(signal.reason ?? new SayehError('internal', 'a job process shows nothing')))
        .catch(reject)
        .finally(() => signal.aborted || onLost());
      const end = () => {
        closing.abort();
        return over;
      };
    });
  }

  times(): Promise<CodedTimes> {
    return this.#ask('times', undefined) as Promise<CodedTimes>;
  }

  async jpeg(frame: number, showing: Showing, { signal, background }: Asking = {}): Promise<Uint8Array> {
    const asked: JpegAsked = { frame, showing, background };
    return Buffer.from((await this.#ask('jpeg', asked, { signal })) as string, 'base64');
  }

  follow(asked: FollowAsked, { signal, onProgress }: FollowOptions): Promise<FollowedPath> {
    const tell = ({ done, total }: { done: number; total: number }) => onProgress?.(done, total);
    return this.#ask('follow', asked, { signal, onProgress: tell }) as Promise<FollowedPath>;
  }

  close(): Promise<void> {
    return this.#end();
  }
}
