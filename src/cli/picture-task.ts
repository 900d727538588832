import type { JobContext } from '../node/process/serve-jobs.ts';
import type { FollowAsked } from '../review/follow-region.ts';
import type { Showing } from '../review/pictures/picture-source.ts';
import type { Shown } from '../review/work.ts';

/** What is said of a picture that somebody wants to see. */
export interface JpegAsked {
  readonly frame: number;
  readonly showing: Showing;
  readonly background: boolean | undefined;
}

/** What a job process does for the review page beside the use cases: it shows a photo or film until it is closed. */
export const PICTURE_TASK = {
  async pictures(shown: Shown, context: JobContext): Promise<void> {
    const { openPictures } = await import('../review/pictures/open-pictures.ts');
    const count = (done: number, total: number) => context.onProgress({ phase: 'count', done, total });
    const source = await openPictures(shown, count);
    try {
      await context.serve({
        times: () => source.times(),
        jpeg: async ({ frame, showing, background }: JpegAsked, { signal }) => {
          const jpeg = await source.jpeg(frame, showing, { signal, background });
          return Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength).toString('base64');
        },
        follow: (asked: FollowAsked, { signal, onProgress }) =>
          source.follow(asked, { signal, onProgress: (done, total) => onProgress({ done, total }) }),
      });
    } finally {
      await source.close();
    }
  },
};

/** Loads what showing a film takes, and with it what a photo takes. */
export function warmUpPictures(): void {
  // What fails to load is told where it is used.
  import('../review/pictures/film-pictures.ts').catch(() => {});
}
