import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import type { Format, StripResult } from '../../../../src/core/metadata/format.ts';

/** A folder of this run's own, removed with the machine's temporary files. */
export const workFolder = (): string => fs.mkdtempSync(path.join(os.tmpdir(), 'sayeh-isobmff-'));

export const readBytes = (file: string): Uint8Array => new Uint8Array(fs.readFileSync(file));

export async function strip(
  format: Format,
  bytes: Uint8Array,
): Promise<{ bytes: Uint8Array; result: StripResult }> {
  const pieces: Uint8Array[] = [];
  const result = await format.strip(bytesInMemory(bytes), {
    write: async (piece) => {
      pieces.push(piece);
    },
  });
  return { bytes: new Uint8Array(Buffer.concat(pieces)), result };
}

const run = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64 << 20 });

export const ffmpeg = (...args: string[]): string => run('ffmpeg', ['-v', 'error', '-y', ...args]);
export const exiftool = (...args: string[]): string =>
  run('exiftool', ['-overwrite_original', '-q', ...args]);
export const ffprobe = (...args: string[]) =>
  JSON.parse(run('ffprobe', ['-v', 'error', '-of', 'json', ...args]));

/** Two seconds of a moving test picture with a tone. */
export const SOURCE = [
  ...['-f', 'lavfi', '-i', 'testsrc=size=128x96:rate=25:duration=2'],
  ...['-f', 'lavfi', '-i', 'sine=duration=2', '-pix_fmt', 'yuv420p'],
];
/** How Sayeh itself asks for a file that says nothing. */
export const BITEXACT =
  '-fflags +bitexact -flags:v +bitexact -flags:a +bitexact -movflags +faststart -map_metadata -1 -c:a aac'.split(
    ' ',
  );

/** A digest of every decoded frame of the first track of pictures (`v`) or sound (`a`), in order. */
export function frames(file: string, kind: 'v' | 'a'): string[] {
  return ffmpeg('-i', file, '-map', `0:${kind}:0`, '-f', 'framemd5', '-')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)!.trim());
}

/** A digest of every coded packet of the first track of pictures or sound, in order. */
export function packets(file: string, kind: 'v' | 'a'): string[] {
  const probed = ffprobe('-show_packets', '-show_data_hash', 'md5', '-select_streams', `${kind}:0`, file);
  return probed.packets.map((packet: { data_hash: string }) => packet.data_hash);
}

/** A box of random kind with a secret in it. */
export const secretBox = (type: string, secret: string): Uint8Array => {
  const bytes = new Uint8Array(8 + secret.length);
  new DataView(bytes.buffer).setUint32(0, bytes.length);
  bytes.set(Buffer.from(type + secret, 'latin1'), 4);
  return bytes;
};

export const contains = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes).includes(text);
