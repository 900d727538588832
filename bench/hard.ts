import path from 'node:path';
import sharp from 'sharp';
import { EXPOSED, exposedShare } from '../src/core/check/exposed.ts';
import type { Box } from '../src/core/geometry/box.ts';
import { CoverIndex } from '../src/core/plan/cover-index.ts';
import type { Plan } from '../src/core/plan/plan.ts';
import { Rasteriser } from '../src/core/redact/mask.ts';
import type { Bench } from './bench.ts';
import { built } from './built.ts';
import { CHANGES, writePicture } from './hard/changes.ts';
import { FILM_CHANGES, filmLabels, makeFilm } from './hard/films.ts';
import { labelledPhotos } from './labels.ts';
import { pictureOf } from './picture.ts';
import { needShared, WIDER } from './places.ts';
import { percent } from './table.ts';

/** Every so manyth photograph is looked at as it is, and changed for the worse; with --quick fewer. */
const STEP = 1;
const CHANGED_STEP = 4;
const QUICK_STEP = 8;
const QUICK_CHANGED_STEP = 24;
/** Faces are sorted by height in pixels, as they are in the changed picture; the smallest do not count in sums. */
const SIZES = [6, 10, 16, 24, 40, 80];
const COUNTED_FROM = 10;

/** One row of ../shared/data/wider/gt.json. */
interface LabelledFace {
  readonly box: Box;
  readonly blur: number;
  readonly illumination: number;
  readonly occlusion: number;
  readonly pose: number;
}

const ATTRIBUTES: readonly { readonly name: string; readonly holds: (face: LabelledFace) => boolean }[] = [
  { name: 'all', holds: () => true },
  { name: 'sharp', holds: ({ blur }) => blur === 0 },
  { name: 'blurred', holds: ({ blur }) => blur === 1 },
  { name: 'heavily blurred', holds: ({ blur }) => blur === 2 },
  { name: 'extreme light', holds: ({ illumination }) => illumination === 1 },
  { name: 'not hidden', holds: ({ occlusion }) => occlusion === 0 },
  { name: 'partly hidden', holds: ({ occlusion }) => occlusion === 1 },
  { name: 'mostly hidden', holds: ({ occlusion }) => occlusion === 2 },
  { name: 'unusual pose', holds: ({ pose }) => pose === 1 },
];

/** Faces of one case, by size. */
interface Tally {
  readonly name: string;
  pictures: number;
  readonly faces: number[];
  readonly exposed: number[];
}

type Sayeh = typeof import('../src/index.ts');
type PlanOf = (file: string) => Promise<Plan>;

/** What is left open where faces are hard to see, by the plan's geometry: photographs by attribute and changed, a film. */
export const hard: Bench = async ({ quick, work }) => {
  needShared();
  const photographs = await labelledPhotos('gt.json');
  const every = (step: number) => photographs.filter((_, i) => i % step === 0);
  const { Detectors, analyse } = await built<Sayeh>('index');
  const detectors = new Detectors('centerface');
  const planOf = (file: string) => analyse(file, { detectors });
  try {
    const attributes = await byAttribute(every(quick ? QUICK_STEP : STEP), planOf);
    const changed = await changedPhotos(every(quick ? QUICK_CHANGED_STEP : CHANGED_STEP), planOf, work);
    const films = await changedFilms(planOf, work);
    const sections = [
      { title: 'photographs', tallies: attributes },
      { title: 'photographs, changed', tallies: changed },
      { title: 'frames of a film', tallies: films },
    ];
    return {
      tables: [
        {
          caption: `Labelled faces of which more than a quarter is open, by the plan's geometry. By height: the share of such faces (of how many); those under ${COUNTED_FROM} px do not count in the sum.`,
          rows: [
            ['', 'case', 'pictures', 'faces', 'open', ...SIZES.map(sizeName)],
            ...sections.flatMap(({ title, tallies }) => tallies.map((tally) => [title, ...row(tally)])),
          ],
        },
      ],
      data: sections,
    };
  } finally {
    await detectors.close();
  }
};

async function byAttribute(photographs: readonly { file: string }[], planOf: PlanOf): Promise<Tally[]> {
  const tallies = ATTRIBUTES.map(({ name }) => tally(name));
  for (const photograph of photographs) {
    const plan = await planOf(path.join(WIDER, photograph.file));
    const faces = facesOf(photograph);
    const open = openIn(
      plan,
      0,
      faces.map(({ box }) => box),
    );
    ATTRIBUTES.forEach(({ holds }, i) => {
      tallies[i].pictures++;
      faces.forEach((face, j) => {
        if (holds(face)) count(tallies[i], face.box, open[j]);
      });
    });
  }
  console.error('photographs: done');
  return tallies;
}

async function changedPhotos(
  photographs: readonly { file: string }[],
  planOf: PlanOf,
  work: string,
): Promise<Tally[]> {
  const tallies: Tally[] = [];
  const file = path.join(work, 'changed.png');
  const read = ({ file }: { file: string }) => pictureOf(sharp(path.join(WIDER, file)));
  for (const { name, apply } of CHANGES) {
    const sum = tally(name);
    tallies.push(sum);
    for (const [i, photograph] of photographs.entries()) {
      const other = await read(photographs[(i + 1) % photographs.length]);
      const { picture, place } = await apply(await read(photograph), other);
      await writePicture(picture, file);
      const boxes = facesOf(photograph).map(({ box }) => place(box));
      const open = openIn(await planOf(file), 0, boxes);
      sum.pictures++;
      boxes.forEach((box, j) => {
        count(sum, box, open[j]);
      });
    }
    console.error(row(sum).join(' | '));
  }
  return tallies;
}

async function changedFilms(planOf: PlanOf, work: string): Promise<Tally[]> {
  const labels = await filmLabels();
  const tallies: Tally[] = [];
  for (const [i, change] of FILM_CHANGES.entries()) {
    const file = path.join(work, `film-${i}.mp4`);
    await makeFilm(change, file);
    const plan = await planOf(file);
    const sum = tally(change.name);
    for (let frame = 0; frame < plan.film.frames; frame++) {
      const boxes = change.place(labels, frame);
      sum.pictures++;
      openIn(plan, frame, boxes).forEach((open, j) => {
        count(sum, boxes[j], open);
      });
    }
    tallies.push(sum);
    console.error(row(sum).join(' | '));
  }
  return tallies;
}

function facesOf(photograph: { readonly file: string }): LabelledFace[] {
  const { faces } = photograph as unknown as { faces: readonly (readonly number[])[] };
  return faces
    .filter(([, , , , , , , invalid]) => !invalid)
    .map(([x, y, width, height, blur, , illumination, , occlusion, pose]) => ({
      box: { x, y, width, height },
      ...{ blur, illumination, occlusion, pose },
    }));
}

const rasteriser = new Rasteriser();

/** For each box whether more than a quarter of the ellipse in it is open in a frame. */
function openIn(plan: Plan, frame: number, boxes: readonly Box[]): boolean[] {
  const { width, height } = plan.film;
  const mask = rasteriser.rasterise(new CoverIndex(plan).regionsAt(frame, 'head'), width, height);
  return boxes.map((box) => exposedShare(box, mask) > EXPOSED);
}

const tally = (name: string): Tally => ({
  name,
  pictures: 0,
  faces: SIZES.map(() => 0),
  exposed: SIZES.map(() => 0),
});

function count(sum: Tally, { height }: Box, open: boolean): void {
  const bin = SIZES.findLastIndex((from) => height >= from);
  if (bin < 0) return;
  sum.faces[bin]++;
  if (open) sum.exposed[bin]++;
}

function row({ name, pictures, faces, exposed }: Tally): string[] {
  const counts = (values: readonly number[]) =>
    values.reduce((sum, value, i) => sum + (SIZES[i] >= COUNTED_FROM ? value : 0), 0);
  const [all, open] = [counts(faces), counts(exposed)];
  return [
    name,
    String(pictures),
    String(all),
    `${percent(all ? open / all : 0, 1)} (${open})`,
    ...faces.map((n, i) => (n ? `${percent(exposed[i] / n, 1)} (${n})` : '')),
  ];
}

const sizeName = (from: number, i: number) =>
  i + 1 < SIZES.length ? `${from}-${SIZES[i + 1]} px` : `${from} px and more`;
