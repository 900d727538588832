import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Detectors } from '../../src/node/inference/detectors.ts';
import { analyse } from '../../src/pipeline/analyse.ts';
import { protect } from '../../src/pipeline/protect.ts';
import { render } from '../../src/pipeline/render.ts';
import { sayehWith } from '../support/cli.ts';
import { ffmpeg, ffprobe, frameTimes, panOver } from '../support/clips.ts';
import { ORIENTATIONS, type OrientationName, setDisplayMatrix } from '../support/display-matrix.ts';
import { tellingTags } from '../support/exiftool-film.ts';
import { filesBelow, hasShared, SHARED, sharedNote } from '../support/shared.ts';

const run = promisify(execFile);
let folder: string;
let detectors: Detectors;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-video-'));
  detectors = new Detectors('centerface');
});
afterAll(async () => {
  await detectors.close();
  await rm(folder, { recursive: true, force: true });
});

/** Names of what mat2 shows of a film: a list of structure even for a clean one, so it is compared below. */
async function mat2Names(file: string): Promise<string[]> {
  const { stdout } = await run('mat2', ['--show', file]);
  return [...stdout.matchAll(/^ {4}(\w+):/gm)].map(([, name]) => name).sort();
}

/** The same film after mat2 has removed all that it would remove. */
async function cleanedByMat2(file: string): Promise<string> {
  await run('mat2', [file]);
  return file.replace(/\.mp4$/, '.cleaned.mp4');
}

/** What every protected film must be, whoever looks. */
async function expectClean(output: string, original: string, streams = ['video']): Promise<void> {
  const probed = await ffprobe(output);
  expect(probed.streams.map((stream) => stream.codec_type)).toEqual(streams);
  expect(probed.chapters).toEqual([]);
  expect(Object.keys(probed.format.tags ?? {}).sort()).toEqual([
    'compatible_brands',
    'major_brand',
    'minor_version',
  ]);
  for (const { tags } of probed.streams) {
    expect(tags).toSatisfy(
      (all: Record<string, string>) => !all.creation_time && !all.encoder && all.language === 'und',
    );
  }
  expect(tellingTags(output)).toEqual({});
  expect(await mat2Names(await cleanedByMat2(output))).toEqual(
    expect.arrayContaining(await mat2Names(output)),
  );

  const before = await frameTimes(original);
  const after = await frameTimes(output);
  expect(after.length).toBe(before.length);
  for (const [index, time] of after.entries()) expect(time).toBeCloseTo(before[index], 3);
  expect((await stat(output)).mtime.toISOString()).toBe('2000-01-01T00:00:00.000Z');
}

/** Mean colour of each cell of an 8x8 grid of a film's first frame, upright, as ffmpeg shows it. */
async function grid(file: string): Promise<Uint8Array> {
  const { stdout } = await run(
    'ffmpeg',
    [
      '-v',
      'error',
      '-i',
      file,
      '-frames:v',
      '1',
      '-vf',
      'format=gbrp,scale=8:8:flags=area',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-',
    ],
    { encoding: 'buffer' },
  );
  return new Uint8Array(stdout);
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

describe('protects every container, codec and bit depth', () => {
  const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast'];
  const x265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none'];
  const films: Record<string, string[]> = {
    'h264.mp4': [...x264, '-pix_fmt', 'yuv420p'],
    'h264-10bit.mp4': [...x264, '-pix_fmt', 'yuv420p10le'],
    'h264-422.mov': [...x264, '-pix_fmt', 'yuv422p'],
    'h264-full-range.mov': [...x264, '-pix_fmt', 'yuvj420p'],
    'h264.m4v': [...x264, '-pix_fmt', 'yuv420p', '-f', 'mp4'],
    'h264.3gp': [...x264, '-pix_fmt', 'yuv420p'],
    'h264.ts': [...x264, '-pix_fmt', 'yuv420p'],
    'h264.mkv': [...x264, '-pix_fmt', 'yuv420p'],
    'hevc.mp4': [...x265, '-pix_fmt', 'yuv420p'],
    'hevc-10bit.mov': [...x265, '-pix_fmt', 'yuv420p10le'],
    'hevc-10bit.mkv': [...x265, '-pix_fmt', 'yuv420p10le'],
    'vp8.webm': ['-c:v', 'libvpx', '-pix_fmt', 'yuv420p', '-deadline', 'realtime'],
    'vp9.webm': ['-c:v', 'libvpx-vp9', '-pix_fmt', 'yuv420p', '-deadline', 'realtime', '-cpu-used', '8'],
    'vp9-10bit.mkv': [
      '-c:v',
      'libvpx-vp9',
      '-pix_fmt',
      'yuv420p10le',
      '-deadline',
      'realtime',
      '-cpu-used',
      '8',
    ],
    'av1.mp4': ['-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime', '-pix_fmt', 'yuv420p'],
    'av1-10bit.mkv': [
      '-c:v',
      'libaom-av1',
      '-cpu-used',
      '8',
      '-usage',
      'realtime',
      '-pix_fmt',
      'yuv420p10le',
    ],
    'mpeg4.avi': ['-c:v', 'mpeg4', '-q:v', '3'],
    'mpeg4.mp4': ['-c:v', 'mpeg4', '-q:v', '3', '-bf', '2'],
    'mjpeg.avi': ['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj422p'],
    'mjpeg.mov': ['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p'],
    'mpeg2.ts': ['-c:v', 'mpeg2video', '-q:v', '3', '-bf', '2', '-r', '25'],
    'h263.3gp': ['-c:v', 'h263', '-q:v', '3', '-s', '352x288'],
  };
  const tags = [
    '-metadata',
    'title=secret title',
    '-metadata',
    'comment=secret comment',
    '-metadata',
    'location=+35.7+51.4/',
  ];

  it.each(Object.entries(films))('%s', async (name, coding) => {
    const input = path.join(folder, name);
    const output = path.join(folder, `out-${name}.mp4`);
    await ffmpeg(...panOver(1, { seconds: 0.8 }), ...coding, ...tags, input);
    const before = await readFile(input);

    const result = await protect(input, output, { detectors });

    expect(result.plan.tracks.length).toBeGreaterThan(0);
    expect(await readFile(input)).toEqual(before);
    await expectClean(output, input);
    const [original] = (await ffprobe(input)).streams;
    const [written] = (await ffprobe(output)).streams;
    expect([written.codec_name, written.pix_fmt]).toEqual([
      'h264',
      /full|mjpeg/.test(name) ? 'yuvj420p' : 'yuv420p',
    ]);
    expect([written.width, written.height]).toEqual([original.width, original.height]);
    expect((await readFile(output)).includes('secret')).toBe(false);
  });

  it.each(['h264', 'hevc', 'vp9', 'av1'] as const)('writes %s on request', async (videoCodec) => {
    const input = path.join(folder, 'for-codecs.mp4');
    await ffmpeg(...panOver(2, { seconds: 0.6 }), ...x264, '-pix_fmt', 'yuv420p', input);
    const output = path.join(folder, `as-${videoCodec}.mp4`);
    await protect(input, output, { detectors, videoCodec });
    expect((await ffprobe(output)).streams[0].codec_name).toBe(videoCodec);
    await expectClean(output, input);
  });

  it('applies each of the eight orientations to the pixels', async () => {
    const base = path.join(folder, 'oriented.mp4');
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=320x180:rate=10:duration=0.5',
      ...x264,
      '-pix_fmt',
      'yuv420p',
      base,
    );
    for (const name of Object.keys(ORIENTATIONS) as OrientationName[]) {
      const output = path.join(folder, `oriented ${name}.mp4`);
      await setDisplayMatrix(base, name);
      await protect(base, output, { detectors });
      const [written] = (await ffprobe(output)).streams;
      expect([written.width, written.height], name).toEqual(
        name.startsWith('turned') ? [180, 320] : [320, 180],
      );
      expect(written.side_data_list, name).toBeUndefined();
      expect(meanDifference(await grid(output), await grid(base)), name).toBeLessThan(3);
    }
  });

  it('keeps odd sizes, colours and pixel shape', async () => {
    const input = path.join(folder, 'odd.webm');
    await ffmpeg(
      ...['-f', 'lavfi', '-i', 'smptehdbars=size=333x251:rate=10:duration=0.5', '-vf', 'setsar=4/3'],
      ...[
        '-c:v',
        'libvpx-vp9',
        '-pix_fmt',
        'yuv420p',
        '-b:v',
        '2M',
        '-colorspace',
        'bt709',
        '-color_primaries',
        'bt709',
        '-color_trc',
        'bt709',
        input,
      ],
    );
    for (const videoCodec of ['h264', 'vp9'] as const) {
      const output = path.join(folder, `odd-${videoCodec}.mp4`);
      await protect(input, output, { detectors, videoCodec });
      const [written] = (await ffprobe(output)).streams as unknown as Record<string, unknown>[];
      expect(written).toMatchObject({
        width: 333,
        height: 251,
        sample_aspect_ratio: '4:3',
        color_space: 'bt709',
      });
      expect(meanDifference(await grid(output), await grid(input))).toBeLessThan(2);
    }
  });

  it('tone-maps HDR to SDR', async () => {
    const input = path.join(folder, 'hdr.mp4');
    await ffmpeg(
      ...[
        '-f',
        'lavfi',
        '-i',
        'testsrc2=size=320x180:rate=10:duration=0.5',
        '-c:v',
        'libx265',
        '-pix_fmt',
        'yuv420p10le',
      ],
      ...['-x265-params', 'log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc', input],
    );
    const output = path.join(folder, 'from-hdr.mp4');
    const { warnings } = await protect(input, output, { detectors });
    expect(warnings.join()).toContain('HDR');
    const [written] = (await ffprobe(output)).streams as unknown as Record<string, unknown>[];
    expect(written).toMatchObject({ color_transfer: 'bt709', color_primaries: 'bt709', pix_fmt: 'yuv420p' });
    await expectClean(output, input);
  });

  it('keeps variable frame times, one by one', async () => {
    const input = path.join(folder, 'variable.mkv');
    await ffmpeg(
      ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=30:duration=3'],
      ...[
        '-vf',
        "select='not(mod(n,7))+not(mod(n,5))+lt(n,20)'",
        '-fps_mode',
        'vfr',
        ...x264,
        '-bf',
        '3',
        input,
      ],
    );
    const output = path.join(folder, 'variable-out.mp4');
    await protect(input, output, { detectors });
    await expectClean(output, input);
    const gaps = new Set(
      (await frameTimes(output)).map((time, i, all) => Math.round((time - (all[i - 1] ?? 0)) * 1000)),
    );
    expect(gaps.size).toBeGreaterThan(3);
  });
});

describe('sound', () => {
  it('an AVI with MP3 sound, whose empty chunks repeat a picture, is no film cut off', async () => {
    const input = path.join(folder, 'mp3.avi');
    const sources = ['-f', 'lavfi', '-i', 'testsrc2=s=128x96:r=10:d=1', '-f', 'lavfi', '-i', 'sine=d=1'];
    await ffmpeg(...sources, '-c:v', 'mpeg4', '-c:a', 'libmp3lame', input);
    const output = path.join(folder, 'mp3.mp4');
    const { plan } = await protect(input, output, { detectors });
    expect(plan.film.frames).toBe((await frameTimes(input)).length);
    expect(await frameTimes(output)).toHaveLength(plan.film.frames);
    const cut = path.join(folder, 'mp3-cut.avi');
    const bytes = await readFile(input);
    await writeFile(cut, bytes.subarray(0, bytes.length >> 1));
    await expect(protect(cut, path.join(folder, 'never.mp4'), { detectors })).rejects.toMatchObject({
      code: 'corrupt',
    });
  });

  it('is dropped by default and coded anew on request, in step with the picture', async () => {
    const input = path.join(folder, 'spoken.mp4');
    await ffmpeg(
      ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=2'],
      // Silence for a second, then a tone: where it begins tells whether sound and picture stay in step.
      ...['-f', 'lavfi', '-i', "aevalsrc='if(gte(t,1),0.5*sin(2*PI*880*t),0)':d=2:s=44100"],
      ...[
        '-c:v',
        'libx264',
        '-c:a',
        'aac',
        '-metadata:s:a',
        'handler_name=secret microphone',
        '-shortest',
        input,
      ],
    );
    const silent = path.join(folder, 'silent.mp4');
    const dropped = await protect(input, silent, { detectors });
    expect(dropped.sound).toBe('dropped');
    await expectClean(silent, input);

    const output = path.join(folder, 'heard.mp4');
    const kept = await protect(input, output, { detectors, audio: 'keep' });
    expect(kept.sound).toBe('kept');
    expect(kept.warnings.join()).toContain('voice');
    await expectClean(output, input, ['video', 'audio']);
    const { stderr } = await run('ffmpeg', [
      '-i',
      output,
      '-af',
      'silencedetect=noise=-30dB:d=0.2',
      '-f',
      'null',
      '-',
    ]);
    const end = Number(/silence_end: ([\d.]+)/.exec(stderr)?.[1]);
    expect(end).toBeGreaterThan(0.93);
    expect(end).toBeLessThan(1.07);
    expect((await readFile(output)).includes('secret')).toBe(false);
  });
});

describe('rendering follows the plan', () => {
  it('gives the same bytes every time with one thread, and covers what the plan says', async () => {
    const input = path.join(folder, 'planned.mp4');
    await ffmpeg(...panOver(3, { seconds: 1 }), '-c:v', 'libx264', '-pix_fmt', 'yuv420p', input);
    const plan = await analyse(input, { detectors });
    const files = ['one.mp4', 'two.mp4'].map((name) => path.join(folder, name));
    for (const file of files) await render(input, plan, file, { threads: 1 });
    const bytes = await readFile(files[0]);
    expect(bytes.equals(await readFile(files[1]))).toBe(true);

    // Whatever was in the memory that encoders are given.
    const planFile = path.join(folder, 'plan.json');
    await writeFile(planFile, JSON.stringify(plan));
    for (const pattern of ['1', '77', '128']) {
      const dirty = path.join(folder, `dirty-${pattern}.mp4`);
      const args = ['render', '-q', '--threads', '1', '--plan', planFile, '-o', dirty, input];
      expect(await sayehWith({ MALLOC_PERTURB_: pattern }, ...args)).toMatchObject({ code: 0, stderr: '' });
      expect(bytes.equals(await readFile(dirty)), `memory filled with ${pattern}`).toBe(true);
    }

    const nothing = path.join(folder, 'nothing.mp4');
    const kept = { ...plan, tracks: plan.tracks.map((track) => ({ ...track, decision: 'keep' as const })) };
    await render(input, kept, nothing, { threads: 1 });
    expect(await readFile(nothing)).not.toEqual(await readFile(files[0]));
  });

  it('refuses a plan for another film', async () => {
    const [input, other] = ['this.mp4', 'that.mp4'].map((name) => path.join(folder, name));
    await ffmpeg(...panOver(1, { seconds: 0.5 }), '-c:v', 'libx264', input);
    await ffmpeg(...panOver(1, { seconds: 0.8 }), '-c:v', 'libx264', other);
    const plan = await analyse(input, { detectors });
    const output = path.join(folder, 'never.mp4');
    await expect(render(other, plan, output)).rejects.toMatchObject({ code: 'corrupt' });
    await expect(stat(output)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe.skipIf(!hasShared)(`real films${sharedNote}`, () => {
  const films = path.join(SHARED, 'data', 'video');
  const names = hasShared ? filesBelow(films).filter((name) => name.endsWith('.mp4')) : [];

  it.each(names)('%s', { timeout: 300_000 }, async (name) => {
    const output = path.join(folder, `real-${name}`);
    const { plan } = await protect(path.join(films, name), output, { detectors });
    expect(plan.tracks.length).toBeGreaterThan(0);
    await expectClean(output, path.join(films, name));
  });
});
