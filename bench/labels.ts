import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { WIDER } from './places.ts';

/** One labelled photograph: its path below the folder of photographs, and what leakbench needs of it. */
export interface LabelledPhoto {
  readonly file: string;
}

/** The labelled photographs of one list of ../shared/data/wider, of the given classes (folders) or all. */
export async function labelledPhotos(list: string, classes?: readonly string[]): Promise<LabelledPhoto[]> {
  const { images } = JSON.parse(await readFile(path.join(WIDER, list), 'utf8')) as {
    images: LabelledPhoto[];
  };
  return classes ? images.filter(({ file }) => classes.includes(file.split('/')[0])) : images;
}

/** Writes a list that leakbench reads. */
export async function writeLabels(file: string, images: readonly LabelledPhoto[]): Promise<void> {
  await writeFile(file, JSON.stringify({ images }));
}
