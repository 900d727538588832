import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (name: string) => JSON.parse(readFileSync(path.join(ROOT, name), 'utf8'));
const made = () => execFileSync(process.execPath, [path.join(ROOT, 'scripts/sbom.js')], { encoding: 'utf8' });

/** What CycloneDX 1.6 requires of the parts that are used here, strictly: nothing else may be there. */
const LICENCES = z.union([
  z
    .array(z.strictObject({ license: z.strictObject({ id: z.string().regex(/^[A-Za-z0-9.+-]+$/) }) }))
    .length(1),
  z.array(z.strictObject({ expression: z.string().min(1) })).length(1),
]);
const HASHES = z.array(
  z.strictObject({
    alg: z.enum(['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']),
    content: z.string().regex(/^([a-f0-9]{40}|[a-f0-9]{64}|[a-f0-9]{96}|[a-f0-9]{128})$/),
  }),
);
const COMPONENT = z.strictObject({
  type: z.enum(['application', 'library', 'machine-learning-model']),
  'bom-ref': z.string().min(1),
  group: z.string().optional(),
  name: z.string().min(1),
  version: z.string().optional(),
  description: z.string().optional(),
  scope: z.enum(['required', 'optional', 'excluded']).optional(),
  hashes: HASHES.min(1).optional(),
  licenses: LICENCES.optional(),
  purl: z.string().startsWith('pkg:npm/').optional(),
  properties: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
});
const BOM = z.strictObject({
  $schema: z.literal('http://cyclonedx.org/schema/bom-1.6.schema.json'),
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.6'),
  version: z.literal(1),
  metadata: z.strictObject({ component: COMPONENT }),
  components: z.array(COMPONENT),
  dependencies: z.array(z.strictObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

it('is a CycloneDX 1.6 document that names every package and network once, the same in every run', () => {
  const text = made();
  expect(made()).toBe(text);
  const bom = BOM.parse(JSON.parse(text));

  const refs = [bom.metadata.component, ...bom.components].map((component) => component['bom-ref']);
  expect(new Set(refs).size).toBe(refs.length);
  for (const { ref, dependsOn } of bom.dependencies) {
    for (const one of [ref, ...dependsOn]) expect(refs).toContain(one);
  }

  const locked = Object.entries(read('package-lock.json').packages as Record<string, { version: string }>)
    .filter(([place]) => place !== '')
    .map(([place, { version }]) => `${place.split('node_modules/').at(-1)} ${version}`);
  const named = bom.components
    .filter(({ type }) => type === 'library')
    .map(({ group, name, version }) => `${group ? `${group}/` : ''}${name} ${version}`);
  expect(named.toSorted()).toEqual([...new Set(locked)].toSorted());
  for (const { hashes, name } of bom.components) expect(hashes, name).toBeDefined();

  const networks = bom.components.filter(({ type }) => type === 'machine-learning-model');
  const manifest = read('models/manifest.json') as Record<string, { sha256: string }>;
  expect(Object.fromEntries(networks.map(({ name, hashes }) => [name, hashes?.[0].content]))).toEqual(
    Object.fromEntries(Object.entries(manifest).map(([name, { sha256 }]) => [name, sha256])),
  );

  // What Sayeh itself asks for is what its own entry depends on.
  const own = bom.dependencies.find(({ ref }) => ref === bom.metadata.component['bom-ref'])?.dependsOn ?? [];
  const { dependencies, devDependencies } = read('package.json');
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    expect(own).toContain(`pkg:npm/${name.replace('@', '%40')}@${version}`);
  }
});
