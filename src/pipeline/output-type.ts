import type { MediaType, PhotoFormat } from '../core/media-type.ts';

/** The type a photo is written as: its own, but HEIF, which few can write, as JPEG. */
export function outputPhotoFormat(format: PhotoFormat): Exclude<PhotoFormat, 'heif'> {
  return format === 'heif' ? 'jpeg' : format;
}

const EXTENSIONS: Record<Exclude<PhotoFormat, 'heif'>, string> = {
  jpeg: '.jpg',
  png: '.png',
  webp: '.webp',
  avif: '.avif',
  tiff: '.tiff',
  gif: '.gif',
};

/** The extension, with its dot, of what an input becomes. */
export function outputExtension(type: MediaType): string {
  return type.kind === 'video' ? '.mp4' : EXTENSIONS[outputPhotoFormat(type.format)];
}
