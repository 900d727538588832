import { writeFile } from 'node:fs/promises';
import { identify } from '../src/node/files/input-file.ts';
import { Detectors } from '../src/node/inference/detectors.ts';
import { analyse } from '../src/pipeline/analyse.ts';
import { renderPhoto } from '../src/pipeline/render-photo.ts';
import { renderVideo } from '../src/pipeline/render-video.ts';

// What `protect` would be if it believed its first analysis: finds faces, covers them, and does not look again.
//     node unchecked-protect.js INPUT OUTPUT [INPUT OUTPUT ...]

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
