// `npm run demo`: protects a sample photo, and a short film panned over it, and says what was done.
// The photo comes with the package @vladmandic/face-api (MIT).
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect, protect } from '../dist/index.js';
import { panOver } from './pan-over.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.join(root, 'demo-output');
const require = createRequire(import.meta.url);
const photo = path.join(
  path.dirname(require.resolve('@vladmandic/face-api/package.json')),
  'demo',
  'sample1.jpg',
);

await rm(folder, { recursive: true, force: true });
const film = await panOver(photo, path.join(folder, 'original-film.mp4'));

/** What `inspect` tells of a file's surroundings on this disk, which is not in the file. */
const AROUND = new Set(['file system', 'folder', 'file name']);

for (const [input, name] of [
  [photo, 'protected-photo.jpg'],
  [film, 'protected-film.mp4'],
]) {
  const output = path.join(folder, name);
  const { plan, framesCovered } = await protect(input, output);
  const before = await inspect(input);
  const after = await inspect(output);
  const told = (inspection) => inspection.findings.filter(({ part }) => !AROUND.has(part)).length;
  console.log(`${path.basename(input)} -> ${path.relative(root, output)}`);
  console.log(`  faces covered: ${plan.tracks.length}, in ${framesCovered} of ${plan.film.frames} frames`);
  console.log(`  revealing things found in the file: ${told(before)} before, ${told(after)} after`);
}
console.log(`\nOpen the folder ${path.relative(process.cwd(), folder) || '.'} and compare.`);
