import type { Bench, BenchOptions } from './bench.ts';
import { needShared } from './places.ts';
import { attack, describeAll, type Face, galleryOf, type Means, type Row } from './recognise/attack.ts';
import { attackFilm } from './recognise/attack-film.ts';
import { isCovered, maskOf, Sayeh, WAYS } from './recognise/covered.ts';
import { bySayeh, context, nothing, REAL } from './recognise/coverings.ts';
import { maskedPeople, type Person, publicFigures, strangers } from './recognise/people.ts';
import { readPicture } from './recognise/picture.ts';
import { Recogniser } from './recognise/recogniser.ts';
import { tableOf } from './recognise/rows.ts';
import { targetsOf } from './recognise/targets.ts';
import { UNDOINGS } from './recognise/undo.ts';

const QUICK_PEOPLE = 12;
const QUICK_STRANGERS = 20;

/** Whether face recognition names people whose faces Sayeh covered, and whether anything undoes a cover. */
export const recognise: Bench = async ({ quick, work }: BenchOptions) => {
  needShared();
  const recogniser = await Recogniser.start();
  const sayeh = await Sayeh.start(work);
  try {
    const most = quick ? QUICK_PEOPLE : undefined;
    const bare = await attackAll(publicFigures(most), sayeh, recogniser, {
      others: await describedStrangers(recogniser, quick ? QUICK_STRANGERS : undefined),
      film: work,
    });
    const masked = await attackAll(maskedPeople(most), sayeh, recogniser, { others: [] });
    return {
      tables: [
        tableOf(captionOf('Public figures', bare), bare.rows),
        tableOf(captionOf('People who wear a medical mask', masked), masked.rows),
      ],
      data: { bare, masked },
    };
  } finally {
    await recogniser.dispose();
    await sayeh.close();
  }
};

/** What came of all attacks on one set of people. */
export interface Attacked {
  readonly people: number;
  readonly published: number;
  /** Pictures, known or published, in which the adversary finds no face. */
  readonly unfound: number;
  /** Published faces of which Sayeh does not cover the middle. */
  readonly missed: number;
  readonly rows: readonly Row[];
}

async function attackAll(
  people: readonly Person[],
  sayeh: Sayeh,
  recogniser: Recogniser,
  { others, film }: { others: readonly Face['descriptor'][]; film?: string },
): Promise<Attacked> {
  const targets = await targetsOf(people, sayeh, recogniser);
  const gallery = galleryOf(
    await describeAll(recogniser, targets.known, ({ original: picture, square }) => ({ picture, square })),
  );
  others.forEach((descriptor, i) => {
    gallery.add(people.length + i, descriptor);
  });
  const sizes = [people.length, ...(others.length > 0 ? [people.length + others.length] : [])];
  const rows: Row[] = [];
  const add = (more: readonly Row[]) => {
    for (const row of more) console.error(`${row.covering}: ${row.attack}: ${JSON.stringify(row.scores)}`);
    rows.push(...more);
  };
  const means: Means = { recogniser, gallery, sizes, undoings: UNDOINGS, wide: true };
  add(await attack(nothing, targets, { ...means, undoings: [] }));
  for (const covering of REAL) add(await attack(covering, targets, means));
  for (const cover of ['head', 'face'] as const)
    add(await attack(context(cover), targets, { ...means, undoings: [] }));
  for (const way of WAYS) add(await attack(bySayeh(sayeh, way), targets, means));
  if (film !== undefined) add(await attackFilm(targets, sayeh, means, film));
  return {
    people: people.length,
    published: targets.published.length,
    unfound: targets.unfound,
    missed: targets.published.filter(({ plan, square }) => !isCovered(maskOf(plan, 'face'), square)).length,
    rows,
  };
}

async function describedStrangers(recogniser: Recogniser, most?: number): Promise<Face['descriptor'][]> {
  const descriptors: Face['descriptor'][] = [];
  for (const file of strangers(most)) {
    const picture = await readPicture(file);
    const square = await recogniser.locate(picture);
    if (square) descriptors.push(await recogniser.describe(picture, square));
  }
  return descriptors;
}

function captionOf(who: string, { people, published, unfound, missed }: Attacked): string {
  return `${who}: ${people}, with ${published} published pictures; ${unfound} more left out, as the adversary finds no face there uncovered; ${missed} faces that Sayeh did not find.`;
}
