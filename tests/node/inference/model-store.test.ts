import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadModel, readManifest } from '../../../src/node/inference/model-store.ts';

const MODELS = fileURLToPath(new URL('../../../models/', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sayeh-models-'));
  for (const file of ['manifest.json', 'centerface.onnx', 'retinaface.onnx']) {
    await copyFile(path.join(MODELS, file), path.join(folder, file));
  }
});
afterEach(() => rm(folder, { recursive: true }));

test('every weight file of the manifest is there, unaltered, under a free licence, and has its card', async () => {
  const cards = await readFile(path.join(MODELS, 'README.md'), 'utf8');
  for (const [name, { licence, source, sha256 }] of Object.entries(await readManifest())) {
    expect((await loadModel(name)).length, name).toBeGreaterThan(1000);
    expect(['MIT', 'Apache-2.0'], name).toContain(licence);
    expect(source, name).not.toBe('');
    expect(cards, name).toContain(sha256);
  }
});

test('a model of which one bit was changed is refused, wherever the bit is', async () => {
  const file = path.join(folder, 'retinaface.onnx');
  const original = await readFile(file);
  expect(original.equals(await loadModel('retinaface', folder))).toBe(true);
  for (const at of [0, original.length >> 1, original.length - 1]) {
    const altered = Buffer.from(original);
    altered[at] ^= 1;
    await writeFile(file, altered);
    await expect(loadModel('retinaface', folder)).rejects.toMatchObject({
      code: 'model',
      message: expect.stringMatching(/retinaface\.onnx has been altered/),
    });
  }
  await writeFile(file, original.subarray(0, -1));
  await expect(loadModel('retinaface', folder)).rejects.toMatchObject({ code: 'model' });
});

test('one model in the place of another is refused', async () => {
  await copyFile(path.join(folder, 'retinaface.onnx'), path.join(folder, 'centerface.onnx'));
  await expect(loadModel('centerface', folder)).rejects.toMatchObject({ code: 'model' });
});

test('what is missing or damaged is named, without its folder', async () => {
  await rm(path.join(folder, 'centerface.onnx'));
  const missing = await loadModel('centerface', folder).catch((error) => error);
  expect(missing).toMatchObject({ code: 'model', message: expect.stringContaining('centerface.onnx') });
  expect(missing.message).not.toContain(folder);

  await expect(loadModel('nobody', folder)).rejects.toMatchObject({ code: 'model' });
  for (const manifest of ['', '{', '[]', '{"centerface":{"file":"centerface.onnx"}}']) {
    await writeFile(path.join(folder, 'manifest.json'), manifest);
    await expect(loadModel('centerface', folder)).rejects.toMatchObject({ code: 'model' });
  }
  await rm(path.join(folder, 'manifest.json'));
  await expect(readManifest(folder)).rejects.toMatchObject({ code: 'model' });
});
