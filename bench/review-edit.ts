import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Box, iou } from '../src/core/geometry/box.ts';
import { boxOf } from '../src/core/plan/box-tuple.ts';
import { grownBox } from '../src/core/plan/cover-region.ts';
import { type Plan, type PlanRisk, parsePlan } from '../src/core/plan/plan.ts';
import type { Bench } from './bench.ts';
import { CLIP_SETS, clipNames, makeClips } from './make-clips.ts';
import { LAUNCHER, needShared } from './places.ts';
import { Editor } from './review/editor.ts';
import { startServer } from './review/server-process.ts';
import { run } from './run.ts';
import { fixed } from './table.ts';
import { DEFACE_OPTIONS } from './tools.ts';

/** A minute of film of clips of three seconds. */
const CLIPS = 20;
const QUICK_CLIPS = 2;
const RISKS = 5;

/** Per frame, every labelled face: x, y, width, height, and 1 where it does not count. */
type Truth = readonly (readonly (readonly number[])[])[];

/**
 * What it takes to clear a minute of crowds: a scripted editor goes through the first places that Sayeh asks it to
 * look at, covers what the labels say is open, and has the film written. Beside it, deface, where the only way to a
 * face that was missed is to run it again with another threshold.
 */
export const reviewEdit: Bench = async ({ quick, deface, cache, clips: ready, work }) => {
  needShared();
  const count = quick ? QUICK_CLIPS : CLIPS;
  const { film, truth } = await minuteOfCrowds(count, ready, cache, work);
  const planFile = path.join(work, 'plan.json');
  const analysis = await run(process.execPath, [LAUNCHER, 'plan', film, '-o', planFile]);
  const plan = parsePlan(JSON.parse(await readFile(planFile, 'utf8')));
  await writeFile(planFile, JSON.stringify({ ...plan, risks: plan.risks.slice(0, RISKS) }));

  const server = await startServer(film, '--plan', planFile, '-o', `${work}/out/`);
  const editor = await Editor.open(server.address, plan.film);
  let open = 0;
  let edited = 0;
  let written = 0;
  try {
    const began = performance.now();
    await editor.press('n');
    for (const risk of plan.risks.slice(0, RISKS)) {
      await editor.arriveAt(risk.at);
      for (const face of openFaces(plan, truth, risk)) {
        await editor.cover(face);
        open++;
      }
      await editor.markSeen();
    }
    edited = (performance.now() - began) / 1000;
    await editor.press('r');
    await editor.press('Enter');
    await editor.written();
    written = (performance.now() - began) / 1000 - edited;
  } finally {
    await editor.close();
    server.child.kill();
  }
  const runs = deface && (await defaceTwice(deface, film, work));
  const faces = `${Math.min(RISKS, plan.risks.length)} of ${plan.risks.length} places looked at, ${open} of them with an open face`;
  const load = os
    .loadavg()
    .slice(0, 2)
    .map((value) => fixed(value))
    .join(' and ');
  const rows = [
    ['', 'commands', 'keys', 'drags', 'seconds of machine time'],
    ['Sayeh: analysis', '1', '', '', fixed(analysis.seconds, 0)],
    ['Sayeh: review', '', String(editor.keys), String(editor.drags), fixed(edited, 1)],
    ['Sayeh: writing and check', '', '', '', fixed(written, 0)],
    ...(runs || []).map((seconds, i) => [`deface: run ${i + 1}`, '1', '', '', fixed(seconds, 0)]),
  ];
  const caption = `${plan.film.frames} frames of ${plan.film.width}x${plan.film.height}; ${faces}. Load, 1 and 5 minutes: ${load}.`;
  return {
    tables: [{ caption, rows }],
    data: {
      frames: plan.film.frames,
      risks: plan.risks.length,
      open,
      keys: editor.keys,
      drags: editor.drags,
      edited,
      written,
      analysis: analysis.seconds,
      deface: runs,
    },
  };
};

/** Clips with people on paths of their own, one after the other, with what is known of their faces. */
async function minuteOfCrowds(
  count: number,
  ready: string | undefined,
  cache: string,
  work: string,
): Promise<{ film: string; truth: Truth }> {
  const files: string[] = [];
  for (const set of CLIP_SETS.filter(({ walkers }) => walkers > 0)) {
    const folder = ready ? path.join(ready, set.name) : await makeClips(set, CLIPS / 2, cache);
    for (const name of await clipNames(folder)) files.push(path.resolve(folder, name));
  }
  const chosen = files.slice(0, count);
  const list = path.join(work, 'clips.txt');
  await writeFile(list, chosen.map((file) => `file '${file}'\n`).join(''));
  const film = path.join(work, 'crowds.mp4');
  await run('ffmpeg', ['-v', 'error', '-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', film]);
  const truth: Truth[number][] = [];
  for (const file of chosen) {
    truth.push(...JSON.parse(await readFile(file.replace(/\.mp4$/, '.json'), 'utf8')).frames);
  }
  return { film, truth };
}

/** Labelled faces at a place to look at that no track covers there: what an editor would see at a glance. */
function openFaces(plan: Plan, truth: Truth, { at, box }: PlanRisk): Box[] {
  const covered = plan.tracks
    .filter(({ from, boxes }) => at >= from && at < from + boxes.length)
    .map((track) => grownBox(track, at));
  return (truth[at] ?? [])
    .filter(([, , , height, invalid]) => !invalid && height >= 12)
    .map(([x, y, width, height]) => ({ x, y, width, height }))
    .filter(({ x, y }) => x > 0 && y > 0 && x < plan.film.width && y < plan.film.height)
    .filter((face) => !box || iou(face, boxOf(box)) > 0)
    .filter((face) => covered.every((cover) => iou(face, cover) < 0.1));
}

async function defaceTwice(deface: string, film: string, work: string): Promise<number[]> {
  const seconds: number[] = [];
  for (const [i, threshold] of ['0.2', '0.1'].entries()) {
    const out = path.join(work, `deface-${i}.mp4`);
    seconds.push((await run(deface, [...DEFACE_OPTIONS, '--thresh', threshold, film, '-o', out])).seconds);
  }
  return seconds;
}
