import { secondNetwork } from '../core/check/examiners.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Detectors } from '../node/inference/detectors.ts';
import { openPhoto } from '../node/media/photo/open-photo.ts';
import { checkPhoto } from './check-photo.ts';
import { examinePhoto } from './examine-photo.ts';
import type { Protected } from './protect.ts';
import type { RenderOptions } from './render.ts';
import { renderPhoto } from './render-photo.ts';
import { secondOpinionOnPhoto } from './second-opinion-photo.ts';
import { untilClean } from './until-clean.ts';
import { stillSeen } from './warnings.ts';

/**
 * Renders a photo into `partial` and checks it, until no face is open to see or mending does not help. `thorough`
 * for a plan that these detectors did not just make.
 */
export async function photoUntilClean(
  input: string,
  plan: Plan,
  partial: string,
  detectors: Detectors,
  { style = 'blur', cover = 'head', limits, signal, onProgress }: RenderOptions,
  thorough: boolean,
): Promise<Omit<Protected, 'type' | 'framesCovered'>> {
  const networks = [secondNetwork(detectors.name), detectors.name];
  const source = await openPhoto(input, limits);
  const opinion = await secondOpinionOnPhoto(source, plan, detectors, { cover, thorough, signal });
  const result = await untilClean(plan, networks, opinion, async (current) => {
    const written = await renderPhoto(input, current, partial, { style, cover, limits, signal, onProgress });
    const photo = await checkPhoto(partial, current, written, limits);
    const openings = await examinePhoto(photo, current, opinion.frames, detectors, { cover, signal });
    return { written, openings };
  });
  const warnings = [...stillSeen(result.check), ...result.written.warnings];
  return { plan: result.plan, check: result.check, sound: 'none', warnings };
}
