import path from 'node:path';
import type { RgbPicture } from '../../src/core/detect/detector.ts';
import { CoverIndex } from '../../src/core/plan/cover-index.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { CELL } from '../../src/core/redact/cell-runs.ts';
import { covers, type Mask, rasterise } from '../../src/core/redact/mask.ts';
import type { Style } from '../../src/core/redact/redact.ts';
import type { Detectors } from '../../src/node/inference/detectors.ts';
import { built } from '../built.ts';
import { readPicture, type Square } from './picture.ts';

export type Cover = 'head' | 'face';

/** One way to cover that Sayeh offers. */
export interface Way {
  readonly style: Style;
  readonly cover: Cover;
}

export const WAYS: readonly Way[] = (['head', 'face'] as const).flatMap((cover) =>
  (['blur', 'pixelate', 'solid'] as const).map((style) => ({ style, cover })),
);

/** Sayeh as built, with one set of detectors for many pictures. */
export class Sayeh {
  readonly #library: typeof import('../../src/index.ts');
  readonly #detectors: Detectors;
  readonly #work: string;
  #written = 0;

  /** `work` is a folder of its own for what is written. */
  static async start(work: string): Promise<Sayeh> {
    return new Sayeh(await built<typeof import('../../src/index.ts')>('index'), work);
  }

  private constructor(library: typeof import('../../src/index.ts'), work: string) {
    this.#library = library;
    this.#detectors = new library.Detectors('centerface');
    this.#work = work;
  }

  plan(file: string): Promise<Plan> {
    return this.#library.analyse(file, { detectors: this.#detectors });
  }

  /** Writes a photo as a user would, its check included, and reads what was written. */
  async published(file: string, plan: Plan, way: Way): Promise<RgbPicture> {
    return readPicture(await this.write(file, plan, way, path.extname(file)));
  }

  /** The same without the check, which changes nothing where nothing was missed: what an adversary makes in numbers. */
  async imitated(file: string, plan: Plan, way: Way): Promise<RgbPicture> {
    const { renderPhoto } =
      await built<typeof import('../../src/pipeline/render-photo.ts')>('pipeline/render-photo');
    const output = this.#output(path.extname(file));
    await renderPhoto(file, plan, output, way);
    return readPicture(output);
  }

  /** Writes a photo or film, its check included; answers the new file. */
  async write(file: string, plan: Plan, way: Way, extension: string): Promise<string> {
    const output = this.#output(extension);
    await this.#library.render(file, plan, output, { ...way, detectors: this.#detectors });
    return output;
  }

  close(): Promise<void> {
    return this.#detectors.close();
  }

  #output(extension: string): string {
    return path.join(this.#work, `written-${this.#written++}${extension}`);
  }
}

/** What the plan covers in its first frame. */
export function maskOf(plan: Plan, cover: Cover): Mask {
  const { width, height } = plan.film;
  return rasterise(new CoverIndex(plan).regionsAt(0, cover), width, height);
}

/** Whether the middle of a face is covered. */
export function isCovered(mask: Mask, { x, y, side }: Square): boolean {
  return covers(mask, Math.round(x + side / 2), Math.round(y + side / 2));
}

const GREY = 128;

/** The picture with plain grey in the place of what is covered: what is left is what lies around. */
export function greyUnder({ width, height, data }: RgbPicture, { runs, end }: Mask): RgbPicture {
  const left = data.slice();
  for (let i = 0; i < end; i += 3) {
    const to = Math.min(width, CELL * runs[i + 2]);
    for (let y = CELL * runs[i]; y < Math.min(height, CELL * (runs[i] + 1)); y++)
      left.fill(GREY, 3 * (y * width + CELL * runs[i + 1]), 3 * (y * width + to));
  }
  return { width, height, data: left };
}
