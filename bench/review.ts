import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Plan, PlanTrack } from '../src/core/plan/plan.ts';
import type { Bench } from './bench.ts';
import { LOOP_SECONDS, loopFilm, makeFilm } from './make-film.ts';
import { LAUNCHER } from './places.ts';
import { fixed, type Table } from './table.ts';

const RATE = 30;
const MINUTES = 30;
/** Faces in every frame, and how long each is followed, as in a crowd that walks by. */
const FACES = 20;
const TRACK_FRAMES = 90;
/** Frames that are played, and that are jumped to. */
const PLAYED = 600;
const JUMPS = 120;
/** A page asks for so many frames at once while it plays. */
const AT_ONCE = 4;

/** How fast the review server opens a long film, plays it, steps back and jumps about in it, and in what memory. */
export const review: Bench = async ({ size, quick, work }) => {
  const minutes = quick ? 1 : MINUTES;
  const [once, film, planFile] = ['once.mp4', 'film.mp4', 'plan.json'].map((name) => path.join(work, name));
  await makeFilm(once, size);
  await loopFilm(once, (minutes * 60) / LOOP_SECONDS, film);
  const frames = minutes * 60 * RATE;
  await writeFile(planFile, JSON.stringify(crowdPlan(frames, size)));

  const rows: { what: string; seconds: number; frames?: number; cpu?: number }[] = [];
  const began = performance.now();
  const server = spawn(process.execPath, [
    LAUNCHER,
    'review',
    film,
    '--plan',
    planFile,
    '--json',
    '-o',
    `${work}/`,
  ]);
  server.stderr.pipe(process.stderr);
  try {
    const page = new Page(await addressOf(server));
    let spent = 0;
    const step = async (what: string, from: number) => {
      const cpu = await cpuSeconds(server.pid);
      rows.push({ what, seconds: (performance.now() - from) / 1000, cpu: cpu - spent });
      spent = cpu;
    };
    await step('from the command to the address', began);
    let start = performance.now();
    const { length } = await page.get('/api/items/0/plan');
    await step(`plan and times of ${frames} frames (${fixed(length / 2 ** 20)} MiB)`, start);
    start = performance.now();
    await page.frame(0);
    await step('first frame', start);

    const measure = async (what: string, count: number, atOnce: number, frameOf: (i: number) => string) => {
      const [from, cpu] = [performance.now(), await cpuSeconds(server.pid)];
      let next = 0;
      const ask = async () => {
        while (next < count) await page.frame(frameOf(next++));
      };
      await Promise.all(Array.from({ length: atOnce }, ask));
      rows.push({
        what,
        frames: count,
        seconds: (performance.now() - from) / 1000,
        cpu: (await cpuSeconds(server.pid)) - cpu,
      });
    };
    const middle = Math.floor(frames / 2);
    const jump = (i: number) => (i * 7919 * 31 + 17) % frames;
    await measure('playing', PLAYED, AT_ONCE, (i) => `${60 + i}`);
    await measure('playing, covered', PLAYED, AT_ONCE, (i) => `${(middle + i) % frames}?view=protected`);
    await measure(
      'playing, covered, 640 wide',
      PLAYED,
      AT_ONCE,
      (i) => `${200 + i}?view=protected&width=640`,
    );
    await measure('stepping back', PLAYED / 2, 1, (i) => `${middle - 1 - i}`);
    await measure('jumping anywhere', JUMPS, 1, (i) => `${jump(i)}`);
    await measure(
      'dragging: every tenth frame, 640 wide',
      JUMPS,
      2,
      (i) => `${(middle + 10 * i) % frames}?width=640`,
    );
    const memory = await peakMiB(server.pid);
    await page.post('/api/close');
    const bytes = (await stat(film)).size;
    return {
      tables: [
        opening(
          rows,
          `${size.width}x${size.height}, ${minutes} min, ${fixed(bytes / 2 ** 20, 0)} MiB`,
          memory,
        ),
        pace(rows),
      ],
      data: { size, minutes, frames, bytes, rows, peakMiB: memory },
    };
  } finally {
    server.kill();
  }
};

function opening(
  rows: readonly { what: string; seconds: number; frames?: number; cpu?: number }[],
  film: string,
  memory: number | undefined,
): Table {
  return {
    caption: `Opening a film of ${film}, with a finished plan of ${FACES} faces in every frame, over HTTP as the page does.`,
    rows: [
      ['step', 'seconds', 'of processor'],
      ...rows
        .filter((row) => row.frames === undefined)
        .map(({ what, seconds, cpu = 0 }) => [what, fixed(seconds, 2), fixed(cpu, 2)]),
      ['most memory held until the end, MiB', memory === undefined ? 'not known' : fixed(memory, 0)],
    ],
  };
}

function pace(rows: readonly { what: string; seconds: number; frames?: number; cpu?: number }[]): Table {
  return {
    caption:
      'The same film: frames a second by the clock, and milliseconds of processor time a frame, all threads of the server.',
    rows: [
      ['what', 'frames', 'frames a second', 'ms of processor a frame'],
      ...rows
        .filter((row) => row.frames !== undefined)
        .map(({ what, frames = 0, seconds, cpu = 0 }) => [
          what,
          String(frames),
          fixed(frames / seconds),
          fixed((1000 * cpu) / frames),
        ]),
    ],
  };
}

/** The plan of a crowd that walks through the picture. */
function crowdPlan(frames: number, { width, height }: { width: number; height: number }): Plan {
  const tracks: PlanTrack[] = [];
  for (let from = 0; from < frames; from += TRACK_FRAMES) {
    const length = Math.min(TRACK_FRAMES, frames - from);
    for (let face = 0; face < FACES; face++) {
      const [x, y] = [((face * 197) % (width - 300)) + 0.5, ((face * 89) % (height - 100)) + 0.5];
      tracks.push({
        id: tracks.length + 1,
        from,
        boxes: Array.from({ length }, (_, i) => [x + 2 * i, y + 0.3 * i, 32.4, 40.1]),
        decision: 'cover',
        standing: 'sure',
        score: 0.9,
      });
    }
  }
  return {
    sayeh: 'plan',
    version: 1,
    film: { kind: 'video', width, height, frames, frameRate: RATE },
    analysis: { detector: 'centerface', sensitivity: 'normal' },
    cuts: [0],
    tracks,
    risks: [],
  };
}

async function addressOf(server: ChildProcess): Promise<string> {
  if (!server.stdout) throw new Error('the server has no output');
  for await (const line of createInterface({ input: server.stdout })) return JSON.parse(line).address;
  throw new Error('the review server did not start; is the page built?');
}

/** Asks as the page does, over connections that stay open. */
class Page {
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 6 });
  readonly #url: URL;

  constructor(address: string) {
    this.#url = new URL(address);
  }

  get(where: string): Promise<Buffer> {
    return this.#ask('GET', where);
  }

  post(where: string): Promise<Buffer> {
    return this.#ask('POST', where);
  }

  async frame(frame: string | number): Promise<void> {
    await this.get(`/api/items/0/frames/${frame}`);
  }

  #ask(method: string, where: string): Promise<Buffer> {
    const { host, hostname, port, hash } = this.#url;
    const headers = { Host: host, 'X-Sayeh-Token': hash.slice(1) };
    return new Promise((resolve, reject) => {
      const request = http.request(
        { agent: this.#agent, hostname, port, method, path: where, headers },
        (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece) => pieces.push(piece));
          response.on('end', () =>
            response.statusCode === 200
              ? resolve(Buffer.concat(pieces))
              : reject(new Error(`${where} was answered ${response.statusCode}`)),
          );
        },
      );
      request.on('error', reject);
      request.end();
    });
  }
}

/** Processor time of a process so far, of all its threads; Linux only. */
async function cpuSeconds(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

async function peakMiB(pid: number | undefined): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(text) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}
