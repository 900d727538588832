import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VideoFormat } from '../../../../src/core/media-type.ts';
import { identify } from '../../../../src/node/files/input-file.ts';
import type { av } from '../../../../src/node/media/video/ffmpeg.ts';
import { FrameSeeker } from '../../../../src/node/media/video/seek/frame-seeker.ts';
import { VideoReader } from '../../../../src/node/media/video/video-reader.ts';
import { ffmpeg } from '../../../support/clips.ts';
import { setDisplayMatrix } from '../../../support/display-matrix.ts';
import { NUMBERED, numberedFilm, readNumber } from '../../../support/numbered-film.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-seek-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const FRAMES = 130;

/** How far apart two frames' luma is on average, in levels. */
function distance(frame: av.Frame, luma: Uint8Array): number {
  const data = (frame.data ?? [])[0];
  let sum = 0;
  for (let y = 0; y < frame.height; y++) {
    for (let x = 0; x < frame.width; x++)
      sum += Math.abs(data[y * frame.linesize[0] + x] - luma[y * frame.width + x]);
  }
  return sum / (frame.width * frame.height);
}

/** All samples of a frame, as one short word. */
function digest(frame: av.Frame): string {
  const hash = createHash('sha1');
  for (let plane = 0; plane < 3; plane++) {
    const rows = plane === 0 ? frame.height : Math.ceil(frame.height / 2);
    const width = plane === 0 ? frame.width : Math.ceil(frame.width / 2);
    const data = (frame.data ?? [])[plane];
    for (let y = 0; y < rows; y++) {
      hash.update(data.subarray(y * frame.linesize[plane], y * frame.linesize[plane] + width));
    }
  }
  return hash.digest('base64');
}

/** What comes out of a film read from its start, which is what plans count by. */
async function readThrough(file: string, format: VideoFormat) {
  const reader = await VideoReader.open(file, format);
  const digests: string[] = [];
  const numbers: number[] = [];
  const ticks: number[] = [];
  const lumas: Uint8Array[] = [];
  try {
    for await (const { picture, time } of reader.frames()) {
      digests.push(digest(picture));
      numbers.push(readNumber((picture.data ?? [])[0], picture.linesize[0]));
      ticks.push(Number(time));
      const luma = new Uint8Array(picture.width * picture.height);
      for (let y = 0; y < picture.height; y++) {
        const at = y * picture.linesize[0];
        luma.set((picture.data ?? [])[0].subarray(at, at + picture.width), y * picture.width);
      }
      lumas.push(luma);
    }
  } finally {
    await reader.close();
  }
  return { digests, numbers, ticks, lumas };
}

/** Forwards, backwards, jumps near and far, the ends, and the same ones again. */
function journey(frames: number): number[] {
  const last = frames - 1;
  const jumps = Array.from({ length: 40 }, (_, i) => (i * 7919 + 13) % frames);
  const back = Array.from({ length: 30 }, (_, i) => Math.max(0, last - 5 - i));
  const on = Array.from({ length: 20 }, (_, i) => Math.min(last, 40 + i));
  return [last, 0, ...jumps, ...back, ...on, 1, last, last - 1, 0];
}

/** Every frame on the journey is the very one that reading from the start gives. */
async function expectExact(
  file: string,
  keep: number,
  apart = 0,
  quickIn?: readonly number[],
): Promise<readonly number[]> {
  const { format } = await identify(file);
  const truth = await readThrough(file, format as VideoFormat);
  const seeker = await FrameSeeker.open(file, format as VideoFormat, truth.digests.length, { keep });
  try {
    expect([...seeker.ticks()]).toEqual(truth.ticks);
    for (const index of journey(seeker.frames)) {
      const frame = await seeker.frame(index);
      try {
        expect(readNumber((frame.data ?? [])[0], frame.linesize[0]), `frame ${index}`).toBe(
          truth.numbers[index],
        );
        if (apart > 0) expect(distance(frame, truth.lumas[index]), `frame ${index}`).toBeLessThan(apart);
        else expect(digest(frame), `frame ${index}`).toBe(truth.digests[index]);
      } finally {
        frame.free();
      }
    }
    const quick = seeker.quick();
    expect(quick[0]).toBe(0);
    expect(quick).toEqual([...new Set(quick)].filter((at) => at < seeker.frames).sort((a, b) => a - b));
    if (quickIn !== undefined) expect(quick).toEqual(quickIn);
    await expect(seeker.frame(seeker.frames)).rejects.toMatchObject({ code: 'usage' });
  } finally {
    await seeker.close();
  }
  return truth.numbers;
}

/** Frames at which decoding may begin, where the encoder was told. */
const QUICK: Readonly<Record<string, readonly number[]>> = {
  'open groups': [0, 24, 48, 72, 96, 120],
  'one group of 250': [0],
};

const x264 = (params: string) => ['-c:v', 'libx264', '-preset', 'fast', '-x264-params', params];
const FILMS: readonly [name: string, extension: string, args: readonly string[]][] = [
  ['B-frames, closed groups', 'mp4', x264('keyint=30:bframes=3:open-gop=0')],
  ['open groups', 'mp4', x264('keyint=24:min-keyint=24:bframes=3:open-gop=1:scenecut=0')],
  ['one group of 250', 'mp4', x264('keyint=250:bframes=3:scenecut=0')],
  ['open groups in a transport stream', 'ts', x264('keyint=24:bframes=3:open-gop=1')],
  ['interlaced', 'ts', [...x264('keyint=24:bframes=2:tff=1'), '-flags', '+ildct+ilme']],
  [
    'in pieces, without an index',
    'mp4',
    [...x264('keyint=24:bframes=3'), '-movflags', 'empty_moov+frag_keyframe'],
  ],
  [
    'HEVC with open groups',
    'mp4',
    ['-c:v', 'libx265', '-x265-params', 'log-level=none:keyint=24:open-gop=1:bframes=4'],
  ],
  [
    'VP9 with hidden pictures',
    'webm',
    [
      '-c:v',
      'libvpx-vp9',
      '-deadline',
      'good',
      '-cpu-used',
      '5',
      '-auto-alt-ref',
      '1',
      '-lag-in-frames',
      '16',
      '-g',
      '40',
    ],
  ],
  [
    'VP8 with hidden pictures',
    'webm',
    ['-c:v', 'libvpx', '-cpu-used', '5', '-auto-alt-ref', '1', '-lag-in-frames', '16', '-g', '40'],
  ],
  ['AV1', 'mp4', ['-c:v', 'libsvtav1', '-preset', '10', '-g', '40']],
  ['MPEG-4 with B-frames in AVI', 'avi', ['-c:v', 'mpeg4', '-bf', '2', '-g', '20', '-q:v', '3']],
  ['H.264 with B-frames in AVI', 'avi', x264('keyint=24:bframes=3')],
  ['Motion JPEG', 'avi', ['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p']],
  ['MPEG-2 with open groups', 'ts', ['-c:v', 'mpeg2video', '-bf', '2', '-g', '15', '-q:v', '3']],
  ['ProRes', 'mov', ['-c:v', 'prores_ks', '-profile:v', '0']],
];

describe('any frame is the one that reading from the start gives', () => {
  it.each(FILMS)('%s (%s)', async (name, extension, args) => {
    const file = path.join(folder, `${name.replaceAll(/\W+/g, '-')}.${extension}`);
    await numberedFilm(FRAMES, ...args, file);
    const keep = name.length % 2 === 0 ? 0 : 2 ** 20; // with and without frames kept for stepping back
    expect(await expectExact(file, keep, 0, QUICK[name])).toEqual(
      Array.from({ length: FRAMES }, (_, n) => n),
    );
  });

  it.each(['mp4', 'ts'])(
    'to a level or so, where the picture is refreshed bit by bit (%s)',
    async (extension) => {
      const file = path.join(folder, `refresh.${extension}`);
      await numberedFilm(FRAMES, ...x264('keyint=20:bframes=0:intra-refresh=1'), file);
      await expectExact(file, 0, 1);
    },
  );

  it('frames that come at uneven times, some missing', async () => {
    const uneven = [
      '-vf',
      "select='not(eq(mod(n,7),3))',setpts='N*1800+150*mod(N*N,11)'",
      '-fps_mode',
      'passthrough',
    ];
    for (const [extension, keyint] of [
      ['mp4', 30],
      ['mkv', 50],
    ]) {
      const file = path.join(folder, `uneven.${extension}`);
      await numberedFilm(FRAMES, ...uneven, ...x264(`keyint=${keyint}:bframes=3`), file);
      const numbers = await expectExact(file, 0);
      expect(numbers).toEqual(Array.from({ length: FRAMES }, (_, n) => n).filter((n) => n % 7 !== 3));
    }
  });

  it('a Matroska film without cues', async () => {
    const file = path.join(folder, 'live.mkv');
    await numberedFilm(FRAMES, ...x264('keyint=24:bframes=3'), '-f', 'matroska', '-live', '1', file);
    await expectExact(file, 0);
  });

  it('a film that an edit list trims', async () => {
    const whole = path.join(folder, 'whole.mp4');
    const trimmed = path.join(folder, 'trimmed.mp4');
    await numberedFilm(FRAMES, ...x264('keyint=40:bframes=3'), whole);
    await ffmpeg('-ss', '1.0', '-i', whole, '-c', 'copy', trimmed);
    const numbers = await expectExact(trimmed, 0);
    expect(numbers.at(-1)).toBe(FRAMES - 1);
    expect(numbers.length).toBeLessThan(FRAMES);
  });

  it('a broadcast that begins in the middle of a group, with sound beside it', async () => {
    const whole = path.join(folder, 'broadcast.ts');
    const cut = path.join(folder, 'cut.ts');
    const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=5.2', '-c:a', 'aac', '-shortest'];
    await numberedFilm(FRAMES, ...sound, ...x264('keyint=20:bframes=2:open-gop=1'), whole);
    const bytes = await readFile(whole);
    const packets = Math.floor(bytes.length / 188);
    // The tables of programs and streams come first in the file; then a piece is missing.
    await writeFile(
      cut,
      Buffer.concat([bytes.subarray(0, 188 * 3), bytes.subarray(188 * Math.floor(packets / 5))]),
    );
    const numbers = await expectExact(cut, 0);
    expect(numbers.length).toBeGreaterThan(60);
    expect(numbers.length).toBeLessThan(FRAMES - 10);
  });

  it('a film that was held upright: the frame is turned', async () => {
    const file = path.join(folder, 'turned.mp4');
    await numberedFilm(40, ...x264('keyint=20'), file);
    await setDisplayMatrix(file, 'turned left');
    const seeker = await FrameSeeker.open(file, 'mp4', 40);
    const frame = await seeker.frame(31);
    expect([frame.width, frame.height]).toEqual([NUMBERED.height, NUMBERED.width]);
    frame.free();
    await seeker.close();
  });
});

it('a film of another length than planned is refused, and a call can be stopped', async () => {
  const file = path.join(folder, 'other.mp4');
  await numberedFilm(FRAMES, ...x264('keyint=250:bframes=3:scenecut=0'), file);
  await expect(FrameSeeker.open(file, 'mp4', FRAMES + 1)).rejects.toMatchObject({ code: 'corrupt' });
  const seeker = await FrameSeeker.open(file, 'mp4', FRAMES);
  try {
    await expect(seeker.frame(120, AbortSignal.abort())).rejects.toThrow();
    const late = new AbortController();
    const stopped = seeker.frame(120, late.signal);
    setImmediate(() => late.abort());
    await expect(stopped).rejects.toThrow();
    const frame = await seeker.frame(119);
    expect(readNumber((frame.data ?? [])[0], frame.linesize[0])).toBe(119);
    frame.free();
  } finally {
    await seeker.close();
  }
});
