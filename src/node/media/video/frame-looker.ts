import type { Detection } from '../../../core/detect/detection.ts';
import type { FilmLook } from '../../../core/detect/film-looks.ts';
import { mergeLooks, type PictureLook, planLooks, toSource } from '../../../core/detect/looks.ts';
import type { DetectorPool } from '../../inference/detector-pool.ts';
import type { av } from './ffmpeg.ts';
import type { FrameScaler } from './frame-scaler.ts';

/** Pictures on their way to a worker beyond the one each is busy with, so that none waits for the reader. */
const AHEAD = 2;

/**
 * Hands frames of one film to a detector pool, for a few kinds of looks. The frame is copied at once and the
 * answer comes later; only a bounded number of copies is under way, whatever the film's length.
 */
export class FrameLooker {
  readonly #pool: DetectorPool;
  readonly #scaler: FrameScaler;
  readonly #plans = new Map<FilmLook, PictureLook[]>();
  readonly #spare: Uint8Array[] = [];
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(pool: DetectorPool, scaler: FrameScaler) {
    this.#pool = pool;
    this.#scaler = scaler;
  }

  /**
   * Resolves once the frame has been copied and may be reused; the promise inside resolves with what was
   * found, in source pixels.
   */
  async look(frame: av.Frame, kind: FilmLook, threshold: number): Promise<{ found: Promise<Detection[]> }> {
    const answers: Promise<Detection[]>[] = [];
    for (const look of this.#plan(frame, kind)) {
      while (this.#underWay.size >= this.#pool.size + AHEAD) await Promise.race(this.#underWay);
      const data = await this.#scaler.rgb(frame, look.shown, look.crop, look, this.#spareOf(look));
      const picture = { width: look.width, height: look.height, data };
      const answer = this.#pool.detect(kind.network, picture, threshold);
      const settled = answer.then((reply) => {
        this.#spare.push(reply.data);
        return toSource(look, reply.detections);
      });
      const slot: Promise<unknown> = settled.catch(() => {}).finally(() => this.#underWay.delete(slot));
      this.#underWay.add(slot);
      answers.push(settled);
    }
    const found = Promise.all(answers).then((parts) =>
      parts.length === 1 ? parts[0] : mergeLooks(parts.flat()),
    );
    found.catch(() => {}); // the caller may meet the failure later than it happens
    return { found };
  }

  #plan(frame: av.Frame, kind: FilmLook): PictureLook[] {
    let plan = this.#plans.get(kind);
    if (!plan) {
      plan = planLooks(frame.width, frame.height, kind.scale, this.#pool.sizeMultiple(kind.network));
      this.#plans.set(kind, plan);
    }
    return plan;
  }

  #spareOf({ width, height }: PictureLook): Uint8Array | undefined {
    const at = this.#spare.findIndex((bytes) => bytes.length === width * height * 3);
    return at < 0 ? undefined : this.#spare.splice(at, 1)[0];
  }
}
