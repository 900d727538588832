import { readdirSync } from 'node:fs';
import path from 'node:path';
import { SHARED } from '../places.ts';

// Real people: their pictures are read where they lie, and nothing of them is printed, not even a name.

const IDENTITY = path.join(SHARED, 'data', 'identity');

/** Pictures of one person: what the adversary knows them by, and what is published of them. Files. */
export interface Person {
  readonly known: readonly string[];
  readonly published: readonly string[];
}

/** Labelled Faces in the Wild: public figures, one known and one published picture each, 250x250, faces about 110 px. */
export function publicFigures(most = Number.POSITIVE_INFINITY): Person[] {
  return foldersOf('lfw62', most).map(([known, published]) => ({ known: [known], published: [published] }));
}

/** RMFD: people who wear a medical mask, one known picture and two or three published ones each. */
export function maskedPeople(most = Number.POSITIVE_INFINITY): Person[] {
  return foldersOf('rmfd_masked', most).map(([known, ...published]) => ({ known: [known], published }));
}

/** One picture each of people who are none of the others, to make a gallery larger. */
export function strangers(most = Number.POSITIVE_INFINITY): string[] {
  const folder = path.join(IDENTITY, 'lfw150_distractors');
  return picturesIn(folder).slice(0, most);
}

function foldersOf(set: string, most: number): string[][] {
  const folder = path.join(IDENTITY, set);
  const names = readdirSync(folder).sort().slice(0, most);
  return names.map((name) => picturesIn(path.join(folder, name)));
}

function picturesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .map((name) => path.join(folder, name));
}
