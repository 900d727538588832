import path from 'node:path';
import { SayehError } from '../../../core/errors.ts';
import { type Limits, megapixels, overLimit } from '../../../core/limits.ts';
import { plainPng } from './plain-png.ts';
import { readFile } from './read-file.ts';
import { sharp } from './sharp.ts';

/** Cells along each side of the pictures that are compared: coarse enough that sharpness and noise do not count. */
const CELLS = 12;
/** Pixels along each side of a cell; their mean is compared. */
const FINE = 4;

/** A picture as mean brightness of cells, with its proportions. */
interface Coarse {
  readonly cells: Float64Array;
  readonly aspect: number;
}

/** How a small picture relates to the large one that it should show. */
export interface Likeness {
  /** Of the small picture. */
  readonly width: number;
  readonly height: number;
  /** Largest difference of a cell's brightness, 0 to 255, once overall brightness and contrast are made equal. */
  readonly difference: number;
}

/**
 * Compares small pictures with a photo: turned any way, and with bars around it or not. Undefined for one that
 * cannot be decoded; none can be compared where the photo cannot. Throws SayehError('too-large') for a photo over a
 * limit.
 */
export async function likenessTo(
  photo: string,
  smalls: readonly Uint8Array[],
  limits: Limits,
): Promise<(Likeness | undefined)[]> {
  const whole = await readFile(photo, limits)
    .then(async (bytes) => {
      const plain = plainPng(bytes);
      await refuseLarge(plain, path.basename(photo), limits);
      return coarse(plain);
    })
    .catch((error) => {
      if (error instanceof SayehError && error.code === 'too-large') throw error;
      return undefined;
    });
  return Promise.all(
    smalls.map(async (bytes) => {
      if (!whole) return undefined;
      try {
        const { width, height } = await refuseLarge(bytes, 'it', limits);
        const views = [await coarse(bytes), ...(await withoutBars(bytes, width, height, whole.aspect))];
        const differences = views.flatMap(({ cells }) =>
          turns(cells).map((turned) => largestDifference(whole.cells, turned)),
        );
        return { width, height, difference: Math.min(...differences) };
      } catch {
        return undefined; // damaged, or cut into pieces
      }
    }),
  );
}

async function refuseLarge(photo: Uint8Array, name: string, limits: Limits) {
  const { width, height } = await sharp(photo, { limitInputPixels: false }).metadata();
  const found = megapixels(width * height);
  if (found > limits.picture)
    throw overLimit('picture', limits, found, `${name} has ${width}x${height} pixels`);
  return { width, height };
}

type Area = { left: number; top: number; width: number; height: number };

async function coarse(photo: Uint8Array, area?: Area): Promise<Coarse> {
  const side = CELLS * FINE;
  const input = sharp(photo, { limitInputPixels: false });
  const { width, height } = await input.metadata();
  const cut = area ? input.extract(area) : input;
  const pixels = await cut
    .resize(side, side, { fit: 'fill', kernel: 'linear' })
    .flatten()
    .toColourspace('b-w')
    .extractChannel(0)
    .raw()
    .toBuffer();
  const cells = new Float64Array(CELLS * CELLS);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      cells[Math.floor(y / FINE) * CELLS + Math.floor(x / FINE)] += pixels[y * side + x] / FINE ** 2;
  return { cells, aspect: width / height };
}

/** DCF thumbnails are 160x120, with bars around pictures of other proportions. */
async function withoutBars(
  bytes: Uint8Array,
  width: number,
  height: number,
  aspect: number,
): Promise<Coarse[]> {
  const views: Coarse[] = [];
  for (const proportion of [aspect, 1 / aspect]) {
    const innerWidth = Math.min(width, Math.round(height * proportion));
    const innerHeight = Math.min(height, Math.round(width / proportion));
    if ((innerWidth === width && innerHeight === height) || innerWidth < 1 || innerHeight < 1) continue;
    const area = {
      left: (width - innerWidth) >> 1,
      top: (height - innerHeight) >> 1,
      width: innerWidth,
      height: innerHeight,
    };
    views.push(await coarse(bytes, area));
  }
  return views;
}

/** The four quarter turns. */
function turns(cells: Float64Array): Float64Array[] {
  const all = [cells];
  for (let n = 1; n < 4; n++) {
    const last = all[n - 1];
    all.push(last.map((_, i) => last[(CELLS - 1 - (i % CELLS)) * CELLS + Math.floor(i / CELLS)]));
  }
  return all;
}

/** After the best brightness and contrast (least squares): a thumbnail may be a little lighter or flatter. */
function largestDifference(whole: Float64Array, small: Float64Array): number {
  const n = whole.length;
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / n;
  const [wholeMean, smallMean] = [mean(whole), mean(small)];
  let both = 0;
  let own = 0;
  for (let i = 0; i < n; i++) {
    both += (small[i] - smallMean) * (whole[i] - wholeMean);
    own += (small[i] - smallMean) ** 2;
  }
  const contrast = own > 0 ? Math.max(0, Math.min(2, both / own)) : 0;
  let largest = 0;
  for (let i = 0; i < n; i++)
    largest = Math.max(largest, Math.abs(whole[i] - wholeMean - contrast * (small[i] - smallMean)));
  return largest;
}
