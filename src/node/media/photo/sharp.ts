import { availableParallelism } from 'node:os';
import sharp from 'sharp';

// libvips keeps the results of its last operations; no pixels of one person's photo may wait there for the next.
sharp.cache(false);
// Each thread holds strips of the picture: more than a few cost memory and gain little.
sharp.concurrency(Math.min(4, availableParallelism()));

export { sharp };
