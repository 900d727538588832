import { secondNetwork } from '../core/check/examiners.ts';
import { filmNetworks } from '../core/detect/film-looks.ts';
import type { VideoFormat } from '../core/media-type.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Detectors } from '../node/inference/detectors.ts';
import type { Analysis } from './analyse.ts';
import { checkVideo } from './check-video.ts';
import { FilmExaminer } from './examine-film.ts';
import type { Protected } from './protect.ts';
import type { RenderOptions } from './render.ts';
import { renderVideo } from './render-video.ts';
import { secondOpinionOnFilm } from './second-opinion-film.ts';
import { untilClean } from './until-clean.ts';
import { sparseLooks, stillSeen } from './warnings.ts';

/**
 * Renders a film into `partial` and checks it, until no face is open to see or mending does not help. `made` if these
 * detectors just made the plan.
 */
export async function filmUntilClean(
  input: string,
  format: VideoFormat,
  plan: Plan,
  partial: string,
  detectors: Detectors,
  options: RenderOptions,
  made: Analysis | undefined,
): Promise<Omit<Protected, 'type' | 'framesCovered'>> {
  const { style = 'blur', cover = 'head', limits, signal, onProgress } = options;
  const networks = [secondNetwork(detectors.name), filmNetworks(detectors.name)[0]];
  const opinion = await secondOpinionOnFilm(input, format, plan, detectors, {
    cover,
    thorough: !made,
    motion: made?.motion,
    limits,
    signal,
    onProgress,
  });
  const result = await untilClean(plan, networks, opinion, async (current, within) => {
    const written = await renderVideo(input, format, current, partial, {
      style,
      cover,
      codec: options.videoCodec ?? 'h264',
      audio: options.audio ?? 'drop',
      threads: options.threads ?? 0,
      limits,
      signal,
      onProgress,
    });
    const examiner = await FilmExaminer.open(current, opinion.frames, detectors, { cover, within });
    try {
      const onFrame = examiner.next.bind(examiner);
      await checkVideo(partial, current, written, { limits, signal, onProgress, onFrame });
      return { written, openings: await examiner.finish() };
    } finally {
      await examiner.close();
    }
  });
  const { sound, warnings } = result.written;
  return {
    plan: result.plan,
    check: result.check,
    sound,
    warnings: [...stillSeen(result.check), ...sparseLooks(plan), ...warnings],
  };
}
