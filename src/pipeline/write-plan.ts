import type { Plan } from '../core/plan/plan.ts';
import { identify } from '../node/files/input-file.ts';
import { writeWhole } from '../node/files/output-file.ts';
import { Detectors } from '../node/inference/detectors.ts';
import type { AnalyseOptions } from './analyse.ts';
import { type ResumeOptions, resumable } from './resumable.ts';

/**
 * Finds every face in a photo or film and writes what to cover into a JSON file, whole or not at all. Throws
 * SayehError.
 */
export async function writePlan(
  input: string,
  output: string,
  options: AnalyseOptions & ResumeOptions & { readonly overwrite?: boolean | undefined } = {},
): Promise<Plan> {
  const detectors = options.detectors ?? new Detectors(options.detector ?? 'centerface');
  try {
    const type = await identify(input);
    return await resumable(input, type, output, detectors, options, async ({ plan }, file) => {
      await writeWhole(file, new TextEncoder().encode(`${JSON.stringify(plan)}\n`));
      return plan;
    });
  } finally {
    if (!options.detectors) await detectors.close();
  }
}
