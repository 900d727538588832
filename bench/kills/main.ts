import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { makeFilm } from '../make-film.ts';
import { run } from '../run.ts';
import { below } from './random.ts';
import { killAndRunAgain, type Round, unbroken } from './round.ts';
import { makeScene, removeScene } from './scene.ts';

// `npm run kills -- --times N --seed S`: kills a job N times, each at another moment, runs it again each time, and says
// whether all that is promised held. Ends with 1 where something did not.

/** Short: every kill costs a whole run to see what came of it. */
const SECONDS = 3;

const { times, seed } = new Command('npm run kills --')
  .description('kills a video job with SIGKILL at random moments and looks at what is left; needs ffmpeg')
  .option('--times <n>', 'how many kills', positive, 50)
  .option('--seed <n>', 'the same moments again, as far as the machine is as fast', positive, 1)
  .parse()
  .opts<{ times: number; seed: number }>();

const folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-kills-'));
const rounds: Round[] = [];
try {
  const film = path.join(folder, 'film.mp4');
  const loop = path.join(folder, 'loop.mp4');
  await makeFilm(loop, { width: 320, height: 180 });
  await run('ffmpeg', ['-v', 'error', '-t', String(SECONDS), '-i', loop, '-c', 'copy', film]);
  await rm(loop);
  const scene = await makeScene(film, folder);
  const { milliseconds, hash } = await unbroken(scene);
  console.log(`a film of ${SECONDS} s; an unbroken run takes ${(milliseconds / 1000).toFixed(1)} s`);
  const random = below(seed);
  while (rounds.filter(({ killed }) => killed).length < times && rounds.length < 3 * times) {
    const kill = { after: random(milliseconds), all: random(2) === 0, resume: random(2) === 0 };
    const round = await killAndRunAgain(scene, kill, hash);
    rounds.push(round);
    const after = `${(kill.after / 1000).toFixed(2)} s, ${round.phase}${kill.all ? ', all its processes' : ''}`;
    const what = round.killed ? `killed after ${after}` : 'done before it could be killed';
    const how = kill.resume ? (round.resumed ? ', went on from a checkpoint' : ', began anew') : '';
    console.log(
      `${rounds.length}: ${what}${how}${round.problems.map((problem) => `\n   ${problem}`).join('')}`,
    );
  }
} finally {
  await removeScene(folder);
}

const killed = rounds.filter((round) => round.killed);
const survived = killed.filter(({ problems }) => problems.length === 0);
const count = (holds: (round: Round) => boolean) => killed.filter(holds).length;
console.log(
  `${survived.length} of ${killed.length} kills survived; ${count(({ unfinished }) => unfinished > 0)} left an unfinished file, swept up by the next run; ${count(({ resumed }) => resumed)} of ${count(({ kill }) => kill.resume)} jobs with --resume went on from a checkpoint`,
);
if (rounds.some(({ problems }) => problems.length > 0)) process.exitCode = 1;

function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}
