import { SayehError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import type { Violation } from '../format.ts';
import { readBoxTree } from './box-tree.ts';
import { checkBoxes } from './check-boxes.ts';
import { checkMovie } from './check-movie.ts';
import { checkSamples } from './check-samples.ts';
import { readMovie } from './movie.ts';
import { MOVIE_ALLOWLIST } from './movie-allowlist.ts';

/** Checks a film: its boxes one by one, its tables against each other, and every coded sample. */
export async function verifyMovie(source: ByteSource): Promise<Violation[]> {
  const boxes = await readBoxTree(source);
  const violations = await checkBoxes(source, boxes, MOVIE_ALLOWLIST, ['mdat']);
  if (boxes[0]?.type !== 'ftyp') violations.push({ part: 'ftyp', reason: 'the file does not start with it' });
  try {
    const movie = await readMovie(source, boxes);
    violations.push(...checkMovie(movie, boxes));
    violations.push(...(await checkSamples(source, movie)));
  } catch (error) {
    if (!(error instanceof SayehError)) throw error;
    violations.push({ part: 'moov', reason: error.message });
  }
  return violations;
}
