import path from 'node:path';
import type { Bench, Size } from './bench.ts';
import { LOOP_SECONDS, loopFilm, makeFilm } from './make-film.ts';
import { measureProtect } from './measure.ts';
import { fixed } from './table.ts';

const SECONDS = [10, 60, 300, 1800];
const UHD: Size = { width: 3840, height: 2160 };

/** Whether a frame costs the same, and memory stays where it is, however long a film is; and what 4K costs. */
export const length: Bench = async ({ size, longest, quick, work }) => {
  const rows: (Awaited<ReturnType<typeof measureProtect>> & { film: string; width: number })[] = [];
  const measure = async (seconds: number, picture: Size) => {
    const name = `${picture.width}x${picture.height}`;
    const once = path.join(work, `${name}.mp4`);
    const film = path.join(work, `${name}-${seconds}.mp4`);
    if (seconds === SECONDS[0]) await makeFilm(once, picture);
    await loopFilm(once, seconds / LOOP_SECONDS, film);
    const measured = await measureProtect(film, path.join(work, 'length-out.mp4'));
    rows.push({
      film: `${name}, ${seconds < 60 ? `${seconds} s` : `${seconds / 60} min`}`,
      width: picture.width,
      ...measured,
    });
    console.error(`${rows.at(-1)?.film}: done`);
  };
  for (const seconds of SECONDS) if (seconds <= longest) await measure(seconds, size);
  if (!quick) await measure(SECONDS[0], UHD);

  const steps = [...new Set(rows.flatMap((row) => row.steps.map(({ name }) => name)))];
  const milliseconds = (row: (typeof rows)[number], name: string) => {
    const step = row.steps.find((each) => each.name === name);
    return step ? fixed((1000 * step.cpuSeconds) / row.frames, 2) : '';
  };
  return {
    tables: [
      {
        caption:
          'One film looped, through `protect`: cost of a frame in milliseconds of processor time, all threads, start-up included ("clock": by the clock), and the most memory held.',
        rows: [
          ['film', 'frames', 'face tracks', 'ms a frame', 'clock', 'peak memory'],
          ...rows.map((row) => [
            row.film,
            String(row.frames),
            String(row.tracks),
            fixed((1000 * row.cpuSeconds) / row.frames),
            fixed((1000 * row.seconds) / row.frames),
            `${fixed(row.peakMiB, 0)} MiB`,
          ]),
        ],
      },
      {
        caption:
          'Where it goes, in milliseconds of processor time a frame of the whole film. "after": what is done between the last frame of one step and the first of the next, tracking above all.',
        rows: [
          ['film', ...steps],
          ...rows.map((row) => [row.film, ...steps.map((name) => milliseconds(row, name))]),
        ],
      },
    ],
    data: rows,
  };
};
