import { writeFile } from 'node:fs/promises';
import { built } from './built.ts';

// What `protect` would be if it believed its first analysis: finds faces, covers them, and does not look again.
//     node unchecked-protect.js INPUT OUTPUT [INPUT OUTPUT ...]

const { Detectors, analyse } = await built<typeof import('../src/index.ts')>('index');
const { identify } = await built<typeof import('../src/node/files/input-file.ts')>('node/files/input-file');
const { renderPhoto } =
  await built<typeof import('../src/pipeline/render-photo.ts')>('pipeline/render-photo');
const { renderVideo } =
  await built<typeof import('../src/pipeline/render-video.ts')>('pipeline/render-video');

const detectors = new Detectors('centerface');
const files = process.argv.slice(2);
for (let i = 0; i < files.length; i += 2) {
  const [input, output] = [files[i], files[i + 1]];
  const type = await identify(input);
  const plan = await analyse(input, { detectors });
  await writeFile(output, '');
  const look = { style: 'blur', cover: 'head' } as const;
  if (type.kind === 'photo') await renderPhoto(input, plan, output, look);
  else
    await renderVideo(input, type.format, plan, output, {
      ...look,
      codec: 'h264',
      audio: 'drop',
      threads: 0,
    });
}
await detectors.close();
