import type { GivenLimits } from '../core/limits.ts';
import type { MediaType } from '../core/media-type.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { ProtectedReport } from '../core/report/report.ts';
import type { AnalyseOptions } from '../pipeline/analyse.ts';
import type { Protected } from '../pipeline/protect.ts';
import type { RenderOptions } from '../pipeline/render.ts';
import type { WrittenFile } from '../pipeline/report.ts';
import type { PictureSource } from './pictures/picture-source.ts';

/** A photo or film to look at, and what its plan says of it. */
export interface Shown {
  readonly file: string;
  readonly type: MediaType;
  readonly film: Plan['film'];
  readonly limits?: GivenLimits | undefined;
}

export interface PictureHooks {
  /** Aborted when nobody wants them any more, be it while they are still being opened. */
  readonly signal: AbortSignal;
  /** Hears how far the frames are counted. */
  readonly onProgress: (done: number, total: number) => void;
  /** Called when the pictures are gone without being closed: nothing more comes from them. */
  readonly onLost: () => void;
}

/** Everything in a review that reads a photo or film, wherever it is done. All of it throws SayehError. */
export interface ReviewWork {
  analyse(file: string, options: Omit<AnalyseOptions, 'detectors'>): Promise<Plan>;
  /** The plan that comes back is the one given where the check of the written file changed nothing in it. */
  render(
    file: string,
    plan: Plan,
    output: string,
    options: Omit<RenderOptions, 'detectors'>,
  ): Promise<Protected>;
  reportOn(written: WrittenFile): Promise<ProtectedReport>;
  openPictures(shown: Shown, hooks: PictureHooks): Promise<PictureSource>;
  /** Nothing is analysed or rendered for now: lets go of the memory that this takes. */
  rest(): Promise<void>;
}
