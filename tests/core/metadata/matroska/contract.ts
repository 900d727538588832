import fs from 'node:fs';
import { expect } from 'vitest';
import { SayehError } from '../../../../src/core/errors.ts';
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

/** mulberry32: the same damage every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes changed, cut off, taken out or doubled; mostly near the start, where the structure is. */
export function mutate(bytes: Uint8Array, seed: number): Uint8Array {
  const next = random(seed);
  const place = () => Math.floor(next() ** 3 * bytes.length);
  const kind = Math.floor(next() * 8);
  if (kind === 0) return bytes.slice(0, place());
  if (kind === 1) {
    const [a, b] = [place(), place()].sort((x, y) => x - y);
    return new Uint8Array(Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)]));
  }
  if (kind === 2) {
    const [a, b] = [place(), place()].sort((x, y) => x - y);
    return new Uint8Array(Buffer.concat([bytes.subarray(0, b), bytes.subarray(a)]));
  }
  const changed = bytes.slice();
  for (let i = Math.floor(next() * 8); i >= 0; i--)
    changed[place()] = next() < 0.3 ? 0xff : Math.floor(next() * 256);
  return changed;
}

const LIMIT_MS = 2000;

/** A damaged file is described, refused or cleaned, quickly; what is cleaned passes the check. */
export async function expectSurvives(format: Format, bytes: Uint8Array, seed: number): Promise<void> {
  const damaged = mutate(bytes, seed);
  const start = performance.now();
  const source = bytesInMemory(damaged);
  try {
    await expectTiles(format, damaged);
    await format.inspect(source);
    await format.verify(source);
    const { bytes: clean } = await stripped(format, source);
    expect(await format.verify(bytesInMemory(clean)), `seed ${seed}`).toEqual([]);
  } catch (error) {
    if (!(error instanceof SayehError)) throw new Error(`seed ${seed}`, { cause: error });
  }
  expect(performance.now() - start, `seed ${seed}`).toBeLessThan(LIMIT_MS);
}

/** How many damaged files to try; more by hand. */
export const FUZZ = Number(process.env.SAYEH_FUZZ ?? 500);
