import type { RgbPicture } from '../../src/core/detect/detector.ts';
import { describeAll, type Means, type Row, scoreOf } from './attack.ts';
import { type Sayeh, WAYS } from './covered.ts';
import { BLOCK, type Covering } from './coverings.ts';
import { averaged, filmWall, framesOf } from './film.ts';
import { realMosaic } from './naive.ts';
import type { Targets } from './targets.ts';

/** One published picture of everybody on a wall, filmed and covered; faces averaged over all frames. */
export async function attackFilm(
  targets: Targets,
  sayeh: Sayeh,
  { recogniser, gallery, sizes }: Means,
  work: string,
): Promise<Row[]> {
  const wall = await filmWall(targets.published, work);
  const plan = await sayeh.plan(wall.file);
  const rows: Row[] = [];
  const row = async (covering: string, kind: Covering['kind'], frames: readonly RgbPicture[]) => {
    const faces = await describeAll(recogniser, [...wall.squares.keys()], (target) => {
      const square = wall.squares.get(target);
      if (!square) throw new Error('a face that was not filmed');
      return averaged(frames, square);
    });
    const attack = `${frames.length} frames of a film, averaged along the pan`;
    rows.push({ covering, kind, attack, scores: sizes.map((size) => scoreOf(faces, gallery, size)) });
  };
  const original = await framesOf(wall.file, wall);
  await row('nothing', 'none', original);
  for (const block of [BLOCK, 2 * BLOCK]) {
    const mosaics = original.map((frame) => realMosaic(frame, block));
    await row(`real mosaic, ${block}x${block} px`, 'real', mosaics);
  }
  for (const way of WAYS) {
    const written = await sayeh.write(wall.file, plan, way, '.mp4');
    await row(`${way.style}, ${way.cover}`, 'sayeh', await framesOf(written, wall));
  }
  return rows;
}
