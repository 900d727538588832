import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, panOver, samplePhoto } from '../support/clips.ts';
import {
  type Ended,
  hasStrace,
  hasUnshare,
  type SystemCall,
  sayehAlone,
  sayehHere,
  sayehTraced,
  straceNote,
  systemCalls,
  traced,
  unshareNote,
} from '../support/traced.ts';

const PATIENCE = 1_200_000;

let folder: string;
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-alone-'));
  await ffmpeg('-i', samplePhoto(2), '-vf', 'scale=480:-2', at('photo.jpg'));
  await ffmpeg(...panOver(2, { width: 320, height: 240, rate: 4 }), '-c:v', 'libx264', at('film.mp4'));
}, PATIENCE);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every use of the command line, its outputs below `out`, which is the same name in every run. */
const steps = (out: string): string[][] => [
  ['protect', 'photo.jpg', 'film.mp4', '-o', `${out}/safe`, '--keep-names', '--threads', '1', '--json'],
  ['strip', 'photo.jpg', 'film.mp4', '-o', `${out}/stripped`, '--keep-names', '--json'],
  ['verify', `${out}/safe/photo.jpg`, `${out}/safe/film.mp4`, '--json'],
  ['inspect', 'photo.jpg', 'film.mp4', '--json'],
  ['plan', 'film.mp4', '-o', `${out}/film.json`],
  ['render', 'film.mp4', '--plan', `${out}/film.json`, '-o', `${out}/again.mp4`, '--threads', '1'],
];

/** What the steps said and wrote, with digests for bytes. */
async function outcome(run: (...args: string[]) => Promise<Ended>): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const args of steps('out')) {
    const { code, stdout, stderr } = await run(...args);
    // Moments differ from run to run; nothing else may.
    found[args[0]] = {
      code,
      stderr,
      stdout: stdout.replaceAll(/"(seconds|took\w*|\w*Ms)":[\d.]+/g, '"$1":0'),
    };
  }
  for (const entry of await readdir(at('out'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    found[path.relative(folder, file)] = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  }
  await rm(at('out'), { recursive: true });
  return found;
}

/** Calls that reach, or are about to reach, another machine or ask for one. */
const abroad = (calls: readonly SystemCall[]) =>
  calls.filter(({ text }) => /AF_INET6?|AF_PACKET|AF_NETLINK|sin6?_addr/.test(text)).map(({ text }) => text);

describe.skipIf(!hasStrace)(`watched from the outside${straceNote}`, () => {
  it(
    'a program that asks for a name is seen to',
    async () => {
      await writeFile(at('asks.mjs'), "import dns from 'node:dns'; dns.lookup('sayeh.invalid', () => {});");
      await traced(folder, at('asks.log'), [at('asks.mjs')]);
      expect(abroad(systemCalls(await readFile(at('asks.log'), 'utf8')))).not.toEqual([]);
    },
    PATIENCE,
  );

  it(
    'protecting a photo and a film opens no socket, starts nothing but itself without powers, and writes nothing but the outputs',
    async () => {
      const [args] = steps('out');
      const { code, stderr, calls } = await sayehTraced(folder, at('protect.log'), ...args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(calls.filter(({ name }) => name === 'openat').length).toBeGreaterThan(100);

      // Not even to this machine's own services: no name is looked up, so nobody is asked for one.
      expect(abroad(calls)).toEqual([]);
      expect(calls.filter(({ name }) => ['connect', 'sendto', 'sendmsg', 'bind'].includes(name))).toEqual([]);
      // Itself twice, the second time to read files; and what takes powers from that process, in the order of its work.
      const started = calls
        .filter(({ name }) => name === 'execve')
        .map(({ text }) => /"([^"]*)"/.exec(text)?.[1]);
      expect(started.filter((program) => program === process.execPath)).toHaveLength(2);
      const powers = /^(\/usr)?\/bin\/(unshare|setpriv|prlimit)$/;
      expect(
        started.filter((program) => program !== process.execPath && !powers.test(program ?? '')),
      ).toEqual([]);

      const written = calls
        .filter(
          ({ name, text }) =>
            /creat|memfd|mkdir/.test(name) || /O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE/.test(text),
        )
        .map(({ text }) => /"([^"]*)"/.exec(text)?.[1] ?? text)
        // Where it says that it may be ended first, and, for who is not root, that it is the same user in there.
        .filter((file) => !/^\/dev\/null$|^\/proc\/self\/(oom_score_adj|setgroups|[ug]id_map)$/.test(file));
      expect(written.length).toBeGreaterThan(2);
      const ours = /^(out|.*\/out)(\/safe(\/\.[0-9a-f]{16}-\d+\.sayeh-partial)?)?$/;
      expect(written.filter((file) => !ours.test(file))).toEqual([]);
      await rm(at('out'), { recursive: true });
    },
    PATIENCE,
  );

  it(
    'the other networks do neither',
    async () => {
      const args = ['protect', 'photo.jpg', '-o', 'out/', '--detector', 'face-api-tiny', '--json'];
      const { code, calls } = await sayehTraced(folder, at('other.log'), ...args);
      expect(code).toBe(0);
      expect(abroad(calls)).toEqual([]);
      await rm(at('out'), { recursive: true });
    },
    PATIENCE,
  );
});

describe.skipIf(!hasUnshare)(`with no network at all${unshareNote}`, () => {
  it(
    'every command does the same, to the byte',
    async () => {
      const alone = await outcome((...args) => sayehAlone(folder, ...args));
      expect(alone).toEqual(await outcome((...args) => sayehHere(folder, ...args)));
      expect(Object.keys(alone)).toEqual(
        expect.arrayContaining([
          'out/safe/photo.jpg',
          'out/safe/film.mp4',
          'out/stripped/film.mp4',
          'out/film.json',
          'out/again.mp4',
        ]),
      );
      for (const [command] of steps('out')) {
        expect(alone[command], command).toMatchObject({ code: 0 });
      }
    },
    PATIENCE,
  );
});
