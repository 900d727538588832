import fs from 'node:fs';
import { expect } from 'vitest';
import { bytesInMemory } from '../../../../src/core/metadata/byte-source.ts';
import type { Format } from '../../../../src/core/metadata/format.ts';
import { decoded, inMemory, stripFile, stripped } from './ffmpeg.ts';

/** The leaves cover every byte exactly once. */
export async function expectTiles(format: Format, bytes: Uint8Array): Promise<void> {
  let at = 0;
  for (const part of await format.walk(bytesInMemory(bytes))) {
    expect(part.offset).toBe(at);
    expect(part.length).toBeGreaterThan(0);
    at += part.length;
  }
  expect(at).toBe(bytes.length);
}

/** Read, clean and check one dirty film; answers the clean one's path. */
export async function expectCleans(
  format: Format,
  file: string,
  ...secrets: readonly string[]
): Promise<string> {
  await expectTiles(format, fs.readFileSync(file));
  expect(await format.verify(inMemory(file))).not.toEqual([]);
  expect(await format.inspect(inMemory(file))).not.toEqual([]);

  const clean = await stripFile(format, file);
  const bytes = fs.readFileSync(clean);
  for (const secret of secrets) expect(bytes.includes(secret), secret).toBe(false);
  await expectTiles(format, bytes);
  expect(await format.verify(inMemory(clean))).toEqual([]);
  expect(await format.inspect(inMemory(clean))).toEqual([]);
  expect(decoded(clean)).toBe(decoded(file));

  // Nothing is left to take from a clean file.
  const again = await stripped(format, inMemory(clean));
  expect(Buffer.from(again.bytes).equals(bytes)).toBe(true);
  return clean;
}
