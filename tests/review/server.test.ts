import { setMaxListeners } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { boxOf } from '../../src/core/plan/box-tuple.ts';
import { coverRegion } from '../../src/core/plan/cover-region.ts';
import { type Plan, type PlanTrack, parsePlan } from '../../src/core/plan/plan.ts';
import { covers, rasterise } from '../../src/core/redact/mask.ts';
import { decodeTimes } from '../../src/core/review/frame-times.ts';
import { identify } from '../../src/node/files/input-file.ts';
import type {
  Changed,
  CodedTimes,
  Followed,
  PlanAnswer,
  RenderAnswer,
  Session,
} from '../../src/review/api.ts';
import type { PageFile } from '../../src/review/page-files.ts';
import { type ReviewServer, type ServerOptions, startReview } from '../../src/review/server.ts';
import { ffmpeg, ffprobe, panOver, samplePhoto } from '../support/clips.ts';
import { NUMBERED, numberedFilm, readNumber } from '../support/numbered-film.ts';
import { Client } from './client.ts';

const PAGE = new Map<string, PageFile>([
  [
    '/',
    {
      type: 'text/html; charset=utf-8',
      bytes: Uint8Array.from(Buffer.from('<!doctype html><title>page</title>')),
    },
  ],
  ['/assets/page.js', { type: 'text/javascript; charset=utf-8', bytes: Uint8Array.from(Buffer.from('1;')) }],
]);
const OPTIONS: ServerOptions = {
  version: '0.0.0',
  settings: { style: 'solid', cover: 'head', audio: 'drop' },
  sensitivity: 'normal',
  detector: 'centerface',
  videoCodec: 'h264',
  threads: 0,
  overwrite: false,
  page: PAGE,
};
const NUMBERS = 90;

let folder: string;
let numbered: string;
let server: ReviewServer | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-review-'));
  numbered = path.join(folder, 'someone-somewhere.mp4');
  await numberedFilm(NUMBERS, '-c:v', 'libx264', '-x264-params', 'keyint=30:bframes=2', numbered);
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const face = (id: number, from: number, length: number): PlanTrack => ({
  id,
  from,
  boxes: Array.from({ length }, (): [number, number, number, number] => [80, 56, 24, 28]),
  decision: 'cover',
  standing: 'sure',
  score: 0.9,
});
const planOf = (...tracks: PlanTrack[]): Plan => ({
  sayeh: 'plan',
  version: 1,
  film: { kind: 'video', ...NUMBERED, frames: NUMBERS, frameRate: 25 },
  analysis: { detector: 'centerface', sensitivity: 'normal' },
  cuts: [0],
  tracks,
  risks: [{ from: 3, to: 9, at: 5, level: 0.5, reasons: ['dark'] }],
});

async function serve(
  files: readonly { file: string; plan?: Plan }[],
  options: Partial<ServerOptions> = {},
): Promise<Client> {
  const inputs = [];
  for (const [index, { file, plan }] of files.entries()) {
    const type = await identify(file);
    const stem = path.join(folder, `out-${index}`);
    const output = `${stem}${type.kind === 'video' ? '.mp4' : '.jpg'}`;
    inputs.push({ file, type, label: String(index + 1), output, planFile: `${stem}.plan.json`, plan });
  }
  server = await startReview(inputs, { ...OPTIONS, ...options });
  return new Client(server.address);
}
const serveNumbered = (options: Partial<ServerOptions> = {}) =>
  serve([{ file: numbered, plan: planOf(face(1, 0, NUMBERS)) }], options);

async function pixels(
  jpeg: Buffer,
): Promise<{ data: Buffer; width: number; height: number; channels: number }> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  return { data, ...info };
}
/** The number burnt into a frame as it was sent. */
async function numberIn(jpeg: Buffer): Promise<number> {
  const { data, width, channels } = await pixels(jpeg);
  const luma = new Uint8Array(data.length / channels).map((_, i) => data[i * channels]);
  return readNumber(luma, width, width as number);
}
const edit = (client: Client, revision: number, ...edits: unknown[]) =>
  client.ask('POST', '/api/items/0/edits', { revision, edits });

describe('nobody but the page gets anything', () => {
  const API = [
    '/api/session',
    '/api/items/0/plan',
    '/api/items/0/times',
    '/api/items/0/frames/0',
    '/api/items/0/report',
    '/api/events',
  ];

  it('without the token, with a wrong one, or with it in the wrong place', async () => {
    const client = await serveNumbered();
    expect(client.token.length).toBeGreaterThanOrEqual(32);
    const wrong = `${client.token.slice(0, -1)}${client.token.endsWith('A') ? 'B' : 'A'}`;
    for (const address of [...API, '/api', '/api/', '/api/nothing']) {
      for (const token of [undefined, '', 'x', wrong, `${client.token}x`, client.token.slice(0, -1)]) {
        const { status, bytes } = await client.ask('GET', address, undefined, { 'X-Sayeh-Token': token });
        expect(status, `${address} with ${token}`).toBe(401);
        expect(bytes.length).toBeLessThan(100);
      }
    }
    const elsewhere = [
      await client.ask('GET', `/api/session?token=${client.token}`, undefined, {
        'X-Sayeh-Token': undefined,
      }),
      await client.ask('GET', '/api/session', undefined, {
        'X-Sayeh-Token': undefined,
        Cookie: `X-Sayeh-Token=${client.token}`,
        Authorization: `Bearer ${client.token}`,
      }),
      await client.ask(
        'POST',
        '/api/items/0/edits',
        { revision: 0, edits: [] },
        { 'X-Sayeh-Token': undefined },
      ),
      await client.ask('POST', '/api/close', {}, { 'X-Sayeh-Token': undefined }),
    ];
    expect(elsewhere.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    const { items } = await client.get<Session>('/api/session');
    expect(items[0].frames).toBe(NUMBERS);
  });

  it('from another site, by another name, or through another method', async () => {
    const client = await serveNumbered();
    const ask = (headers: Record<string, string | undefined>, method = 'GET', address = '/api/session') =>
      client.ask(method, address, method === 'POST' ? {} : undefined, headers).then(({ status }) => status);
    for (const host of [
      'evil.example',
      `evil.example:${client.port}`,
      `localhost:${client.port}`,
      '127.0.0.1',
      `127.0.0.1:${client.port + 1}`,
      `[::1]:${client.port}`,
    ]) {
      expect(await ask({ Host: host }), host).toBe(403);
      expect(await ask({ Host: host, 'X-Sayeh-Token': undefined }, 'GET', '/'), host).toBe(403);
    }
    for (const origin of [
      'https://evil.example',
      'null',
      `http://localhost:${client.port}`,
      `https://${client.host}`,
      `http://${client.host}.evil.example`,
    ]) {
      expect(await ask({ Origin: origin }), origin).toBe(403);
      expect(await ask({ Origin: origin }, 'POST', '/api/alive'), origin).toBe(403);
    }
    for (const site of ['cross-site', 'same-site', 'none']) {
      expect(await ask({ 'Sec-Fetch-Site': site }), site).toBe(403);
    }
    expect(await ask({ 'Sec-Fetch-Site': 'cross-site' }, 'GET', '/')).toBe(403);
    expect(await ask({ 'Sec-Fetch-Site': 'none', 'X-Sayeh-Token': undefined }, 'GET', '/')).toBe(200);
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect(await ask({}, method), method).toBe(405);
    const preflight = await client.ask('OPTIONS', '/api/session', undefined, {
      Origin: 'https://evil.example',
      'Access-Control-Request-Headers': 'x-sayeh-token',
    });
    expect(preflight.status).toBe(403);
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    // What a form of another site can send.
    const form = await client.ask('POST', '/api/alive', 'revision=0', { 'Content-Type': 'text/plain' });
    expect(form.status).toBe(200); // asks for nothing
    const typed = await client.ask('POST', '/api/items/0/undo', '{"revision":0}', {
      'Content-Type': 'text/plain',
    });
    expect(typed.status).toBe(415);
  });

  it('only the listed files are served, with the headers that keep a page to itself', async () => {
    const client = await serveNumbered();
    const { status, headers, bytes } = await client.ask('GET', '/', undefined, {
      'X-Sayeh-Token': undefined,
    });
    expect([status, bytes.toString()]).toEqual([200, '<!doctype html><title>page</title>']);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    for (const answer of [headers, (await client.ask('GET', '/api/items/0/frames/3')).headers]) {
      expect(answer).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(answer).not.toHaveProperty('x-powered-by');
    }
    for (const address of [
      '/index.html',
      '/../package.json',
      '/assets/../../../package.json',
      '/assets/%2e%2e/%2e%2e/package.json',
      '/assets/..%2f..%2fpackage.json',
      '/assets/page.js%00.html',
      '/assets//page.js',
      '/etc/passwd',
      '/__proto__',
      '//evil.example/',
    ]) {
      expect((await client.ask('GET', address)).status, address).toBe(404);
    }
    for (const line of ['GET /../../../../etc/passwd HTTP/1.1', 'GET http://evil.example/ HTTP/1.1']) {
      const answer = await client.raw(`${line}\r\nHost: ${client.host}\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 (400|403|404)/);
      expect(answer).not.toContain('root:');
    }
    const session = await client.ask('GET', '/api/session');
    expect(session.bytes.toString()).not.toContain('someone');
    expect(session.bytes.toString()).not.toContain(folder);
  });

  it('listens on loopback alone', async () => {
    const client = await serveNumbered();
    const others = Object.values(os.networkInterfaces())
      .flat()
      .filter((one) => one && !one.internal && one.family === 'IPv4')
      .map((one) => one?.address as string);
    for (const address of others) {
      const reached = await new Promise((resolve) => {
        const socket = net.connect(client.port, address, () => resolve(true));
        socket.on('error', () => resolve(false));
      });
      expect(reached, 'reached from outside').toBe(false);
    }
  });
});

describe('what is too much is turned away, and the server lives on', () => {
  const alive = async (client: Client) =>
    expect((await client.ask('POST', '/api/alive', {})).status).toBe(200);

  it('bodies too large, headers too long, broken and odd requests', async () => {
    const client = await serveNumbered();
    const large = await client
      .ask('POST', '/api/items/0/edits', 'x'.repeat(2 ** 20 + 1))
      .then(({ status }) => status)
      .catch(() => 413); // the server may close before all was sent
    expect(large).toBe(413);
    const chunked = await client.raw(
      `POST /api/items/0/edits HTTP/1.1\r\nHost: ${client.host}\r\nX-Sayeh-Token: ${client.token}\r\n` +
        `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${`10000\r\n${'['.repeat(65536)}\r\n`.repeat(20)}0\r\n\r\n`,
    );
    expect(chunked).toMatch(/^(HTTP\/1\.1 413|$)/);
    await alive(client);
    const bad: [string, unknown, number][] = [
      ['edits', '{', 422],
      ['edits', '[]', 400],
      ['edits', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
      ['edits', { revision: 0, edits: [] }, 400],
      ['edits', { revision: -1, edits: [{ do: 'decide-all', decision: 'cover' }] }, 400],
      ['edits', { revision: 0, edits: [{ do: 'decide', track: 99, decision: 'keep' }] }, 422],
      ['edits', { revision: 7, edits: [{ do: 'decide-all', decision: 'cover' }] }, 409],
      ['undo', { revision: 0 }, 422],
      ['redo', { revision: 0, more: 1 }, 400],
      ['follow', { revision: 0, frame: 1e9, region: { ellipse: [0, 0, 9, 9] } }, 422],
      ['render', { settings: { style: 'none', cover: 'head', audio: 'drop' } }, 400],
      ['nothing', {}, 404],
    ];
    for (const [address, body, status] of bad) {
      const answer = await client.ask('POST', `/api/items/0/${address}`, body);
      expect(answer.status, `${address} ${JSON.stringify(body).slice(0, 60)}`).toBe(status);
      expect(answer.bytes.toString()).not.toContain('    at ');
    }
    for (const address of [
      'items/1/plan',
      'items/-1/plan',
      'items/__proto__/plan',
      'items/0/frames/90',
      'items/0/frames/-1',
      'items/0/frames/1e1',
      'items/0/frames/x',
      'items/0/report?language=en',
    ]) {
      expect((await client.ask('GET', `/api/${address}`)).status, address).toBe(404);
    }
    for (const query of [
      'width=0',
      'width=-5',
      'width=1e3',
      'view=all',
      'crop=0,0,0,5',
      'crop=0,0,9999,5',
      'more=1',
    ]) {
      expect((await client.ask('GET', `/api/items/0/frames/0?${query}`)).status, query).toBe(400);
    }
    const long = await client.raw(
      `GET / HTTP/1.1\r\nHost: ${client.host}\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`,
    );
    expect(long).toMatch(/^HTTP\/1\.1 431/);
    expect(await client.raw('\x16\x03\x01 nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    expect(await client.raw(`GET / HTTP/1.1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400/);
    await alive(client);
  });

  it('an upgrade to another protocol, and a tunnel', async () => {
    const client = await serveNumbered();
    const upgrade = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n`;
    const head = `Host: ${client.host}\r\nX-Sayeh-Token: ${client.token}\r\n`;
    expect(await client.raw(`GET /api/events HTTP/1.1\r\n${head}${upgrade}\r\n`, { keepOpen: true })).toBe(
      '',
    );
    expect(await client.raw(`CONNECT evil.example:443 HTTP/1.1\r\n${head}\r\n`, { keepOpen: true })).toBe('');
    await alive(client);
  });

  it('those who send a word now and then', async () => {
    const client = await serveNumbered();
    const head = `POST /api/items/0/edits HTTP/1.1\r\nHost: ${client.host}\r\nX-Sayeh-Token: ${client.token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n`;
    const began = performance.now();
    const answers = Promise.all([
      client.raw(head, { keepOpen: true }),
      client.raw('GET / HT', { keepOpen: true }),
    ]);
    await alive(client);
    for (const answer of await answers) expect(answer).toMatch(/^(HTTP\/1\.1 4|$)/);
    expect(performance.now() - began).toBeLessThan(60_000); // it ended at all
    await alive(client);
  });

  it('a thousand connections that say nothing, and the page still gets its frame', async () => {
    const client = await serveNumbered();
    const listening = client.listen();
    await listening.until(({ type }) => type === 'hello');
    const sockets: net.Socket[] = [];
    // A hundred at a time: where the system's queue is full, connections seem open of which the server never hears.
    while (sockets.length < 1000) {
      const more = Array.from({ length: 100 }, () => net.connect(client.port, '127.0.0.1'));
      sockets.push(...more);
      const settled = more.map((socket) => {
        socket.on('error', () => {});
        return new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
      });
      await Promise.all(settled);
    }
    const answer = await client.ask('GET', '/api/items/0/frames/42');
    expect(await numberIn(answer.bytes)).toBe(42);
    // The others were closed; that takes a moment to arrive.
    const open = () => sockets.filter((socket) => !socket.destroyed && socket.readyState === 'open').length;
    for (let i = 0; i < 300 && open() > 64; i++) await wait(100);
    expect(open()).toBeLessThanOrEqual(64);
    for (const socket of sockets) socket.destroy();
    listening.stop();
    await alive(client);
  });
});

describe('frames', () => {
  it('are those asked for, forwards, backwards, at random and many at once, at any width', async () => {
    const client = await serveNumbered();
    const order = [0, 1, 2, 3, 4, 5, 6, 7, 89, 88, 87, 86, 30, 60, 29, 31, 0, 45, 44, 43];
    for (const n of order) {
      const { bytes, headers } = await client.ask('GET', `/api/items/0/frames/${n}`);
      expect([await numberIn(bytes), headers['x-sayeh-frame']]).toEqual([n, String(n)]);
    }
    const together = Array.from({ length: 30 }, (_, i) => (i * 37) % NUMBERS);
    const answers = await Promise.all(
      together.map((n) => client.ask('GET', `/api/items/0/frames/${n}?width=96`)),
    );
    for (const [i, { bytes }] of answers.entries()) {
      const { width, height } = await pixels(bytes);
      expect([width, height, await numberIn(bytes)]).toEqual([96, 56, together[i]]);
    }
    const times = await client.get<CodedTimes>('/api/items/0/times');
    const seconds = decodeTimes(times);
    expect(seconds.length).toBe(NUMBERS);
    for (const [n, time] of seconds.entries()) expect(time).toBeCloseTo(n / 25, 6);
  });

  it('that nobody waits for any more do not hold up the others', async () => {
    const client = await serveNumbered();
    const gone = new AbortController();
    setMaxListeners(50, gone.signal);
    const dropped = Array.from({ length: 40 }, (_, n) =>
      client
        .ask('GET', `/api/items/0/frames/${(n * 53) % NUMBERS}`, undefined, {}, gone.signal)
        .catch(() => 'dropped'),
    );
    setImmediate(() => gone.abort());
    const { bytes } = await client.ask('GET', '/api/items/0/frames/77');
    expect(await numberIn(bytes)).toBe(77);
    await Promise.all(dropped);
    const again = await client.ask('GET', '/api/items/0/frames/53');
    expect(await numberIn(again.bytes)).toBe(53);
  });

  it('show the covers that rendering draws, at once after an edit', async () => {
    const client = await serveNumbered();
    const look = async (query: string) =>
      pixels((await client.ask('GET', `/api/items/0/frames/40?view=protected&style=solid&${query}`)).bytes);
    const original = await pixels((await client.ask('GET', '/api/items/0/frames/40')).bytes);
    const plan = planOf(face(1, 0, NUMBERS));
    const mask = rasterise([coverRegion(plan.tracks[0], 40, 'head')], NUMBERED.width, NUMBERED.height);
    const covered = await look('cover=head');
    let [inside, outside] = [0, 0];
    for (let y = 0; y < NUMBERED.height; y++) {
      for (let x = 0; x < NUMBERED.width; x++) {
        const [was, is] = [original, covered].map(
          ({ data, width, channels }) => data[(y * width + x) * channels],
        );
        if (covers(mask, x, y)) inside = Math.max(inside, Math.abs(is - 0x22));
        // JPEG smears a little into the blocks around.
        else if (
          !covers(mask, Math.max(0, x - 16), y) &&
          !covers(mask, Math.min(NUMBERED.width - 1, x + 16), y) &&
          !covers(mask, x, Math.max(0, y - 16)) &&
          !covers(mask, x, Math.min(NUMBERED.height - 1, y + 16))
        )
          outside = Math.max(outside, Math.abs(is - was));
      }
    }
    expect(inside).toBeLessThan(60);
    expect(outside).toBeLessThan(8);

    expect(
      (await edit(client, 0, { do: 'decide', track: 1, decision: 'keep', from: 40, to: 41 })).status,
    ).toBe(200);
    const kept = await look('cover=head');
    expect(kept.data.equals(original.data)).toBe(true);
    const part = await look('crop=64,32,64,48&width=64');
    expect([part.width, part.height]).toEqual([64, 48]);
  });

  it('of a photo, turned upright, with its covers', async () => {
    const photo = path.join(folder, 'photo.jpg');
    await sharp(samplePhoto(1))
      .resize(300, 200, { fit: 'fill' })
      .withMetadata({ orientation: 6 })
      .toFile(photo);
    const film = { kind: 'photo' as const, width: 200, height: 300, frames: 1, frameRate: 0 };
    const tracks = [{ ...face(1, 0, 1), boxes: [[60, 60, 60, 80]] as PlanTrack['boxes'] }];
    const client = await serve([{ file: photo, plan: { ...planOf(), film, tracks, cuts: [], risks: [] } }]);
    const { bytes } = await client.ask('GET', '/api/items/0/frames/0');
    const upright = await pixels(bytes);
    expect([upright.width, upright.height]).toEqual([200, 300]);
    const covered = await pixels(
      (await client.ask('GET', '/api/items/0/frames/0?view=protected&width=100')).bytes,
    );
    expect([covered.width, covered.height]).toEqual([100, 150]);
    const at = (50 * covered.width + 45) * 3;
    expect(Math.max(...covered.data.subarray(at, at + 3))).toBeLessThan(60);
    const times = await client.get<CodedTimes>('/api/items/0/times');
    expect([...decodeTimes(times)]).toEqual([0]);
  });
});

describe('a plan under review', () => {
  it('is edited, undone, redone and saved for its owner alone; a crash loses nothing', async () => {
    const client = await serveNumbered();
    const planFile = path.join(folder, 'out-0.plan.json');
    await rm(planFile, { force: true });
    const listening = client.listen();
    const first = await client.post<Changed>('/api/items/0/edits', {
      revision: 0,
      edits: [
        { do: 'draw', region: { ellipse: [10, 40, 40, 40] }, frame: 10, from: 5, to: 20 },
        { do: 'seen', risk: 0, seen: true },
      ],
    });
    expect(first).toMatchObject({ revision: 1, removed: [], canUndo: true, canRedo: false });
    expect(first.tracks).toMatchObject([{ id: 2, from: 5, standing: 'drawn', shape: { kind: 'ellipse' } }]);
    expect(first.risks?.[0].seen).toBe(true);
    const partly = await edit(client, 1, { do: 'remove', track: 2 }, { do: 'remove', track: 1 });
    expect(partly.status).toBe(422); // all or none
    const undone = await client.post<Changed>('/api/items/0/undo', { revision: 1 });
    expect(undone).toMatchObject({ revision: 2, tracks: [], removed: [2], canUndo: false, canRedo: true });
    const redone = await client.post<Changed>('/api/items/0/redo', { revision: 2 });
    expect(redone.tracks).toEqual(first.tracks);
    expect((await edit(client, 2, { do: 'decide-all', decision: 'cover' })).json()).toMatchObject({
      revision: 3,
    });
    await listening.until((event) => event.type === 'plan' && event.revision === 3);
    listening.stop();

    const { plan } = await client.get<PlanAnswer>('/api/items/0/plan');
    // As it lies on the disk while the server runs, which is what a crash would leave.
    const saved = parsePlan(JSON.parse(await readFile(planFile, 'utf8')));
    expect(saved).toEqual(plan);
    if (process.platform !== 'win32') expect((await stat(planFile)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
    await server?.close();
    const again = await serve([{ file: numbered, plan: saved }]);
    expect((await again.get<PlanAnswer>('/api/items/0/plan')).plan).toEqual(plan);
  });

  it('a region is followed through its shot and covered, in one step', async () => {
    // A camera that pans over a photo at 4 and 2 pixels a frame, and a cut to another one.
    const [one, two, film] = ['one.mp4', 'two.mp4', 'film.mp4'].map((name) => path.join(folder, name));
    const pan = (photo: string, count: number) => [
      ...['-loop', '1', '-framerate', '25', '-i', photo, '-frames:v', String(count)],
      ...[
        '-vf',
        'scale=1000:750:flags=area,crop=480:360:4*n:2*n:exact=1,setsar=1,format=yuv420p',
        '-c:v',
        'libx264',
        '-crf',
        '18',
      ],
    ];
    await ffmpeg(...pan(samplePhoto(1), 60), one);
    await ffmpeg(...pan(samplePhoto(4), 20), two);
    await ffmpeg(
      '-i',
      one,
      '-i',
      two,
      '-filter_complex',
      '[0][1]concat=n=2',
      '-c:v',
      'libx264',
      '-crf',
      '18',
      film,
    );
    const known = { kind: 'video' as const, width: 480, height: 360, frames: 80, frameRate: 25 };
    const client = await serve([
      { file: film, plan: { ...planOf(), film: known, cuts: [0, 60], risks: [] } },
    ]);
    const region = { ellipse: [220, 150, 60, 70] };
    const followed = await client.post<Followed>('/api/items/0/follow', { revision: 0, frame: 20, region });
    expect(followed).toMatchObject({ revision: 1, track: 1, before: 'end', canUndo: true });
    const [track] = followed.tracks;
    let worst = 0;
    for (let frame = followed.from; frame < followed.to; frame++) {
      const { x, y, width, height } = boxOf(track.boxes[frame - followed.from]);
      const moved = [x + width / 2 - (250 - 4 * (frame - 20)), y + height / 2 - (185 - 2 * (frame - 20))];
      worst = Math.max(worst, Math.hypot(...moved));
    }
    expect(worst).toBeLessThan(2);
    expect(followed.from).toBe(0);
    expect(followed.to).toBe(60);
    expect(followed.after).toBe('cut');
    const undone = await client.post<Changed>('/api/items/0/undo', { revision: 1 });
    expect(undone.removed).toEqual([1]);
  }, 300_000);

  it('a following that is given up changes nothing', async () => {
    const client = await serveNumbered();
    const stop = new AbortController();
    const asked = { revision: 0, frame: 45, region: { rectangle: [60, 50, 40, 40] } };
    const given = client.ask('POST', '/api/items/0/follow', asked, {}, stop.signal).catch(() => 'given up');
    setTimeout(() => stop.abort(), 30);
    expect(await given).toBe('given up');
    await wait(300);
    expect((await client.get<PlanAnswer>('/api/items/0/plan')).plan.tracks.length).toBe(1);
  });
});

describe('from analysis to the written file', () => {
  it('a film is analysed, edited and rendered; what was written holds the drawn cover and passes its check', async () => {
    const film = path.join(folder, 'pan.mp4');
    const output = path.join(folder, 'out-0.mp4');
    await rm(output, { force: true });
    await ffmpeg(
      ...panOver(1, { width: 320, height: 240, seconds: 1, rate: 12 }),
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      film,
    );
    const client = await serve([{ file: film }]);
    const listening = client.listen();
    await listening.until((event) => event.type === 'item' && event.item.status === 'ready');
    const { plan, revision } = await client.get<PlanAnswer>('/api/items/0/plan');
    expect(plan.tracks.length).toBeGreaterThan(0);
    const drawn = { do: 'draw', region: { rectangle: [4, 4, 60, 40] }, frame: 0 };
    await client.post('/api/items/0/edits', { revision, edits: [drawn] });
    const settings = { style: 'solid', cover: 'head', audio: 'drop' };
    const { job } = await client.post<RenderAnswer>('/api/items/0/render', { settings });
    expect((await client.ask('POST', '/api/items/0/render', { settings })).status).toBe(422);
    const event = await listening.until(({ type }) => type === 'rendered');
    expect(event).toMatchObject({ job, item: 0, result: { status: 'done', name: 'out-0.mp4', revision: 1 } });
    expect((await ffprobe(output)).streams.map((stream) => stream.codec_type)).toEqual(['video']);
    const still = path.join(folder, 'still.png');
    await ffmpeg('-i', output, '-frames:v', '1', still);
    const { data, info } = await sharp(still).raw().toBuffer({ resolveWithObject: true });
    for (const [x, y] of [
      [8, 8],
      [60, 40],
      [30, 20],
    ]) {
      expect(data[(y * info.width + x) * info.channels], `${x},${y}`).toBeLessThan(60);
    }
    const report = await client.ask('GET', '/api/items/0/report?language=fa');
    expect(report.status).toBe(200);
    expect(report.headers['content-type']).toMatch(/^text\/html/);
    expect(report.bytes.toString()).toContain('dir="rtl"');
    // What this session wrote it may write again.
    await client.post('/api/items/0/render', { settings: { ...settings, style: 'blur' } });
    await listening.until(({ type }) => type === 'rendered');
    listening.stop();
  }, 300_000);

  it('rendering is stopped and leaves nothing', async () => {
    const output = path.join(folder, 'out-0.mp4');
    await rm(output, { force: true });
    const client = await serveNumbered();
    const listening = client.listen();
    const settings = { style: 'blur', cover: 'head', audio: 'drop' };
    const { job } = await client.post<RenderAnswer>('/api/items/0/render', { settings });
    await client.post(`/api/jobs/${job}/stop`);
    const event = await listening.until(({ type }) => type === 'rendered');
    expect(event).toMatchObject({ result: { status: 'stopped' } });
    listening.stop();
    await expect(stat(output)).rejects.toThrow();
    expect((await client.ask('POST', `/api/jobs/${job}/stop`, {})).status).toBe(404);
  });

  it('a file that cannot be analysed says why and keeps no other back', async () => {
    const broken = path.join(folder, 'broken.mp4');
    const bytes = await readFile(numbered);
    await writeFile(broken, bytes.subarray(0, bytes.length / 2));
    const client = await serve([{ file: broken }, { file: numbered, plan: planOf() }]);
    const listening = client.listen();
    await listening.until(
      (event) => event.type === 'item' && event.item.index === 1 && event.item.status === 'ready',
    );
    listening.stop();
    const { items } = await client.get<Session>('/api/session');
    expect(items.map(({ status }) => status)).toEqual(['failed', 'ready']);
    expect(items[0].error).not.toContain('broken.mp4');
    expect(items[0].error).toMatch(/the file/);
  });
});

describe('the server ends', () => {
  it('when the page says so, or goes away, or nobody comes; and says goodbye', async () => {
    const patience = { first: 400, idle: 400, closing: 200, broken: 200 };
    const nobody = await serveNumbered({ patience });
    await server?.ended;
    await expect(nobody.ask('GET', '/')).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);

    const closing = await serveNumbered({ patience: { ...patience, first: 60_000, idle: 60_000 } });
    await closing.post('/api/close');
    await server?.ended;

    const listening = (
      await serveNumbered({ patience: { ...patience, first: 60_000, idle: 60_000 } })
    ).listen();
    await listening.until(({ type }) => type === 'hello');
    listening.stop();
    await server?.ended;

    const silent = await serveNumbered({ patience: { ...patience, first: 60_000 } });
    await silent.post('/api/alive');
    await server?.ended;
  });

  it('but not while a page listens, or comes back in time', async () => {
    const patience = { first: 30_000, idle: 3000, closing: 3000, broken: 3000 };
    const client = await serveNumbered({ patience });
    const listening = client.listen();
    await listening.until(({ type }) => type === 'hello');
    await wait(7000);
    await client.post('/api/close');
    const back = client.listen(); // the page was loaded anew
    listening.stop();
    await back.until(({ type }) => type === 'hello');
    await wait(7000);
    expect((await client.ask('POST', '/api/alive', {})).status).toBe(200);
    const bye = back.until(({ type }) => type === 'bye');
    await server?.close();
    expect(await bye).toEqual({ type: 'bye' });
    back.stop();
  });
});
