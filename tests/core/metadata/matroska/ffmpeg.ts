import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ByteSource } from '../../../../src/core/metadata/byte-source.ts';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import type { Format, StripResult } from '../../../../src/core/metadata/format.ts';

/** A folder that goes when the process does. */
export const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'sayeh-video-'));
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));

export const ffmpeg = (...args: readonly string[]): string =>
  execFileSync('ffmpeg', ['-hide_banner', '-v', 'error', '-y', ...args], {
    cwd: scratch,
    encoding: 'latin1',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Two seconds of a test picture and a tone, as inputs 0 and 1. */
export const PICTURE = ['-f', 'lavfi', '-i', 'testsrc=s=160x120:r=25:d=2,format=yuv420p'];
export const TONE = ['-f', 'lavfi', '-i', 'sine=f=440:d=2'];

export function make(name: string, ...args: readonly string[]): string {
  const file = path.join(scratch, name);
  if (!fs.existsSync(file)) ffmpeg(...args, file);
  return file;
}

export const inMemory = (file: string): ByteSource => bytesInMemory(fs.readFileSync(file));

export async function stripped(
  format: Format,
  source: ByteSource,
): Promise<{ bytes: Uint8Array } & StripResult> {
  const pieces: Uint8Array[] = [];
  const result = await format.strip(source, {
    write: async (bytes) => {
      pieces.push(bytes.slice());
    },
  });
  return { bytes: new Uint8Array(Buffer.concat(pieces)), ...result };
}

export async function stripFile(format: Format, file: string): Promise<string> {
  const clean = file.replace(/(\.\w+)$/, '.clean$1');
  fs.writeFileSync(clean, (await stripped(format, inMemory(file))).bytes);
  return clean;
}

/** Hashes of every decoded picture and stretch of sound, with their times. */
export const decoded = (file: string): string =>
  ffmpeg('-i', file, '-map', '0:v?', '-map', '0:a?', '-fps_mode', 'passthrough', '-f', 'framemd5', '-')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');

/** Hashes of every coded packet, with its times. */
export function packets(file: string): string {
  return ffprobe(
    '-show_entries',
    'packet=stream_index,pts,dts,flags,data_hash',
    '-show_data_hash',
    'md5',
    file,
  );
}

export const ffprobe = (...args: readonly string[]): string =>
  execFileSync('ffprobe', ['-v', 'error', '-of', 'compact', ...args], {
    encoding: 'latin1',
    maxBuffer: 1 << 28,
  });

/** Everything ffprobe calls a tag, chapter or programme. */
export const tags = (file: string): string =>
  ffprobe('-show_entries', 'format_tags:stream_tags:chapter_tags:program_tags', file)
    .split('\n')
    .filter((line) => line.includes('tag:'))
    .join('\n');
