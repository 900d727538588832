import { SayehError } from '../../core/errors.ts';
import type { Shown } from '../work.ts';
import type { PictureSource } from './picture-source.ts';

/**
 * Opens a photo or film to look at; each medium's libraries are loaded where they are needed. Throws SayehError, as
 * FilmPictures and PhotoPictures do.
 */
export async function openPictures(
  { file, type, film, limits }: Shown,
  onProgress: (done: number, total: number) => void,
): Promise<PictureSource> {
  if (film.kind !== type.kind) {
    throw new SayehError('usage', `this plan is for a ${film.kind}, the input is a ${type.kind}`);
  }
  if (type.kind === 'photo') {
    const { PhotoPictures } = await import('./photo-pictures.ts');
    return PhotoPictures.open(file, film, limits);
  }
  const { FilmPictures } = await import('./film-pictures.ts');
  return FilmPictures.open(file, type.format, film, { onProgress, limits });
}
