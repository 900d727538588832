import { writeFile } from 'node:fs/promises';
import { SayehError } from '../core/errors.ts';
import type { PhotoFormat } from '../core/media-type.ts';
import { bytesInMemory } from '../core/metadata/byte-source.ts';
import { formatOf } from '../core/metadata/index.ts';
import { CoverIndex } from '../core/plan/cover-index.ts';
import type { Plan } from '../core/plan/plan.ts';
import { rasterise } from '../core/redact/mask.ts';
import { interleavedPicture } from '../core/redact/picture.ts';
import { Redactor } from '../core/redact/redact.ts';
import { asUnwritable } from '../node/files/output-file.ts';
import { openPhoto } from '../node/media/photo/open-photo.ts';
import type { Photo, PhotoFrame } from '../node/media/photo/photo.ts';
import { writePhoto } from '../node/media/photo/write-photo.ts';
import { outputPhotoFormat } from './output-type.ts';
import type { RenderOptions } from './render-video.ts';

/** What was written, for the check that follows. */
export interface RenderedPhoto {
  readonly format: PhotoFormat;
  /** Things the user should know, in plain words. */
  readonly warnings: readonly string[];
}

/**
 * Writes `file` in its own type into `output` (an existing, empty file) with everything covered that the plan
 * says. Throws SayehError('corrupt') if the photo is not the one that was planned for.
 */
export async function renderPhoto(
  file: string,
  plan: Plan,
  output: string,
  options: RenderOptions,
): Promise<RenderedPhoto> {
  const photo = await openPhoto(file, options.limits);
  const { width, height, frames } = plan.film;
  if (photo.width !== width || photo.height !== height || photo.frameCount !== frames) {
    throw new SayehError('corrupt', 'the photo is not the one the plan was made for: its size differs');
  }
  const format = outputPhotoFormat(photo.format);
  const coded = await writePhoto({ ...photo, format, frames: redacted(photo, plan, options) });
  await writeFile(output, await withoutExtras(coded, format)).catch((error) => {
    throw asUnwritable(error, output);
  });
  return { format, warnings: photo.warnings };
}

async function* redacted(photo: Photo, plan: Plan, options: RenderOptions): AsyncGenerator<PhotoFrame> {
  const covers = new CoverIndex(plan);
  const redactor = new Redactor();
  const { width, height, hasAlpha, frameCount } = photo;
  for await (const frame of photo.frames()) {
    options.signal?.throwIfAborted();
    const regions = covers.regionsAt(frame.index, options.cover);
    if (regions.length > 0) {
      const picture = interleavedPicture(frame.data, width, height, hasAlpha ? 4 : 3);
      redactor.redact(picture, rasterise(regions, width, height), { style: options.style });
    }
    yield frame;
    options.onProgress?.({ phase: 'render', done: frame.index + 1, total: frameCount });
  }
}

/** Encoders add things nobody asked for, such as a resolution or the size of a strip; none of it is needed. */
async function withoutExtras(coded: Uint8Array, format: PhotoFormat): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  await formatOf(format).strip(bytesInMemory(coded), {
    write: async (bytes) => void pieces.push(bytes.slice()),
  });
  return Buffer.concat(pieces);
}
