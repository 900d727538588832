import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { constants, inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { SayehError, type SayehErrorCode } from '../../src/core/errors.ts';
import { bytesInMemory } from '../../src/core/metadata/byte-source.ts';
import type { Finding, Format, StripResult, Violation } from '../../src/core/metadata/format.ts';
import { MemorySink } from '../../src/core/metadata/still/copy.ts';
import { exiftoolTags } from './exiftool.ts';
import { filesBelow, SHARED } from './shared.ts';

/** A format's four calls on bytes in memory, as most tests want them. */
export const inspected = (format: Format, bytes: Uint8Array): Promise<Finding[]> =>
  format.inspect(bytesInMemory(bytes));
export const verified = (format: Format, bytes: Uint8Array): Promise<Violation[]> =>
  format.verify(bytesInMemory(bytes));

export async function stripped(
  format: Format,
  bytes: Uint8Array,
): Promise<StripResult & { readonly bytes: Uint8Array }> {
  const sink = new MemorySink();
  const result = await format.strip(bytesInMemory(bytes), sink);
  return { ...result, bytes: sink.bytes() };
}

/** Why `walk`'s leaves do not cover the bytes exactly once; undefined where they do. */
export async function tilingProblem(format: Format, bytes: Uint8Array): Promise<string | undefined> {
  let at = 0;
  for (const { path: name, offset, length } of await format.walk(bytesInMemory(bytes))) {
    if (offset !== at || length < 0)
      return `${name} at ${offset} for ${length} bytes where ${at} was expected`;
    at += length;
  }
  return at === bytes.length ? undefined : `leaves end at ${at} of ${bytes.length}`;
}

/** Pixels as stored: neither turned nor converted by a colour profile; every frame or page. */
export async function pixels(bytes: Uint8Array): Promise<Buffer> {
  const options = { failOn: 'none', ignoreIcc: true, limitInputPixels: false } as const;
  const { pages = 1 } = await sharp(bytes, options).metadata();
  const each: Buffer[] = [];
  for (let page = 0; page < pages; page++)
    each.push(
      await sharp(bytes, { ...options, page })
        .raw()
        .toBuffer(),
    );
  return Buffer.concat(each);
}

/** A folder that goes when the run ends. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sayeh-test-'));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What mat2 shows of the picture's shape and of the colour profiles that Sayeh makes. */
const MAT2_STRUCTURE = new Set([
  ...[
    'APP14Flags0',
    'APP14Flags1',
    'ColorTransform',
    'DCTEncodeVersion',
    'SRGBRendering',
    'Gamma',
    'Palette',
  ],
  ...[
    'Transparency',
    'ExifByteOrder',
    'PageCount',
    'SubfileType',
    'Orientation',
    'ColorMap',
    'Predictor',
    'SampleFormat',
    'ExtraSamples',
    'TransparentColor',
    'PixelAspectRatio',
    'RedMatrixColumn',
    'GreenMatrixColumn',
    'BlueMatrixColumn',
    'RedTRC',
    'GreenTRC',
    'BlueTRC',
  ],
  ...[
    'GrayTRC',
    'MediaWhitePoint',
    'CMMFlags',
    'ColorSpaceData',
    'ConnectionSpaceIlluminant',
    'DeviceAttributes',
  ],
  ...['ProfileClass', 'ProfileConnectionSpace', 'ProfileFileSignature', 'ProfileVersion', 'RenderingIntent'],
  ...['WhitePointX', 'WhitePointY', 'RedX', 'RedY', 'GreenX', 'GreenY', 'BlueX', 'BlueY'],
]);
const MAT2_FIXED =
  /^ {4}(ProfileDescription: (Display P3|Adobe RGB|ProPhoto RGB|RGB|Grey)|ProfileCopyright: CC0|ProfileName: ICC|ProfileDateTime: 0000:00:00 00:00:00|ProfileID: 0|PrimaryPlatform: Unknown \(\)|(DeviceManufacturer|DeviceModel|ProfileCMMType|ProfileCreator): \W*)$/;

/** What mat2 still finds in files of kinds that it knows. */
export function mat2Findings(files: readonly string[]): string[] {
  if (files.length === 0) return [];
  const { stdout, stderr } = spawnSync('mat2', ['--show', ...files], { encoding: 'utf8' });
  return `${stdout}${stderr}`.split('\n').filter((line) => {
    if (/^\s*$|^\[\+\] Metadata for|No metadata found|format \(image\/webp\) is not supported/.test(line))
      return false;
    return !MAT2_FIXED.test(line) && !MAT2_STRUCTURE.has(/^ {4}(\w+): /.exec(line)?.[1] ?? '');
  });
}

/** What `plant` writes everywhere. */
export const SECRET = 'SAYEHSECRET';

/** Groups of tags that exiftool can write into photos. */
const PHOTO_GROUPS = ['EXIF', 'GPS', 'IPTC', 'XMP', 'PNG', 'Photoshop'];
/** And into films. */
export const FILM_GROUPS = ['QuickTime', 'Keys', 'ItemList', 'UserData', 'Microsoft', 'XMP'];

/** The argument that writes the secret, for every tag that exiftool can write in these groups: some 3,400. */
function plantingArguments(groups: readonly string[]): string {
  const names = groups.flatMap((group) => {
    const { stdout } = spawnSync('exiftool', ['-listw', `-${group}:All`], { encoding: 'utf8' });
    const tags = stdout.split('\n').slice(1).join(' ').split(/\s+/);
    return tags.filter((tag) => tag !== '').map((tag) => `-${group}:${tag}=${SECRET}`);
  });
  return [
    ...names,
    `-Comment=${SECRET}`,
    '-GPSLatitude=35.7',
    '-GPSLongitude=51.4',
    '-DateTimeOriginal=2022:09:21 20:00:00',
  ].join('\n');
}

/** Writes the secret into every tag of a file that takes text. */
export function plant(
  bytes: Uint8Array,
  extension: string,
  groups: readonly string[] = PHOTO_GROUPS,
): Uint8Array {
  const folder = temporaryFolder();
  const file = path.join(folder, `planted.${extension}`);
  const list = path.join(folder, 'arguments');
  fs.writeFileSync(file, bytes);
  fs.writeFileSync(list, plantingArguments(groups));
  spawnSync('exiftool', ['-q', '-q', '-m', '-overwrite_original', '-@', list, file]);
  return fs.readFileSync(file);
}

/** How often the secret is in the bytes: as they are, as UTF-16, and in whatever zlib streams they hold. */
export function secretsIn(bytes: Uint8Array): number {
  const whole = Buffer.from(bytes);
  const count = (text: string) => text.split(SECRET).length - 1;
  let found =
    count(whole.toString('latin1')) +
    count(whole.toString('utf16le')) +
    count(whole.subarray(1).toString('utf16le'));
  for (let at = whole.indexOf(0x78); at >= 0; at = whole.indexOf(0x78, at + 1)) {
    try {
      found += count(
        inflateSync(whole.subarray(at), {
          finishFlush: constants.Z_SYNC_FLUSH,
          maxOutputLength: 1 << 24,
        }).toString('latin1'),
      );
    } catch {
      // No zlib stream starts here.
    }
  }
  return found;
}

/** How a real file fared. */
export type Outcome = 'clean' | `refused: ${SayehErrorCode}`;

/**
 * Strips every file of a shared folder, holds the results against Sayeh's own check, exiftool, mat2 and the
 * original's pixels, and throws for any that fails. Answers how each file fared, by name.
 */
export async function judgeSharedFiles(format: Format, folder: string): Promise<Record<string, Outcome>> {
  const from = path.join(SHARED, 'data/metadata', folder);
  const to = temporaryFolder();
  const outcomes: Record<string, Outcome> = {};
  const written: string[] = [];
  for (const name of filesBelow(from)) {
    const original = fs.readFileSync(path.join(from, name));
    try {
      const { bytes } = await stripped(format, original);
      const file = path.join(to, name.replaceAll(/[^\w.-]/g, '_'));
      fs.writeFileSync(file, bytes);
      await demandClean(format, name, original, bytes, file);
      written.push(file);
      outcomes[name] = 'clean';
    } catch (error) {
      if (!(error instanceof SayehError)) throw new Error(`${name}: ${error}`, { cause: error });
      outcomes[name] = `refused: ${error.code}`;
    }
  }
  const left = mat2Findings(written);
  if (left.length > 0) throw new Error(`mat2 finds:\n${left.join('\n')}`);
  return outcomes;
}

async function demandClean(
  format: Format,
  name: string,
  original: Uint8Array,
  bytes: Uint8Array,
  file: string,
) {
  const violations = await verified(format, bytes);
  const findings = (await inspected(format, bytes)).filter(({ label }) => !label.startsWith('quantisation'));
  const tags = exiftoolTags(file);
  const problems = { violations, findings, tags: Object.entries(tags) };
  for (const [what, list] of Object.entries(problems))
    if (list.length > 0) throw new Error(`${what} left: ${JSON.stringify(list).slice(0, 2000)}`);
  const [before, after] = await Promise.allSettled([pixels(original), pixels(bytes)]);
  // What sharp cannot decode before, it need not decode after.
  if (before.status === 'fulfilled' && (after.status !== 'fulfilled' || !before.value.equals(after.value)))
    throw new Error(`pixels of ${name} have changed`);
}
