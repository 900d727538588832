import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { MediaFormat } from '../../../src/core/media-type.ts';
import { pages, picture } from '../pictures.ts';
import { filesBelow } from '../shared.ts';

/** A whole file from which damaged ones are made. */
export interface Seed {
  readonly name: string;
  readonly format: MediaFormat;
  readonly bytes: Uint8Array;
}

const SOURCE = '-f lavfi -i testsrc2=s=64x64:r=10:d=0.6 -f lavfi -i sine=d=0.6'.split(' ');
const TAGS = [
  '-metadata',
  'title=Neda',
  '-metadata',
  'location=+35.7+051.4/',
  '-metadata:s:a',
  'language=per',
];
/** One of every kind of block, and one of every type of value. */
const PHOTO_TAGS =
  '-Artist=Neda -GPSLatitude=35.7 -GPSLatitudeRef=N -GPSLongitude=51.4 -DateTimeOriginal=2022:09:21_20:00:00 -ISO=400 -LensInfo=4-8mm_f/1.8-2.4 -UserComment=Azadi -IPTC:City=Tehran -XMP-dc:Creator=Neda -XMP-dc:Subject=march -Photoshop:URL=https://example.org -Comment=words -PNG:Author=Neda'
    .split(' ')
    .map((tag) => tag.replace('_', ' '));
const H264 = '-pix_fmt yuv420p -c:v libx264 -preset ultrafast -c:a aac'.split(' ');
const H265 = '-pix_fmt yuv420p -c:v libx265 -preset ultrafast -x265-params log-level=0 -c:a aac'.split(' ');

/** Films by name, with what the ffmpeg program is told to make them. */
const FILMS: readonly (readonly [name: string, format: MediaFormat, options: readonly string[]])[] = [
  ['h264.mp4', 'mp4', H264],
  ['h265.mp4', 'mp4', [...H265, '-tag:v', 'hvc1']],
  ['fragments.mp4', 'mp4', [...H264, '-movflags', '+frag_keyframe+empty_moov+default_base_moof']],
  ['av1.mp4', 'mp4', '-pix_fmt yuv420p -c:v libaom-av1 -cpu-used 8 -c:a libopus'.split(' ')],
  ['timecode.mov', 'mov', [...H264, '-timecode', '12:34:56:00', '-c:a', 'pcm_s16le']],
  ['h264.mkv', 'matroska', H264],
  ['vp9.webm', 'matroska', '-pix_fmt yuv420p -c:v libvpx-vp9 -cpu-used 8 -c:a libvorbis'.split(' ')],
  ['mjpeg.mkv', 'matroska', '-pix_fmt yuvj420p -c:v mjpeg -c:a flac'.split(' ')],
  ['mpeg4.avi', 'avi', '-c:v mpeg4 -c:a mp3'.split(' ')],
  ['mjpeg.avi', 'avi', '-pix_fmt yuvj420p -c:v mjpeg -c:a pcm_s16le'.split(' ')],
  ['h264.ts', 'mpegts', H264],
  ['mpeg2.ts', 'mpegts', '-c:v mpeg2video -c:a mp2'.split(' ')],
  ['h264.m2ts', 'mpegts', [...H264, '-mpegts_m2ts_mode', '1']],
];

/** A small file of every kind that Sayeh takes, each with metadata; films are left out where not wanted. */
export async function makeSeeds(folder: string): Promise<Seed[]> {
  const photos: [string, MediaFormat, Uint8Array][] = [
    ['tags.jpg', 'jpeg', await picture().jpeg().toBuffer()],
    [
      'progressive.jpg',
      'jpeg',
      await picture().withMetadata({ orientation: 6 }).jpeg({ progressive: true }).toBuffer(),
    ],
    ['profile.jpg', 'jpeg', await picture().withIccProfile('p3').jpeg().toBuffer()],
    ['tags.png', 'png', await picture(24, 16).png().toBuffer()],
    [
      'profile.png',
      'png',
      await picture(24, 16, 4).withIccProfile('p3').png({ progressive: true }).toBuffer(),
    ],
    ['palette.png', 'png', await picture(24, 16).png({ palette: true }).toBuffer()],
    ['tags.webp', 'webp', await picture().webp().toBuffer()],
    ['animation.webp', 'webp', await pages(3).webp().toBuffer()],
    ['still.gif', 'gif', await picture().gif().toBuffer()],
    ['animation.gif', 'gif', await pages(3).gif().toBuffer()],
    ['tags.tiff', 'tiff', await picture(24, 16).tiff({ compression: 'lzw' }).toBuffer()],
    ['big.tiff', 'tiff', await picture(24, 16).tiff({ bigtiff: true, compression: 'jpeg' }).toBuffer()],
    ['tags.avif', 'avif', await picture(64, 64, 4).avif({ effort: 0 }).toBuffer()],
  ];
  const film = path.join(folder, 'animation.png');
  ffmpeg(...SOURCE.slice(0, 4), '-f', 'apng', film);
  for (const [name, , bytes] of photos) fs.writeFileSync(path.join(folder, name), bytes);
  const tagged = photos.map(([name]) => name).filter((name) => name.startsWith('tags.'));
  execFileSync('exiftool', ['-q', '-overwrite_original', ...PHOTO_TAGS, ...tagged], { cwd: folder });
  const seeds = photos.map(([name, format]) => ({
    name,
    format,
    bytes: readBytes(path.join(folder, name)),
  }));
  seeds.push({ name: 'animation.png', format: 'png', bytes: readBytes(film) });
  for (const [name, format, options] of FILMS) {
    const file = path.join(folder, name);
    ffmpeg(...SOURCE, ...TAGS, ...options, '-shortest', file);
    seeds.push({ name, format, bytes: readBytes(file) });
  }
  return seeds;
}

/** The smaller files below a folder, those of kinds that Sayeh takes: for HEIC above all, which nothing here writes. */
export function seedsBelow(folder: string, formatOf: (head: Uint8Array) => MediaFormat | undefined): Seed[] {
  return filesBelow(folder).flatMap((name) => {
    const bytes = readBytes(path.join(folder, name));
    const format = formatOf(bytes);
    return format && bytes.length <= LARGEST ? [{ name, format, bytes }] : [];
  });
}

/** Not a Buffer: its `slice` shares memory, and a mutant would damage what the next ones are made from. */
export const readBytes = (file: string): Uint8Array => Uint8Array.from(fs.readFileSync(file));

/** In larger ones most damage falls on coded pictures. */
const LARGEST = 100_000;

const ffmpeg = (...args: string[]) => execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);
