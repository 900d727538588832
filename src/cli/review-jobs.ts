import type { GivenLimits } from '../core/limits.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { ProtectedReport } from '../core/report/report.ts';
import type { AnalyseOptions } from '../pipeline/analyse.ts';
import type { Protected } from '../pipeline/protect.ts';
import type { RenderOptions } from '../pipeline/render.ts';
import type { WrittenFile } from '../pipeline/report.ts';
import type { PictureSource } from '../review/pictures/picture-source.ts';
import type { PictureHooks, ReviewWork, Shown } from '../review/work.ts';
import { JobPictures } from './job-pictures.ts';
import type { Jobs } from './jobs.ts';
import { renderInJob } from './render-in-job.ts';

/** Does the work of a review in job processes: a fault in native code fails one file, and the page goes on. */
export class ReviewJobs implements ReviewWork {
  readonly #jobs: Jobs;
  readonly #limits: GivenLimits | undefined;

  constructor(jobs: Jobs, limits: GivenLimits | undefined) {
    this.#jobs = jobs;
    this.#limits = limits;
  }

  analyse(file: string, { signal, onProgress, ...rest }: AnalyseOptions): Promise<Plan> {
    const options = { ...rest, limits: this.#limits };
    return this.#jobs.run('analyse', { input: file, options }, file, { signal, onProgress });
  }

  render(file: string, plan: Plan, output: string, options: RenderOptions): Promise<Protected> {
    return renderInJob(this.#jobs, file, plan, output, { ...options, limits: this.#limits });
  }

  reportOn(written: WrittenFile): Promise<ProtectedReport> {
    return this.#jobs.run('reportOn', { ...written, limits: this.#limits }, written.input);
  }

  openPictures(shown: Shown, hooks: PictureHooks): Promise<PictureSource> {
    return JobPictures.open(this.#jobs, { ...shown, limits: this.#limits }, hooks);
  }

  async rest(): Promise<void> {
    this.#jobs.rest();
  }
}
