import type { Plan } from '../core/plan/plan.ts';
import type { ProtectedReport } from '../core/report/report.ts';
import { Detectors } from '../node/inference/detectors.ts';
import { type AnalyseOptions, analyse } from '../pipeline/analyse.ts';
import type { Protected } from '../pipeline/protect.ts';
import { type RenderOptions, render } from '../pipeline/render.ts';
import type { WrittenFile } from '../pipeline/report.ts';
import { openPictures } from './pictures/open-pictures.ts';
import type { PictureSource } from './pictures/picture-source.ts';
import type { PictureHooks, ReviewWork, Shown } from './work.ts';

/** Does the work of a review in this process. */
export class WorkHere implements ReviewWork {
  /** Stay loaded from one file to the next. */
  #detectors: Detectors | undefined;

  analyse(file: string, options: AnalyseOptions): Promise<Plan> {
    this.#detectors ??= new Detectors(options.detector ?? 'centerface');
    return analyse(file, { ...options, detectors: this.#detectors });
  }

  render(file: string, plan: Plan, output: string, options: RenderOptions): Promise<Protected> {
    return render(file, plan, output, options);
  }

  async reportOn(written: WrittenFile): Promise<ProtectedReport> {
    const { reportOn } = await import('../pipeline/report.ts');
    return reportOn(written);
  }

  openPictures(shown: Shown, { onProgress }: PictureHooks): Promise<PictureSource> {
    return openPictures(shown, onProgress);
  }

  async rest(): Promise<void> {
    const detectors = this.#detectors;
    this.#detectors = undefined;
    await detectors?.close();
  }
}
