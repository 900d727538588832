import type { Plan, PlanTrack } from '../../src/core/plan/plan.ts';
import type { Size } from '../bench.ts';

export const RATE = 30;
/** Faces in every frame, and how long each is followed, as in a crowd that walks by. */
export const FACES = 20;
const TRACK_FRAMES = 90;
/** Places to look at, spread over the film. */
const RISKS = 50;

/** The plan of a crowd that walks through the picture. */
export function crowdPlan(frames: number, { width, height }: Size): Plan {
  const tracks: PlanTrack[] = [];
  for (let from = 0; from < frames; from += TRACK_FRAMES) {
    const length = Math.min(TRACK_FRAMES, frames - from);
    for (let face = 0; face < FACES; face++) {
      const [x, y] = [((face * 197) % (width - 300)) + 0.5, ((face * 89) % (height - 100)) + 0.5];
      tracks.push({
        id: tracks.length + 1,
        from,
        boxes: Array.from({ length }, (_, i) => [x + 2 * i, y + 0.3 * i, 32.4, 40.1]),
        decision: 'cover',
        standing: 'sure',
        score: 0.9,
      });
    }
  }
  return {
    sayeh: 'plan',
    version: 1,
    film: { kind: 'video', width, height, frames, frameRate: RATE },
    analysis: { detector: 'centerface', sensitivity: 'normal' },
    cuts: [0],
    tracks,
    risks: Array.from({ length: RISKS }, (_, i) => {
      const at = Math.floor(((i + 0.5) * frames) / RISKS);
      return { from: at, to: at + 1, at, level: 1 - i / RISKS, reasons: ['dark'] };
    }),
  };
}
