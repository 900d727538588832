import type { Metadata } from 'sharp';
import { type Limits, megapixels, overLimit } from '../../../core/limits.ts';
import type { PhotoFormat } from '../../../core/media-type.ts';

/** Which of a file's pages are read, and how. */
export interface Pages {
  /** Numbers of the pages as sharp counts them. */
  readonly numbers: readonly number[];
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  /** Milliseconds by page number; empty for pages and stills. */
  readonly delays: readonly number[];
  readonly loop: number | undefined;
  readonly warnings: readonly string[];
}

/** Reads the header of one page, or of the file where no page is named. */
export type ReadHeader = (page?: number) => Promise<Metadata>;

/** Decides which pages to read, within the limits. Throws SayehError 'too-large'. */
export async function choosePages(
  readHeader: ReadHeader,
  format: PhotoFormat,
  name: string,
  limits: Limits,
): Promise<Pages> {
  const header = await readHeader();
  const count = header.pages ?? 1;
  if (format === 'avif' || format === 'heif') return primaryOnly(readHeader, header, name, limits);
  if (count > limits.frames) throw overLimit('frames', limits, count, `${name} has ${count} frames`);
  const pages = format === 'tiff' && count > 1 ? await tiffPages(readHeader, count) : frames(header, count);
  checkSize(pages, name, limits);
  return pages;
}

/** The page that viewers show; the others are thumbnails, alternatives, or the rest of a burst. */
async function primaryOnly(
  readHeader: ReadHeader,
  header: Metadata,
  name: string,
  limits: Limits,
): Promise<Pages> {
  const page = header.pagePrimary ?? 0;
  const pages = frames(page === 0 ? header : await readHeader(page), 1);
  checkSize(pages, name, limits);
  const others = (header.pages ?? 1) - 1;
  const warnings = others > 0 ? [`only the main picture is read; ${others} other(s) are left out`] : [];
  return { ...pages, numbers: [page], warnings };
}

function frames(header: Metadata, count: number): Pages {
  const { width, height } = header.autoOrient;
  const animated = count > 1;
  return {
    numbers: Array.from({ length: count }, (_, i) => i),
    width,
    height,
    hasAlpha: header.hasAlpha ?? false,
    delays: animated ? (header.delay ?? []) : [],
    loop: animated ? header.loop : undefined,
    warnings: [],
  };
}

/** Pages of the first one's size. Others are previews, most often, and one photo has one size. */
async function tiffPages(readHeader: ReadHeader, count: number): Promise<Pages> {
  const headers: Metadata[] = [];
  for (let page = 0; page < count; page++) headers.push(await readHeader(page));
  const { width, height } = headers[0].autoOrient;
  const numbers = headers.flatMap(({ autoOrient }, page) =>
    autoOrient.width === width && autoOrient.height === height ? [page] : [],
  );
  const others = count - numbers.length;
  return {
    numbers,
    width,
    height,
    hasAlpha: numbers.some((page) => headers[page].hasAlpha ?? false),
    delays: [],
    loop: undefined,
    warnings:
      others > 0
        ? [
            `${others} of ${count} pages have another size than the first (${width}x${height}) and are left out`,
          ]
        : [],
  };
}

function checkSize({ numbers, width, height }: Pages, name: string, limits: Limits): void {
  const each = megapixels(width * height);
  const all = each * numbers.length;
  if (each > limits.picture)
    throw overLimit('picture', limits, each, `${name} has ${width}x${height} pixels (${inWords(each)})`);
  if (numbers.length > 1 && all > limits.animation)
    throw overLimit(
      'animation',
      limits,
      all,
      `${name} has ${numbers.length} frames of ${width}x${height} pixels, together ${inWords(all)}`,
    );
}

const inWords = (found: number) => `${Number(found.toPrecision(3))} megapixels`;
