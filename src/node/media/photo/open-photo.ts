import path from 'node:path';
import { SayehError } from '../../../core/errors.ts';
import { type GivenLimits, type Limits, limitsFrom } from '../../../core/limits.ts';
import { SNIFF_LENGTH, sniff } from '../../../core/media-type.ts';
import { asStillAvif, isAnimatedAvif } from './animated-avif.ts';
import { isAnimatedPng } from './animated-png.ts';
import { colourWarnings, readCodedColours } from './coded-colours.ts';
import { refuseHugeClaims } from './heif/claimed-sizes.ts';
import { openHeif } from './heif/heif-photo.ts';
import { primaryCodec } from './heif/primary-codec.ts';
import type { Photo } from './photo.ts';
import { plainPng } from './plain-png.ts';
import { readFile, refuseLong } from './read-file.ts';
import { openWithSharp } from './sharp-photo.ts';
import { refuseRaw, unknownKind } from './unsupported.ts';
import { refuseCutGif } from './whole-gif.ts';

/**
 * Opens a photo, given by path or content, of any type that `sniff` calls a photo. Only headers are read before
 * `frames` is called. Orientation and colour profile are applied to the pixels; everything else is left behind.
 *
 * Throws SayehError: 'unreadable', 'unrecognised', 'unsupported', 'corrupt', 'too-large'.
 */
export async function openPhoto(file: string | Uint8Array, limits?: GivenLimits): Promise<Photo> {
  const bounds = limitsFrom(limits);
  const name = typeof file === 'string' ? path.basename(file) : 'the photo';
  const bytes = typeof file === 'string' ? await readFile(file, bounds) : file;
  if (bytes.length === 0) throw new SayehError('corrupt', `${name} is empty (0 bytes)`);
  refuseLong(bytes.length, name, bounds);

  const head = bytes.subarray(0, SNIFF_LENGTH);
  const type = sniff(head);
  if (!type) throw unknownKind(head, name);
  if (type.kind !== 'photo') throw new SayehError('unsupported', `${name} is a film, not a photo`);

  switch (type.format) {
    case 'heif':
      return openHeifOrAvif(bytes, name, bounds);
    case 'png':
      return openPng(bytes, name, bounds);
    case 'avif':
      return openAvif(bytes, name, bounds);
    case 'tiff':
      await refuseRaw(bytes, name);
      return openWithSharp(bytes, 'tiff', name, bounds);
    case 'gif':
      await refuseCutGif(bytes, name);
      return openWithSharp(bytes, 'gif', name, bounds);
    default:
      return openWithSharp(bytes, type.format, name, bounds);
  }
}

const ANIMATED = 'the picture is animated; only its still picture is read';

/** A HEIF file may hold pictures in any codec. libheif decodes HEVC; AV1 under a general brand is for sharp. */
async function openHeifOrAvif(bytes: Uint8Array, name: string, limits: Limits): Promise<Photo> {
  await refuseHugeClaims(bytes, name, limits);
  return (await primaryCodec(bytes)) === 'av01'
    ? openWithSharp(bytes, 'heif', name, limits)
    : openHeif(bytes, name, limits);
}

/** Of an image sequence only the picture that stands for it is read; most files have one. */
async function openAvif(bytes: Uint8Array, name: string, limits: Limits): Promise<Photo> {
  await refuseHugeClaims(bytes, name, limits);
  const warnings = colourWarnings(await readCodedColours(bytes));
  if (!isAnimatedAvif(bytes)) return withWarnings(await openWithSharp(bytes, 'avif', name, limits), warnings);
  const photo = await openWithSharp(asStillAvif(bytes), 'avif', name, limits);
  return withWarnings(photo, [...warnings, ANIMATED]);
}

/** sharp reads a PNG's still picture only: it is safe to publish that alone, but the user must know. */
async function openPng(bytes: Uint8Array, name: string, limits: Limits): Promise<Photo> {
  const photo = await openWithSharp(plainPng(bytes), 'png', name, limits);
  return isAnimatedPng(bytes) ? withWarnings(photo, [ANIMATED]) : photo;
}

const withWarnings = (photo: Photo, warnings: readonly string[]): Photo => ({
  ...photo,
  warnings: [...photo.warnings, ...warnings],
});
