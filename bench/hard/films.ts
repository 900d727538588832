import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Box } from '../../src/core/geometry/box.ts';
import { SHARED } from '../places.ts';
import { run } from '../run.ts';

/** A film, labelled frame by frame: 113 frames of a child that jumps and rolls (DragonBaby, Wu et al. 2013). */
export const LABELLED_FILM = path.join(SHARED, 'data', 'video', 'gt', 'DragonBaby');

/** The film made harder to see in: an ffmpeg filter, and where the label of a frame then is. */
export interface FilmChange {
  readonly name: string;
  readonly filter: readonly string[];
  /** All that must be covered in frame `frame`, in the changed film's pixels. */
  readonly place: (labels: readonly Box[], frame: number) => readonly Box[];
}

const WIDTH = 640;
const HEIGHT = 360;
const here = (labels: readonly Box[], frame: number) => [labels[frame]];
const times =
  (factor: number): FilmChange['place'] =>
  (labels, frame) => {
    const { x, y, width, height } = labels[frame];
    return [{ x: x * factor, y: y * factor, width: width * factor, height: height * factor }];
  };

export const FILM_CHANGES: readonly FilmChange[] = [
  { name: 'unchanged', filter: [], place: here },
  {
    name: 'on its side',
    filter: ['-vf', 'transpose=clock'],
    place: (labels, frame) => {
      const { x, y, width, height } = labels[frame];
      return [{ x: HEIGHT - y - height, y: x, width: height, height: width }];
    },
  },
  {
    name: 'upside down',
    filter: ['-vf', 'hflip,vflip'],
    place: (labels, frame) => {
      const { x, y, width, height } = labels[frame];
      return [{ x: WIDTH - x - width, y: HEIGHT - y - height, width, height }];
    },
  },
  {
    name: 'dark: an eighth of the levels, noise',
    filter: ['-vf', "lutyuv=y='16+(val-16)*0.12',noise=c0s=6:c0f=t"],
    place: here,
  },
  {
    name: 'interlaced: two frames in one',
    filter: ['-vf', 'tinterlace=mode=interleave_top', '-flags', '+ilme+ildct'],
    place: (labels, frame) => labels.slice(2 * frame, 2 * frame + 2),
  },
  { name: 'half size', filter: ['-vf', 'scale=320:-2:flags=area'], place: times(1 / 2) },
  { name: 'a fifth of the size', filter: ['-vf', 'scale=128:-2:flags=area'], place: times(1 / 5) },
  {
    name: 'smeared: three frames mixed',
    filter: ['-vf', 'tmix=frames=3'],
    // A frame is mixed of itself and the two before it.
    place: (labels, frame) => [labels[Math.max(0, frame - 1)]],
  },
];

export async function filmLabels(): Promise<Box[]> {
  const text = await readFile(path.join(LABELLED_FILM, 'groundtruth_rect.txt'), 'utf8');
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(',').map(Number))
    .map(([x, y, width, height]) => ({ x, y, width, height }));
}

export async function makeFilm({ filter }: FilmChange, file: string): Promise<void> {
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-framerate', '30', '-i', path.join(LABELLED_FILM, 'img', '%04d.jpg')],
    ...filter,
    ...['-c:v', 'libx264', '-crf', '16', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', file],
  ]);
}
