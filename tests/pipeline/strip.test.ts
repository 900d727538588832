import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SayehError } from '../../src/core/errors.ts';
import { identify } from '../../src/node/files/input-file.ts';
import { previewStrip, strip, stripInPlace, strippedExtension } from '../../src/pipeline/strip.ts';
import { verify } from '../../src/pipeline/verify.ts';
import { ffmpeg } from '../support/clips.ts';
import { picture } from '../support/pictures.ts';
import { filesBelow, hasShared, SHARED, sharedNote } from '../support/shared.ts';
import { namesOfTellingTags } from '../support/telling.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sayeh-strip-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (...parts: string[]) => path.join(folder, ...parts);
const secret = () =>
  picture()
    .withExif({ IFD0: { Artist: 'Neda' } })
    .jpeg()
    .toBuffer();

describe.skipIf(!hasShared)(`every file with real metadata${sharedNote}`, () => {
  const samples = path.join(SHARED, 'data', 'metadata');
  test.each(hasShared ? filesBelow(samples) : [])('%s', async (name) => {
    const input = path.join(samples, name);
    const before = await readFile(input);
    const output = at('samples', `${name}.out`);
    const error = await strip(input, output).then(
      () => undefined,
      (cause) => cause,
    );
    expect((await readFile(input)).equals(before)).toBe(true);
    const written = await readdir(path.dirname(output)).catch(() => []);
    if (error) {
      expect(error).toBeInstanceOf(SayehError);
      expect(['corrupt', 'unsupported', 'unrecognised']).toContain(error.code);
      expect(error.message).toContain(path.basename(name));
      expect(error.message).not.toContain(samples);
      expect(written).not.toContain(path.basename(output));
    } else {
      const { type, violations } = await verify(output);
      expect(violations).toEqual([]);
      expect(namesOfTellingTags(output, type.format)).toEqual([]);
      const { mode, mtimeMs } = await stat(output);
      expect([mode & 0o777, mtimeMs]).toEqual([0o600, Date.UTC(2000, 0, 1)]);
    }
    expect(written.filter((file) => file.endsWith('partial'))).toEqual([]);
  });
});

describe('strip', () => {
  test('refuses to write over its input, or over anything else unless told to', async () => {
    const input = at('refuse.jpg');
    await writeFile(input, await secret());
    await symlink(input, at('link.jpg'));
    for (const same of [input, at('link.jpg')]) {
      await expect(strip(input, same, { overwrite: true })).rejects.toMatchObject({ code: 'usage' });
    }
    await writeFile(at('there.jpg'), 'precious');
    await expect(strip(input, at('there.jpg'))).rejects.toMatchObject({ code: 'exists' });
    expect(await readFile(at('there.jpg'), 'utf8')).toBe('precious');
    await strip(input, at('there.jpg'), { overwrite: true });
    expect((await verify(at('there.jpg'))).clean).toBe(true);
    expect(await readFile(input)).toEqual(await secret());
  });

  test('in place: the file follows its link, and is whole and untouched if anything fails', async () => {
    const file = at('place.jpg');
    await writeFile(file, await secret());
    await symlink(file, at('to-place.jpg'));
    expect((await verify(file)).clean).toBe(false);
    await stripInPlace(at('to-place.jpg'));
    expect((await verify(file)).clean).toBe(true);
    expect((await readFile(file)).includes('Neda')).toBe(false);

    const whole = await secret();
    const damaged = at('damaged.jpg');
    await writeFile(damaged, whole.subarray(0, whole.length / 2));
    await expect(stripInPlace(damaged)).rejects.toMatchObject({ code: 'corrupt' });
    expect(await readFile(damaged)).toEqual(whole.subarray(0, whole.length / 2));

    const stopped = at('stopped.jpg');
    await writeFile(stopped, whole);
    const signal = AbortSignal.abort();
    await expect(stripInPlace(stopped, { signal })).rejects.toMatchObject({ code: 'aborted' });
    expect(await readFile(stopped)).toEqual(whole);
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  test('a MOV film becomes MP4, and stays MOV with sound that MP4 has no place for', async () => {
    const source = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:d=1', '-f', 'lavfi', '-i', 'sine=d=1'];
    const coded = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-metadata', 'title=Neda'];
    await ffmpeg(...source, ...coded, '-c:a', 'aac', at('aac.mov'));
    await ffmpeg(...source, ...coded, '-c:a', 'pcm_s16le', at('pcm.mov'));
    expect(await strippedExtension(at('aac.mov'), await identify(at('aac.mov')))).toBe('.mp4');
    expect(await strippedExtension(at('pcm.mov'), await identify(at('pcm.mov')))).toBe('.mov');
    expect((await strip(at('aac.mov'), at('aac.mp4'))).type.format).toBe('mp4');
    expect((await strip(at('pcm.mov'), at('pcm-out.mov'))).type.format).toBe('mov');
    const before = await readFile(at('aac.mov'));
    await expect(stripInPlace(at('aac.mov'))).rejects.toMatchObject({ code: 'unsupported' });
    expect(await readFile(at('aac.mov'))).toEqual(before);
    await stripInPlace(at('pcm.mov'));
    expect((await verify(at('pcm.mov'))).clean).toBe(true);
  });

  test('a preview says what would go and writes nothing', async () => {
    await writeFile(at('preview.jpg'), await secret());
    const before = await readdir(folder);
    const { findings, removed } = await previewStrip(at('preview.jpg'));
    expect(findings.map(({ betrays }) => betrays)).toContain('who');
    expect(removed.length).toBeGreaterThan(0);
    expect(await readdir(folder)).toEqual(before);
    expect(await readFile(at('preview.jpg'))).toEqual(await secret());
  });
});
