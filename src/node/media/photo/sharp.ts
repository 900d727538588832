import { availableParallelism } from 'node:os';
import sharp from 'sharp';

// libvips keeps the results of its last operations; no pixels of one person's photo may wait there for the next.
sharp.cache(false);
// Each thread holds strips of the picture: more than a few cost memory and gain little.
sharp.concurrency(Math.min(4, availableParallelism()));

// libvips tells a file's type by itself, and has readers for types that Sayeh does not take, SVG among them, which
// can name other files. Whatever it makes of the bytes, these are all it may read.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Heif', 'Tiff', 'Nsgif'].map((type) => `VipsForeignLoad${type}`),
});

export { sharp };
