import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findBox } from '../support/boxes.ts';
import { setDisplayMatrix } from '../support/display-matrix.ts';
import { pages, picture } from '../support/pictures.ts';
import { CORPUS } from './corpus.ts';
import { makeHeic } from './heic.ts';

const SIDE = 64;
const SOURCE = `-f lavfi -i testsrc2=s=${SIDE}x${SIDE}:r=10:d=0.4 -f lavfi -i sine=d=0.4`.split(' ');
const TAGS = '-metadata title=Neda -metadata location=+35.7+051.4/ -metadata:s:a language=per'.split(' ');
/** One of every kind of block, and one of every type of value. */
const PHOTO_TAGS =
  '-Artist=Neda -GPSLatitude=35.7 -GPSLatitudeRef=N -GPSLongitude=51.4 -DateTimeOriginal=2022:09:21_20:00:00 -ISO=400 -LensInfo=4-8mm_f/1.8-2.4 -UserComment=Azadi -IPTC:City=Tehran -XMP-dc:Creator=Neda -XMP-dc:Subject=march -Photoshop:URL=https://example.org -Comment=words -PNG:Author=Neda'
    .split(' ')
    .map((tag) => tag.replace('_', ' '));
const SOUND = '-c:a aac -b:a 24k'.split(' ');
const H264 = [...'-pix_fmt yuv420p -c:v libx264 -preset ultrafast -crf 35'.split(' '), ...SOUND];
const X265 = '-pix_fmt yuv420p -c:v libx265 -preset ultrafast -crf 35 -x265-params log-level=0'.split(' ');

/** Films by name, with what the ffmpeg program is told to make them. */
const FILMS: Readonly<Record<string, readonly string[]>> = {
  'h264.mp4': H264,
  'h265.mp4': [...X265, ...SOUND, '-tag:v', 'hvc1'],
  'fragments.mp4': [...H264, '-movflags', '+frag_keyframe+empty_moov+default_base_moof'],
  'av1.mp4': '-pix_fmt yuv420p -c:v libaom-av1 -cpu-used 8 -crf 50 -c:a libopus -b:a 24k'.split(' '),
  'timecode.mov': [...H264, '-timecode', '12:34:56:00', '-c:a', 'pcm_s16le', '-ar', '8000'],
  'h264.mkv': H264,
  'vp9.webm': '-pix_fmt yuv420p -c:v libvpx-vp9 -cpu-used 8 -crf 50 -b:v 0 -c:a libvorbis -ar 22050'.split(
    ' ',
  ),
  'mjpeg.mkv': '-pix_fmt yuvj420p -c:v mjpeg -q:v 20 -c:a flac -ar 8000'.split(' '),
  'mpeg4.avi': '-c:v mpeg4 -q:v 20 -c:a mp3 -b:a 32k'.split(' '),
  'mjpeg.avi': '-pix_fmt yuvj420p -c:v mjpeg -q:v 20 -c:a pcm_s16le -ar 8000'.split(' '),
  'h264.mpegts': [...H264, '-f', 'mpegts'],
  'mpeg2.mpegts': '-c:v mpeg2video -q:v 20 -c:a mp2 -b:a 32k -f mpegts'.split(' '),
  'h264.m2ts': [...H264, '-mpegts_m2ts_mode', '1'],
};

const PHOTOS: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  'tags.jpg': () => picture().jpeg().toBuffer(),
  'progressive.jpg': () => picture().withMetadata({ orientation: 6 }).jpeg({ progressive: true }).toBuffer(),
  'profile.jpg': () => picture().withIccProfile('p3').jpeg().toBuffer(),
  'tags.png': () => picture(24, 16).png().toBuffer(),
  'profile.png': () => picture(24, 16, 4).withIccProfile('p3').png({ progressive: true }).toBuffer(),
  'palette.png': () => picture(24, 16).png({ palette: true }).toBuffer(),
  'tags.webp': () => picture().webp().toBuffer(),
  'lossless.webp': () => picture(24, 16, 4).webp({ lossless: true }).toBuffer(),
  'animation.webp': () => pages(3, 24, 16).webp().toBuffer(),
  'still.gif': () => picture(24, 16).gif().toBuffer(),
  'animation.gif': () => pages(3, 24, 16).gif().toBuffer(),
  'tags.tiff': () => picture(24, 16).tiff({ compression: 'lzw' }).toBuffer(),
  'tiles.tiff': () =>
    picture(72, 40)
      .tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16, pyramid: true })
      .toBuffer(),
  'big.tiff': () => picture(24, 16).tiff({ bigtiff: true, compression: 'jpeg' }).toBuffer(),
  'tags.avif': () => picture(64, 64, 4).avif({ effort: 0 }).toBuffer(),
};

const ffmpeg = (...args: string[]) => execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);

/** Makes the corpus anew: small files of every kind that Sayeh takes, each with metadata, of drawn pictures. */
export async function makeCorpus(): Promise<void> {
  fs.mkdirSync(CORPUS, { recursive: true });
  const at = (name: string) => path.join(CORPUS, name);
  for (const [name, make] of Object.entries(PHOTOS)) fs.writeFileSync(at(name), await make());
  const tagged = Object.keys(PHOTOS).filter((name) => name.startsWith('tags.'));
  execFileSync('exiftool', ['-q', '-overwrite_original', ...PHOTO_TAGS, ...tagged], { cwd: CORPUS });
  for (const type of ['apng', 'avif'])
    ffmpeg(
      ...SOURCE.slice(0, 4),
      '-vf',
      'scale=16:16',
      '-f',
      type,
      at(`animation.${type === 'apng' ? 'png' : type}`),
    );
  for (const [name, options] of Object.entries(FILMS))
    ffmpeg(...SOURCE, ...TAGS, ...options, '-shortest', at(name));
  // Turned, and beginning behind what is stored: a display matrix and an edit list.
  ffmpeg('-ss', '0.1', '-i', at('h264.mp4'), '-c', 'copy', at('turned.mp4'));
  await setDisplayMatrix(at('turned.mp4'), 'turned right');
  fs.writeFileSync(at('grid.heic'), heic());

  function heic(): Uint8Array {
    const still = at('still.mp4');
    ffmpeg(...SOURCE.slice(0, 4), ...X265, '-frames:v', '1', '-tag:v', 'hvc1', still);
    const film = fs.readFileSync(still);
    fs.rmSync(still);
    const media = findBox(film, 'mdat');
    const configuration = film.indexOf('hvcC', 0, 'latin1') - 4;
    const jpeg = fs.readFileSync(at('tags.jpg'));
    const exif = jpeg.indexOf('Exif\0\0', 0, 'latin1');
    const length = jpeg.readUInt16BE(exif - 2) - 2;
    return makeHeic(
      film.subarray(configuration + 8, configuration + film.readUInt32BE(configuration)),
      film.subarray(media.start + 8, media.end),
      jpeg.subarray(exif + 6, exif + length),
      SIDE,
    );
  }
}
