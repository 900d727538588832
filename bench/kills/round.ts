import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Command } from './command.ts';
import { filesIn, hashOf, newRound, type Scene } from './scene.ts';

/** One kill: when, whom, and whether the job keeps checkpoints. */
export interface Kill {
  /** Milliseconds after the start. */
  readonly after: number;
  /** All processes of the job at once, or the one that was started. */
  readonly all: boolean;
  readonly resume: boolean;
}

/** What came of one kill and of the run after it. */
export interface Round {
  readonly kill: Kill;
  /** False where the job was done before. */
  readonly killed: boolean;
  /** What the job said last that it was doing. */
  readonly phase: string;
  /** Unfinished files after the kill, which the next run has to sweep up. */
  readonly unfinished: number;
  /** Whether the next run went on from a checkpoint. */
  readonly resumed: boolean;
  /** Empty where all that was promised held. */
  readonly problems: readonly string[];
}

/** An unbroken run, for comparison: how long it takes, and the output's hash. Throws where it fails. */
export async function unbroken(scene: Scene): Promise<{ milliseconds: number; hash: string }> {
  const folder = await newRound(scene);
  const began = performance.now();
  const ended = await new Command(scene, protecting(scene, folder, false)).ended();
  if (ended.code !== 0) throw new Error(`the unbroken run failed: ${ended.stderr}`);
  return { milliseconds: performance.now() - began, hash: await hashOf(path.join(folder, 'film.mp4')) };
}

/** Kills a job, looks at what is left, runs it again and looks again. `expected` is the unbroken run's hash. */
export async function killAndRunAgain(scene: Scene, kill: Kill, expected: string): Promise<Round> {
  const problems: string[] = [];
  const folder = await newRound(scene);
  const job = new Command(scene, protecting(scene, folder, kill.resume));
  const over = job.ended();
  await Promise.race([wait(kill.after), over]);
  const killed = !job.isOver;
  job.kill(kill.all);
  await over;
  if (!(await job.isGone())) {
    problems.push('a process of the killed job went on');
    job.kill(true);
    await job.isGone();
  }

  const published = (await filesIn(folder)).filter((file) => !path.basename(file).startsWith('.'));
  for (const file of published)
    if (path.basename(file) !== 'film.mp4' || (await hashOf(file)) !== expected)
      problems.push(`published after the kill: ${path.basename(file)}`);
  const unfinished = (await readdir(folder)).filter((name) => name.endsWith('.sayeh-partial')).length;
  if ((await hashOf(scene.film)) !== scene.filmHash) problems.push('the input was changed');

  const again = [...protecting(scene, folder, kill.resume), ...(published.length > 0 ? ['--force'] : [])];
  const next = await new Command(scene, again).ended();
  if (next.code !== 0)
    problems.push(`the next run ended with ${next.code}: ${next.stderr.trim().split('\n').at(-1)}`);
  else if ((await hashOf(path.join(folder, 'film.mp4'))) !== expected)
    problems.push('the next run wrote other bytes');
  const left = (await filesIn(folder, scene.home, scene.temporary)).filter(
    (file) => file !== path.join(folder, 'film.mp4'),
  );
  for (const file of left) problems.push(`left after the next run: ${path.relative(scene.rounds, file)}`);
  if ((await hashOf(scene.film)) !== scene.filmHash) problems.push('the input was changed by the next run');
  const resumed = next.stderr.includes('going on from there');
  return { kill, killed, phase: phaseOf(job.said), unfinished, resumed, problems };
}

const protecting = ({ film }: Scene, folder: string, resume: boolean) => [
  ...['protect', film, '-o', path.join(folder, 'film.mp4'), '--threads', '1'],
  ...(resume ? ['--resume'] : []),
];

/** The progress lines are `finding faces film.mp4: frame 1 of 90`. */
function phaseOf(said: string): string {
  return (
    /^(.*) film\.mp4: frame \d+(?: of \d+)?$/.exec(said.trim().split('\n').at(-1) ?? '')?.[1] ?? 'starting'
  );
}
