import { stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Bench } from './bench.ts';
import { LOOP_SECONDS, loopFilm, makeFilm } from './make-film.ts';
import { jumpAbout, openBrowser, pictureShown, play } from './review/browser.ts';
import { crowdPlan, FACES, RATE } from './review/crowd-plan.ts';
import { HttpPage } from './review/http-page.ts';
import { cpuSeconds, memoryMiB, renderersBelow } from './review/processes.ts';
import { type ServerProcess, startServer } from './review/server-process.ts';
import { fixed, type Table } from './table.ts';

const MINUTES = 30;
/** Frames that are played, and that are jumped to, over HTTP. */
const PLAYED = 600;
const JUMPS = 120;
/** Jumps in the browser, in rounds after which memory is looked at. */
const ROUNDS = 4;
const JUMPS_A_ROUND = 150;
const PLAY_SECONDS = 20;
/** A page asks for so many frames at once while it plays. */
const AT_ONCE = 4;

type Row = readonly string[];

/** How fast the review page opens a long film, plays it and jumps about in it, and in what memory. */
export const review: Bench = async ({ size, quick, work }) => {
  const minutes = quick ? 1 : MINUTES;
  const [once, film, planFile] = ['once.mp4', 'film.mp4', 'plan.json'].map((name) => path.join(work, name));
  await makeFilm(once, size);
  await loopFilm(once, (minutes * 60) / LOOP_SECONDS, film);
  const frames = minutes * 60 * RATE;
  await writeFile(planFile, JSON.stringify(crowdPlan(frames, size)));
  const megabytes = async (file: string) => fixed((await stat(file)).size / 2 ** 20, 0);
  const about = `${size.width}x${size.height}, ${minutes} min, ${frames} frames, ${await megabytes(film)} MiB; plan of ${FACES} faces a frame, ${await megabytes(planFile)} MiB`;
  const start = () => startServer(film, '--plan', planFile, '-o', `${work}/`);

  const inBrowser = await seen(start, quick);
  const overHttp = await asked(await start(), frames);
  const load = `Load of the machine at the end, 1 and 5 minutes: ${os
    .loadavg()
    .slice(0, 2)
    .map((value) => fixed(value))
    .join(' and ')}.`;
  const tables: Table[] = [
    {
      caption: `On the screen of a browser that is open: ${about}. ${load}`,
      rows: [['what', ''], ...inBrowser],
    },
    {
      caption:
        'The same film asked for over HTTP: frames a second by the clock, and milliseconds of processor time a frame, all threads of the server and its processes.',
      rows: [['what', 'frames', 'frames a second', 'ms of processor a frame'], ...overHttp],
    },
  ];
  return { tables, data: { size, minutes, frames, inBrowser, overHttp, load: os.loadavg() } };
};

/** What a person sees: from the command to the first picture, jumps, playing, memory. */
async function seen(start: () => Promise<ServerProcess>, quick: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  const { server: browser, page } = await openBrowser();
  try {
    const began = performance.now();
    const since = (from: number) => `${fixed((performance.now() - from) / 1000, 2)} s`;
    const { child, address } = await start();
    rows.push(['from the command to the address', since(began)]);
    const opened = performance.now();
    await page.goto(address);
    await pictureShown(page);
    rows.push(['from the address to the first picture', since(opened)]);
    rows.push(['**from the command to the first picture**', since(began)]);

    const memory: string[] = [];
    const look = async () => {
      const pages = await renderersBelow(browser.process().pid ?? 0);
      const held = await Promise.all(pages.map(memoryMiB));
      const page = Math.max(...held.map((one) => one?.now ?? 0));
      memory.push(`${fixed((await memoryMiB(child.pid))?.now ?? 0, 0)} / ${fixed(page, 0)}`);
    };
    await look();
    const took: number[] = [];
    for (let round = 0; round < (quick ? 1 : ROUNDS); round++) {
      took.push(...(await jumpAbout(page, JUMPS_A_ROUND)));
      await look();
    }
    const sorted = took.toSorted((a, b) => a - b);
    const total = took.reduce((sum, one) => sum + one, 0);
    rows.push([`jumps anywhere, ${took.length}: a second`, fixed((1000 * took.length) / total)]);
    rows.push(['milliseconds a jump, median and 95th percentile', percentiles(sorted, [0.5, 0.95])]);
    rows.push(['frames a second while it plays', fixed((await play(page, PLAY_SECONDS)) / PLAY_SECONDS)]);
    await page.keyboard.press('o');
    rows.push([
      'frames a second while it plays, as published',
      fixed((await play(page, PLAY_SECONDS)) / PLAY_SECONDS),
    ]);
    await look();
    rows.push([
      'memory of server with its processes / page at first, after each round of jumps, after playing, MiB',
      memory.join(', '),
    ]);
    rows.push([
      'most memory of the server and its processes, each its own most, MiB',
      fixed((await memoryMiB(child.pid))?.peak ?? 0, 0),
    ]);
    child.kill();
  } finally {
    await browser.close();
  }
  return rows;
}

function percentiles(sorted: readonly number[], shares: readonly number[]): string {
  return shares.map((share) => fixed(sorted[Math.floor(share * (sorted.length - 1))], 0)).join(' and ');
}

/** The server without a browser. */
async function asked({ child, address }: ServerProcess, frames: number): Promise<Row[]> {
  const rows: Row[] = [];
  try {
    const page = new HttpPage(address);
    await page.get('/api/items/0/times');
    const measure = async (what: string, count: number, atOnce: number, frameOf: (i: number) => string) => {
      const [from, cpu] = [performance.now(), await cpuSeconds(child.pid)];
      let next = 0;
      const ask = async () => {
        while (next < count) await page.frame(frameOf(next++));
      };
      await Promise.all(Array.from({ length: atOnce }, ask));
      const spent = (await cpuSeconds(child.pid)) - cpu;
      const rate = (1000 * count) / (performance.now() - from);
      rows.push([what, String(count), fixed(rate), fixed((1000 * spent) / count)]);
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
    await page.post('/api/close');
    return rows;
  } finally {
    child.kill();
  }
}
