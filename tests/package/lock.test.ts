import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const text = (name: string) => readFileSync(path.join(ROOT, name), 'utf8');

interface Locked {
  version: string;
  integrity?: string;
  resolved?: string;
  link?: boolean;
  hasInstallScript?: boolean;
}
const own = JSON.parse(text('package.json')) as Record<
  'dependencies' | 'devDependencies' | 'scripts',
  Record<string, string>
>;
const { packages } = JSON.parse(text('package-lock.json')) as { packages: Record<string, Locked> };
const locked = Object.entries(packages).filter(([place]) => place !== '');

const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

it('every version is exact, and every package has the digest of its content', () => {
  const asked = { ...own.dependencies, ...own.devDependencies };
  for (const [name, version] of Object.entries(asked)) {
    expect(version, name).toMatch(EXACT);
    expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
  }
  expect(locked.length).toBeGreaterThan(Object.keys(asked).length);
  for (const [place, { version, integrity, resolved = 'https://', link }] of locked) {
    expect(version, place).toMatch(EXACT);
    expect(integrity, place).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
    // No folder, no repository, no plain HTTP.
    expect(link, place).toBeUndefined();
    expect(resolved, place).toMatch(/^https:\/\/(?!.*\.git\b)/);
  }
});

/** What each would do, and why it is not needed. One that is new here has to be looked at first. */
const SCRIPTS: Record<string, string> = {
  'core-js': 'asks for donations',
  'node-av': 'fetches an FFmpeg executable, which Sayeh does not start',
  'onnxruntime-node': 'fetches GPU libraries, which Sayeh does not load',
  protobufjs: 'compares version names; for development only',
};

it('no package runs code when it is installed, and none needs to', () => {
  expect(text('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  const scripted = locked
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([place]) => place.split('node_modules/').at(-1) as string);
  expect(scripted.toSorted()).toEqual(Object.keys(SCRIPTS).toSorted());
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare', 'prepack']) {
    expect(own.scripts[name], name).toBeUndefined();
  }
  const page = text('docs/dependencies.md');
  for (const name of scripted) expect(page).toContain(name);
});

it('every package that is asked for is in docs/dependencies.md, in its version and with its licence', () => {
  const rows = text('docs/dependencies.md')
    .split('\n')
    .filter((line) => line.startsWith('| '));
  for (const [name, version] of Object.entries({ ...own.dependencies, ...own.devDependencies })) {
    const row = rows.find((line) => line.includes(`${name} ${version}`));
    expect(row, `${name} ${version}`).toBeDefined();
    const { license } = JSON.parse(text(`node_modules/${name}/package.json`)) as { license: string };
    for (const part of license.replaceAll(/[()]/g, '').split(/ (?:OR|AND) /)) {
      expect(row, `${name}: ${license}`).toContain(part.replace(/-or-later$/, ''));
    }
  }
});

it('onnxruntime is loaded in one place, where its reports have been turned off before', () => {
  const session = text('src/node/inference/onnx-session.ts');
  const imports = [...session.matchAll(/^import .*'(.+)';$/gm)].map(([, module]) => module);
  expect(imports.indexOf('./reports-off.ts')).toBe(0);
  expect(imports.indexOf('onnxruntime-node')).toBe(1);
});
