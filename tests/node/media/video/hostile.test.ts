import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GivenLimits, USUAL_LIMITS } from '../../../../src/core/limits.ts';
import type { VideoFormat } from '../../../../src/core/media-type.ts';
import { identify } from '../../../../src/node/files/input-file.ts';
import { openDemuxer } from '../../../../src/node/media/video/picture-stream.ts';
import { SoundTrack } from '../../../../src/node/media/video/sound-track.ts';
import { VideoReader } from '../../../../src/node/media/video/video-reader.ts';
import { box, findBox, replaceBox } from '../../../support/boxes.ts';
import { ffmpeg } from '../../../support/clips.ts';

const DREF = 'moov trak mdia minf dinf dref';
const FRAMES = 5;

let folder: string;
let address: string;
let arrived = 0;
const witness = createServer((socket) => {
  arrived++;
  socket.destroy();
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-hostile-'));
  await new Promise<void>((resolve) => witness.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(witness.address() as { port: number }).port}/film.mp4`;
  // The index comes behind the media, so that it can grow.
  for (const name of ['secret.mov', 'plain.mp4']) {
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      `testsrc=size=128x96:rate=${FRAMES}:duration=1`,
      '-c:v',
      'mpeg4',
      at(name),
    );
  }
}, 600_000);
afterAll(async () => {
  witness.close();
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string) => path.join(folder, name);
const put = async (name: string, content: string | Buffer) => {
  await writeFile(at(name), content);
  return at(name);
};

async function countFrames(
  file: string,
  format: VideoFormat = 'mp4',
  limits: GivenLimits = {},
): Promise<number> {
  const reader = await VideoReader.open(file, format, limits);
  let count = 0;
  try {
    for await (const _ of reader.frames()) count++;
  } finally {
    await reader.close();
  }
  return count;
}

/** A data reference whose samples lie elsewhere: no flag says that they are in the file itself. */
const dref = (entry: Buffer) => box('dref', [0, 0, 0, 0, 0, 0, 0, 1], entry);

/** A Macintosh alias to a file in the same folder, as FFmpeg's mov.c reads it where it is told to. */
function alias(name: string): Buffer {
  const head = Buffer.alloc(150);
  head.writeUInt16BE(1, 10 + 28 + 12 + 64 + 16); // levels up from the alias
  head.writeUInt16BE(1, 10 + 28 + 12 + 64 + 18); // and down to the target
  const target = Buffer.from(`/${name}`);
  const absolute = Buffer.alloc(4 + target.length + (target.length % 2));
  absolute.writeUInt16BE(2, 0);
  absolute.writeUInt16BE(target.length, 2);
  target.copy(absolute, 4);
  return box('alis', [0, 0, 0, 0], head, absolute, [0xff, 0xff, 0, 0], Buffer.alloc(32));
}

describe('films that name other files or machines', () => {
  it('playlists and lists of parts are no films, whatever they are called', async () => {
    const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${address}\n#EXTINF:1,\n${at('plain.mp4')}\n`;
    const lists = {
      'playlist.mp4': `${playlist}#EXT-X-ENDLIST\n`,
      'concat.mp4': `ffconcat version 1.0\nfile '${at('plain.mp4')}'\nfile '${address}'\n`,
      'session.mp4': `v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n`,
      'manifest.mp4': `<?xml version="1.0"?><MPD><BaseURL>${address}</BaseURL></MPD>\n`,
    };
    for (const [name, content] of Object.entries(lists)) {
      const file = await put(name, content.padEnd(4096, '\n'));
      await expect(identify(file), name).rejects.toMatchObject({ code: 'unrecognised' });
      // Even taken for a film, they are read as that film and as nothing else.
      for (const format of ['mp4', 'mov', 'matroska', 'avi', 'mpegts'] as const) {
        await expect(countFrames(file, format), `${name} as ${format}`).rejects.toMatchObject({
          name: 'SayehError',
        });
      }
    }
    // One that begins as a film does is taken for one, and nothing in it is followed.
    const mixed = await put(
      'mixed.mp4',
      Buffer.concat([box('ftyp', Buffer.from('mp42\0\0\0\0mp42')), Buffer.from(playlist)]),
    );
    expect(await identify(mixed)).toEqual({ kind: 'video', format: 'mp4' });
    await expect(countFrames(mixed)).rejects.toMatchObject({ code: 'corrupt' });
    expect(arrived).toBe(0);
  });

  it('a MOV whose samples are in another film shows nothing of that film', async () => {
    const whole = await readFile(at('secret.mov'));
    const hollow = Buffer.from(whole);
    const media = findBox(hollow, 'mdat');
    hollow.fill(0, media.start + 8, media.end);
    const file = await put('hollow.mov', replaceBox(hollow, DREF, dref(alias('secret.mov'))));

    // So the reference is a real one: a program that follows it sees the other film.
    const followed = at('followed.avi');
    await ffmpeg('-enable_drefs', '1', '-i', file, '-c', 'copy', followed);
    expect(await countFrames(followed, 'avi')).toBe(FRAMES);

    await expect(countFrames(file, 'mov')).rejects.toMatchObject({ code: 'corrupt' });
  });

  it.each(['file:///etc/passwd', 'http'])(
    'an MP4 that refers to %s is read from itself alone',
    async (where) => {
      const target = where === 'http' ? address : where;
      for (const type of ['url ', 'urn ']) {
        const entry = box(type, [0, 0, 0, 0], Buffer.from(`${target}\0`));
        const file = await put('refers.mp4', replaceBox(await readFile(at('plain.mp4')), DREF, dref(entry)));
        expect(await countFrames(file)).toBe(FRAMES);
      }
      expect(arrived).toBe(0);
    },
  );
});

it('a coded picture over the limit is refused, whatever its container says and the pictures before it were', async () => {
  const [small, large, both, film] = ['small.h264', 'large.h264', 'both.h264', 'both.mp4'].map(at);
  for (const [file, size] of [
    [small, '128x96'],
    [large, '256x192'],
  ]) {
    const source = `testsrc=size=${size}:rate=${FRAMES}:duration=1`;
    await ffmpeg('-f', 'lavfi', '-i', source, '-c:v', 'libx264', '-g', '1', file);
  }
  await writeFile(both, Buffer.concat([await readFile(small), await readFile(large)]));
  await ffmpeg('-framerate', String(FRAMES), '-i', both, '-c', 'copy', film);
  const read = (pixels: number) => countFrames(film, 'mp4', { frame: pixels / 1e6 });
  expect(await read(256 * 192)).toBe(2 * FRAMES);
  await expect(read(128 * 96)).rejects.toMatchObject({ code: 'corrupt' });
  await expect(read(128 * 96 - 1)).rejects.toMatchObject({
    code: 'too-large',
    message: expect.stringContaining('128x96'),
  });
});

it('frames that are days apart make a film over the limit', async () => {
  const film = at('slow.mkv');
  const source = 'testsrc=size=64x48:rate=1:duration=3';
  // The last frame is shown 54 hours after the first.
  await ffmpeg(
    '-f',
    'lavfi',
    '-i',
    source,
    '-vf',
    'setpts=N*97200/TB',
    '-vsync',
    'vfr',
    '-c:v',
    'mjpeg',
    film,
  );
  await expect(countFrames(film, 'matroska')).rejects.toMatchObject({
    code: 'too-large',
    message: expect.stringMatching(/hours long, the limit is 24 hours: --limit hours=[\d.]+ if/),
  });
  const reader = await VideoReader.open(film, 'matroska', { hours: 55 });
  const times: number[] = [];
  for await (const { time } of reader.frames()) times.push(Number(time));
  await reader.close();
  expect(times).toHaveLength(3);
});

it('sound of which nothing can be decoded is refused, not written as none', async () => {
  const film = at('noise.mp4');
  const picture = ['-f', 'lavfi', '-i', 'testsrc=size=64x48:rate=5:duration=1'];
  await ffmpeg(...picture, '-f', 'lavfi', '-i', 'sine=duration=1', '-c:v', 'mpeg4', '-c:a', 'aac', film);
  const whole = await readFile(film);
  const listen = async () => {
    const sound = await SoundTrack.open(film, 'mp4', 1, 0);
    const muxer = { interleavedWriteFrame: async () => 0 } as never;
    try {
      await sound.writeUpTo(muxer, 0.5);
    } finally {
      await sound.close();
    }
  };
  const media = findBox(whole, 'mdat');
  whole.fill(0xff, media.start + 8, media.end);
  await writeFile(film, whole);
  await expect(listen()).rejects.toMatchObject({
    code: 'corrupt',
    message: expect.stringContaining('sound'),
  });
});

it('reading a header opens no decoder that is not on the list', async () => {
  const [file, sound] = [at('odd.mkv'), at('sound.mkv')];
  const picture = ['-f', 'lavfi', '-i', 'testsrc=size=128x96:rate=5:duration=1'];
  const tone = ['-f', 'lavfi', '-i', 'sine=duration=1'];
  await ffmpeg(...picture, ...picture, '-map', '0', '-map', '1', '-c:v:0', 'mpeg4', '-c:v:1', 'ffv1', file);
  const demuxer = await openDemuxer(file, 'matroska', USUAL_LIMITS);
  const formats = demuxer.streams.map(({ codecpar }) => codecpar.format);
  await demuxer.closeInput();
  // FFV1 tells its pixel format to its decoder only.
  expect(formats).toEqual([0, -1]);

  await ffmpeg(...picture, ...tone, '-c:v', 'mpeg4', '-c:a', 'wmav2', sound);
  const refused = SoundTrack.open(sound, 'matroska', 1, 0);
  await expect(refused).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('wmav2'),
  });
  expect(await countFrames(sound, 'matroska')).toBe(5);
});
