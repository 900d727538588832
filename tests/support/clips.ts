import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** A photo with faces that comes with a package (MIT), 1 to 6. */
export function samplePhoto(number: 1 | 2 | 3 | 4 | 5 | 6): string {
  const folder = path.dirname(require.resolve('@vladmandic/face-api/package.json'));
  return path.join(folder, 'demo', `sample${number}.jpg`);
}

/** Runs the ffmpeg program; rejects with what it said on failure. */
export async function ffmpeg(...args: string[]): Promise<void> {
  await run('ffmpeg', ['-v', 'error', '-y', ...args], { maxBuffer: 1 << 26 });
}

export interface ProbedStream {
  codec_type: string;
  codec_name: string;
  width?: number;
  height?: number;
  pix_fmt?: string;
  tags?: Record<string, string>;
  side_data_list?: unknown[];
}

/** What the ffprobe program sees: an independent witness. */
export async function ffprobe(
  file: string,
): Promise<{ streams: ProbedStream[]; format: { tags?: Record<string, string> }; chapters: unknown[] }> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-show_streams', '-show_format', '-show_chapters', '-of', 'json', file],
  ]);
  return JSON.parse(stdout);
}

/** Presentation times in seconds of every frame that ffmpeg decodes from the picture stream, from the first on. */
export async function frameTimes(file: string): Promise<number[]> {
  const { stdout } = await run(
    'ffprobe',
    [
      '-v',
      'error',
      '-select_streams',
      'v:0',
      '-show_entries',
      'frame=best_effort_timestamp_time',
      '-of',
      'csv=p=0',
      file,
    ],
    { maxBuffer: 1 << 26 },
  );
  const times = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => Number(line.split(',')[0]));
  return times.map((time) => time - times[0]);
}

/**
 * Arguments for ffmpeg that pan over a sample photo: `seconds` of film of the given size at `rate` frames a
 * second, as a filter chain's source. Add an encoder and a file name.
 */
export function panOver(
  number: 1 | 2 | 3 | 4 | 5 | 6,
  { width = 320, height = 240, seconds = 1, rate = 15 } = {},
): string[] {
  const frames = Math.round(seconds * rate);
  const grow = `scale=${width * 2}:${height * 2}:force_original_aspect_ratio=increase:flags=area`;
  const pan = `crop=${width}:${height}:(iw-ow)*n/${frames}:(ih-oh)*n/${frames}*0.5:exact=1`;
  return [
    ...['-loop', '1', '-framerate', String(rate), '-t', String(seconds), '-i', samplePhoto(number)],
    ...['-vf', `${grow},${pan}`, '-an'],
  ];
}
