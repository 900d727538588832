import { execFile } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sayeh } from '../support/cli.ts';
import { LAUNCHER_ARGS } from '../support/job-processes.ts';
import { canMountApart } from '../support/mounts.ts';
import { picture } from '../support/pictures.ts';
import { hasUnshare } from '../support/traced.ts';

const PATIENCE = 600_000;
const BIN = '/usr/bin';

/** Programs can be taken away for one process alone where it may mount, and where they are in one place. */
const canHide = hasUnshare && canMountApart && lstatSync('/bin').isSymbolicLink();
const hideNote = canHide ? '' : ' (skipped: unshare -rm is not here or not permitted, or /bin is a folder)';

let folder: string;
let photo: string;
const at = (...names: string[]) => path.join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sayeh-doctor-'));
  photo = at('photo.jpg');
  await picture().jpeg().toFile(photo);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const NETWORK = 'the network';
const PRIVILEGES = 'new privileges';
const LIMITS = 'core dumps and memory beyond its share';

it.skipIf(process.platform !== 'linux' || !hasUnshare)(
  'says what the system takes from the process that reads files',
  async () => {
    const { code, stdout } = await sayeh('doctor', '--json');
    expect(code).toBe(0);
    const found = JSON.parse(stdout).find(({ name }: { name: string }) => name === 'isolation');
    expect(found).toMatchObject({ ok: true, value: expect.not.stringContaining('this system leaves it') });
    expect(found.value).toMatch(
      /^files are read in a process of its own, with at most \d+\.\d GiB of memory; /,
    );
    expect(found.value).toContain(`the system takes from it ${NETWORK}, ${PRIVILEGES}, ${LIMITS}`);
  },
  PATIENCE,
);

describe.skipIf(!canHide)(`what is missing${hideNote}`, () => {
  /** Runs Sayeh where `prepare`, a script, went before; what it mounts is seen there alone. */
  const where = (prepare: string, ...args: string[]): Promise<{ stdout: string; code: number }> =>
    new Promise((resolve) => {
      const script = `set -e; ${prepare}; exec "$@"`;
      const command = ['-rm', 'sh', '-c', script, 'sh', ...LAUNCHER_ARGS, ...args];
      const env = { ...process.env, NO_COLOR: '1' };
      execFile('unshare', command, { env }, (error, stdout) =>
        resolve({ stdout, code: error ? Number(error.code ?? -1) : 0 }),
      );
    });

  /** A script after which these programs are not there. */
  const without = async (...programs: string[]): Promise<string> => {
    const stage = await mkdtemp(at('bin-'));
    const [whole, rest] = [path.join(stage, 'whole'), path.join(stage, 'rest')];
    await Promise.all([mkdir(whole), mkdir(rest)]);
    for (const name of await readdir(BIN))
      if (!programs.includes(name)) await symlink(path.join(whole, name), path.join(rest, name));
    return `mount --bind ${BIN} ${whole}; mount --bind ${rest} ${BIN}`;
  };
  /** One after which they are there and fail. */
  const failing = (...programs: string[]) =>
    programs.map((name) => `mount --bind ${BIN}/false ${BIN}/${name}`).join('; ');

  type Row = [name: string, prepare: () => string | Promise<string>, taken: readonly string[], left: string];
  it.each<Row>([
    [
      'unshare is not here',
      () => without('unshare'),
      [PRIVILEGES, LIMITS],
      `${NETWORK} (unshare is not here)`,
    ],
    [
      'setpriv is not here',
      () => without('setpriv'),
      [NETWORK, LIMITS],
      `${PRIVILEGES} (setpriv is not here)`,
    ],
    [
      'prlimit is not here',
      () => without('prlimit'),
      [NETWORK, PRIVILEGES],
      `${LIMITS} (prlimit is not here)`,
    ],
    [
      'the system allows no network of its own',
      () => 'echo 0 > /proc/sys/user/max_net_namespaces',
      [PRIVILEGES, LIMITS],
      `${NETWORK} (unshare may not do it)`,
    ],
    [
      'two may do nothing',
      () => failing('setpriv', 'prlimit'),
      [NETWORK],
      `${PRIVILEGES} (setpriv may not do it), ${LIMITS} (prlimit may not do it)`,
    ],
    [
      'none is here',
      () => without('unshare', 'setpriv', 'prlimit'),
      [],
      `${NETWORK} (unshare is not here), ${PRIVILEGES} (setpriv is not here), ${LIMITS} (prlimit is not here)`,
    ],
  ])(
    '%s',
    async (_, prepare, taken, left) => {
      const script = await prepare();
      const { code, stdout } = await where(script, 'doctor');
      // Sayeh works there too, with less around it.
      expect(code).toBe(0);
      const [line] = /^ok +isolation: .*$/m.exec(stdout) ?? [''];
      if (taken.length > 0) expect(line).toContain(`; the system takes from it ${taken.join(', ')}; `);
      else expect(line).not.toContain('takes from it');
      expect(line).toMatch(new RegExp(`; this system leaves it ${left.replace(/[()]/g, '\\$&')}$`));
      const stripped = at(`stripped-${taken.length}-${left.length}.jpg`);
      expect(await where(script, 'strip', photo, '-o', stripped)).toMatchObject({ code: 0 });
      expect(await readdir(folder)).toContain(path.basename(stripped));
    },
    PATIENCE,
  );
});
