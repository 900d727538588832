import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GivenLimits, inspect, LIMITS, protect, strip } from '../../src/index.ts';
import type { Session } from '../../src/review/api.ts';
import { Client } from '../review/client.ts';
import { sayeh } from '../support/cli.ts';
import { ffmpeg } from '../support/clips.ts';
import { film, gradient, picture } from '../support/photos.ts';
import { endReviewProcess, startReviewProcess } from '../support/review-process.ts';

const PATIENCE = 600_000;

let folder: string;
const at = (...names: string[]) => path.join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sayeh-limits-'));
  // 0.0096 megapixels each.
  await picture(gradient(120, 80)).jpeg().toFile(at('photo.jpg'));
  await film([0, 1, 2].map((seed) => gradient(120, 80, seed)))
    .gif()
    .toFile(at('animation.gif'));
  const source = [
    '-f',
    'lavfi',
    '-i',
    'testsrc=size=120x80:rate=5:duration=2',
    '-f',
    'lavfi',
    '-i',
    'sine=duration=2',
  ];
  await ffmpeg(...source, '-c:v', 'libx264', '-c:a', 'aac', at('film.mp4'));
  for (const name of ['film.mkv', 'film.avi', 'film.ts'])
    await ffmpeg(
      '-i',
      at('film.mp4'),
      '-c:v',
      name === 'film.avi' ? 'mjpeg' : 'copy',
      '-c:a',
      'copy',
      at(name),
    );
}, PATIENCE);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('--limit', () => {
  test(
    'is in the help of every command that reads files, with names and defaults',
    async () => {
      for (const command of ['protect', 'plan', 'render', 'review', 'strip', 'verify', 'inspect']) {
        const words = (await sayeh(command, '--help')).stdout.replace(/\s+/g, ' ');
        for (const [name, { usual, what }] of Object.entries(LIMITS))
          expect(words, command).toContain(`${name}=${Math.round(usual * 10) / 10} (${what})`);
      }
    },
    PATIENCE,
  );

  test.each([
    ['pictures=3', 'There is no limit "pictures"; there are file, picture,'],
    ['picture=0', 'picture must be a number above 0, at most 1000'],
    ['frame=251', 'frame must be a number above 0, at most 250'],
    ['frames=1.5', 'frames must be a whole number above 0, at most 100000'],
    ['toString=1', 'There is no limit "toString"'],
    ['hours=-1', 'a name and a number: picture=400'],
    ['hours', 'a name and a number: picture=400'],
    ['hours=many', 'a name and a number: picture=400'],
  ])(
    '%s makes no sense',
    async (text, why) => {
      const { code, stderr } = await sayeh('inspect', at('photo.jpg'), '--limit', text);
      expect(code).toBe(1);
      expect(stderr).toContain(`'${text}' is invalid`);
      expect(stderr).toContain(why);
    },
    PATIENCE,
  );
});

/** What a command says of a file just over a limit, and of the same file at it. */
const OVER: readonly [args: string[], over: string, within: string, found: RegExp][] = [
  [['plan', 'photo.jpg'], 'picture=0.0095', 'picture=0.0096', /120x80 pixels .* limit is 0\.0095 megapixels/],
  [['plan', 'photo.jpg'], 'file=0.0000001', 'file=0.0001', /has \d+ bytes, the limit is 1e-7 GiB/],
  [
    ['protect', 'animation.gif'],
    'frames=2',
    'frames=3',
    /has 3 frames, the limit is 2 frames: --limit frames=3 if/,
  ],
  [
    ['protect', 'animation.gif'],
    'animation=0.0287',
    'animation=0.0288',
    /3 frames of 120x80 .* 0\.0287 megapixels/,
  ],
  [
    ['verify', 'photo.jpg'],
    'picture=0.0095',
    'picture=0.0096',
    /120x80 pixels .* limit is 0\.0095 megapixels/,
  ],
  [
    ['protect', 'film.mp4'],
    'frame=0.0095',
    'frame=0.0096',
    /frames of 120x80 pixels, the limit is 0\.0095 mega/,
  ],
  [
    ['plan', 'film.mkv'],
    'hours=0.0004',
    'hours=0.001',
    /at least 0\.00 hours long, the limit is 0\.0004 hours/,
  ],
  [
    ['verify', 'film.ts'],
    'hours=0.0004',
    'hours=0.001',
    /the limit is 0\.0004 hours: --limit hours=0\.1 if you trust/,
  ],
  ...['film.mp4', 'film.mkv', 'film.avi', 'film.ts'].flatMap((name): (typeof OVER)[number][] => [
    [['strip', name], 'streams=1', 'streams=2', /the film has 2 (?:tracks|streams), .* --limit streams=2 if/],
    [
      ['plan', name],
      'streams=1',
      'streams=2',
      /too many streams.*the limit is 1 streams: --limit streams=2 if/,
    ],
  ]),
];

describe('a file just over a limit is refused by name, number and option, and at it taken', () => {
  test.each(OVER)(
    '%j, %s',
    async ([command, name], over, within, found) => {
      const out = await mkdtemp(at('out-'));
      const output =
        command === 'verify' ? [] : ['-o', path.join(out, command === 'plan' ? 'plan.json' : '')];
      const args = [command, at(name), ...output];
      const refused = await sayeh(...args, '--limit', over);
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(name) });
      expect(refused.stderr).toMatch(found);
      expect(refused.stderr).toMatch(
        new RegExp(`--limit ${over.split('=')[0]}=[\\d.]+ if you trust this file`),
      );
      expect(await readdir(out)).toEqual([]);
      const taken = await sayeh(...args, '--limit', over, '--limit', within);
      expect(taken.stderr).not.toContain('error');
      expect(command === 'verify' ? taken.stdout : await readdir(out)).not.toHaveLength(0);
    },
    PATIENCE,
  );

  test(
    'render, and verify against an original',
    async () => {
      const plan = at('film.plan.json');
      expect((await sayeh('plan', at('film.mp4'), '-o', plan)).code).toBe(0);
      const rendering = ['render', at('film.mp4'), '--plan', plan, '-o', at('rendered.mp4')];
      expect((await sayeh(...rendering, '--limit', 'frame=0.0095')).stderr).toContain('--limit frame=');
      expect((await sayeh(...rendering, '--limit', 'frame=0.0096')).code).toBe(0);
      const against = ['verify', at('rendered.mp4'), '--metadata-only', '--against', at('film.mp4')];
      expect((await sayeh(...against, '--limit', 'frame=0.0095')).stderr).toContain('--limit frame=');
      expect((await sayeh(...against, '--limit', 'frame=0.0096')).stdout).toContain('clean rendered.mp4');
    },
    PATIENCE,
  );

  test(
    'review, for the analysis and for the pictures',
    async () => {
      const items = async (...args: string[]) => {
        const review = await startReviewProcess(
          at('photo.jpg'),
          at('film.mp4'),
          '-o',
          at('reviewed/'),
          ...args,
        );
        try {
          const client = new Client(review.address);
          for (;;) {
            const { items } = await client.get<Session>('/api/session');
            if (items.every(({ status }) => status === 'ready' || status === 'failed')) {
              const shown = items.map((_, i) => client.ask('GET', `/api/items/${i}/frames/0`));
              return { items, shown: (await Promise.all(shown)).map(({ status }) => status) };
            }
            await wait(100);
          }
        } finally {
          await endReviewProcess(review);
        }
      };
      const refused = await items('--limit', 'picture=0.0095', '--limit', 'frame=0.0095');
      expect(refused.items).toMatchObject([
        { status: 'failed', error: expect.stringContaining('--limit picture=0.1') },
        { status: 'failed', error: expect.stringContaining('--limit frame=0.1') },
      ]);
      const taken = await items('--limit', 'picture=0.0096', '--limit', 'frame=0.0096');
      expect(taken.items).toMatchObject([{ status: 'ready' }, { status: 'ready' }]);
      expect(taken.shown).toEqual([200, 200]);
    },
    PATIENCE,
  );

  test(
    'inspect shows the rest, and says what it could not look at',
    async () => {
      const { code, stdout } = await sayeh('inspect', at('film.mp4'), '--limit', 'frame=0.0095');
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /not looked at: streams \(film\.mp4 has frames of 120x80 .*--limit frame=0\.1 if/,
      );
      expect(stdout).not.toContain('streams: video');
    },
    PATIENCE,
  );
});

test(
  'a photo of 210 megapixels is for who asks for it',
  async () => {
    const large = at('large.png');
    const stripes = (width: number, height: number, ...grays: number[]) =>
      sharp(Uint8Array.from(grays.flatMap((gray) => [gray, gray, gray])), {
        raw: { width: grays.length, height: 1, channels: 3 },
      }).resize(width, height, { fit: 'fill', kernel: 'nearest' });
    const coded = await stripes(14_500, 14_500, 40, 200).png({ compressionLevel: 1 }).toBuffer();
    const inside = await stripes(160, 160, 40, 200, 40).jpeg().toBuffer();
    await writeFile(large, Buffer.concat([coded, inside]));
    const other = 'shows something else than the photo';
    const more = ['--limit', 'picture=211'];

    const refused = await sayeh('inspect', large);
    expect(refused.stdout).toMatch(
      /not looked at: .*14500x14500 pixels, the limit is 200 meg.*picture=210\.3 if you/,
    );
    expect(refused.stdout).not.toContain(other);
    const shown = await sayeh('inspect', large, ...more);
    expect(shown.stdout).toContain(other);
    expect(shown.stdout).not.toContain('not looked at: whether');

    // Nothing is decoded for it, so no limit is met; what it wrote is compared picture by picture.
    const { code, stderr } = await sayeh('strip', large, '-o', at('stripped.png'));
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const against = ['verify', at('stripped.png'), '--metadata-only', '--against', large];
    expect(await sayeh(...against)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /14500x14500 pixels \(210 megapixels\), the limit is 200 meg.*picture=210\.3 if you/,
      ),
    });
    const compared = await sayeh(...against, ...more);
    expect(compared).toMatchObject({ code: 0, stdout: expect.stringContaining('clean stripped.png') });
  },
  PATIENCE,
);

test(
  'the library takes the same limits, and refuses what makes no sense',
  async () => {
    const photo = at('photo.jpg');
    await expect(protect(photo, at('x.jpg'), { limits: { picture: 0.0095 } })).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('--limit picture=0.1'),
    });
    await expect(strip(at('film.mp4'), at('x.mp4'), { limits: { streams: 1 } })).rejects.toMatchObject({
      code: 'too-large',
    });
    expect((await inspect(at('film.mp4'), { limits: { frame: 0.0095 } })).streams).toEqual([]);
    for (const limits of [{ picture: 0 }, { streams: Number.NaN }, { pictures: 1 } as GivenLimits])
      await expect(strip(photo, at('x.jpg'), { limits })).rejects.toMatchObject({ code: 'usage' });
    expect(await readdir(folder)).not.toContain('x.jpg');
  },
  PATIENCE,
);
