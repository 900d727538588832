import type { Plan } from '../core/plan/plan.ts';
import type { Protected } from '../pipeline/protect.ts';
import type { RenderOptions } from '../pipeline/render.ts';
import type { Jobs } from './jobs.ts';

/** `render` in a job process. The plan travels back only where the check of the written file changed it. */
export async function renderInJob(
  jobs: Jobs,
  input: string,
  plan: Plan,
  output: string,
  { signal, onProgress, ...options }: Omit<RenderOptions, 'detectors'>,
): Promise<Protected> {
  const given = { input, plan, output, options };
  const { mended, ...rendered } = await jobs.run('render', given, input, { signal, onProgress });
  return { ...rendered, plan: mended ?? plan };
}
